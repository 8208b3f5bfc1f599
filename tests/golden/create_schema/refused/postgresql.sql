CREATE SCHEMA "archive";

