DROP EXTENSION "pgcrypto";

