DROP FUNCTION `twice`;

CREATE FUNCTION `twice`(n integer) RETURNS integer DETERMINISTIC RETURN n + n;

