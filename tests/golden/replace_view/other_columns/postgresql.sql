DROP VIEW "rich";

CREATE VIEW "rich" AS SELECT id, balance AS total FROM account;

-- note: view 'rich' gets other columns: it is made anew, and rights on it must be granted again
