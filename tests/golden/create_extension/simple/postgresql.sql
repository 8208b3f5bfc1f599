CREATE EXTENSION "pgcrypto";

