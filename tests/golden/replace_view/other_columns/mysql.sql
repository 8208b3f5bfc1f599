CREATE OR REPLACE VIEW `rich` AS SELECT id, balance AS total FROM account;

