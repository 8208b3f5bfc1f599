CREATE OR REPLACE VIEW `rich` AS SELECT id, email FROM account;

