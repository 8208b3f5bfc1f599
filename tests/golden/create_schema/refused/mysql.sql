CREATE SCHEMA `archive`;

