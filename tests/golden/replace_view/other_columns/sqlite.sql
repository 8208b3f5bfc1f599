DROP VIEW "rich";

CREATE VIEW "rich" AS SELECT id, balance AS total FROM account;

