CREATE MATERIALIZED VIEW "rich" AS SELECT id, balance FROM account WHERE balance > 10;

