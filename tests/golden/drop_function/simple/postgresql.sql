DROP FUNCTION "twice";

