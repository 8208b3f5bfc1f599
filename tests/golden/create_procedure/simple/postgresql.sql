CREATE PROCEDURE "wipe"(minimum numeric) LANGUAGE sql AS 'DELETE FROM account WHERE balance < minimum';

