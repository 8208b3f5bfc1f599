DROP VIEW "rich";

CREATE VIEW "rich" AS SELECT id, email FROM account;

