SET check_function_bodies = off;

CREATE FUNCTION "counts_down"(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT counts_down(n - 1) $$;

RESET check_function_bodies;

