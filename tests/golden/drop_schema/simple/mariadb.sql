DROP SCHEMA `archive`;

