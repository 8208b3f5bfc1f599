CREATE VIEW `rich` AS SELECT id, email FROM account WHERE balance > 1000;

