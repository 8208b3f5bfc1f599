DROP SCHEMA "archive";

