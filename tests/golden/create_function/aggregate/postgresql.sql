CREATE FUNCTION "join_two"(text, text) RETURNS text LANGUAGE sql AS $$ SELECT $1 || $2 $$;

CREATE AGGREGATE "join_all"(text) (SFUNC = join_two, STYPE = text);

