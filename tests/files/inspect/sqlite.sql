-- SPDX-License-Identifier: MIT
-- One of each thing that a database of SQLite may hold and the model knows, under names that need care.
CREATE TABLE "Weird ""Table" (
	"select" INTEGER NOT NULL,
	"two words" VARCHAR(20) DEFAULT 'it''s' NOT NULL,
	"Ünïcode" TEXT COLLATE NOCASE,
	"a.b" TEXT DEFAULT 'x,y',
	CONSTRAINT "The Key" PRIMARY KEY ("two words", "select")
);
CREATE TABLE account (
	id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
	parent_id INTEGER CONSTRAINT account_parent REFERENCES account (id) ON DELETE SET NULL ON UPDATE CASCADE,
	email VARCHAR(320) NOT NULL,
	price NUMERIC(12,2) DEFAULT 0.5 NOT NULL,
	net NUMERIC GENERATED ALWAYS AS (price / 1.2) STORED,
	gross NUMERIC AS (price * 1.2),
	flag BOOLEAN DEFAULT 1 NOT NULL,
	made DATETIME DEFAULT CURRENT_TIMESTAMP,
	odd "some type",
	untyped,
	raw BLOB DEFAULT x'00ff',
	ratio REAL DEFAULT -1.5,
	CONSTRAINT account_email UNIQUE (email),
	CONSTRAINT positive CHECK (price >= 0 AND (email LIKE '%@%' OR ratio IS NULL))
);
CREATE INDEX account_lower ON account ((lower(email)), made DESC) WHERE flag AND parent_id IS NOT NULL;
CREATE UNIQUE INDEX "Account Day" ON account (made) WHERE made > '2020-01-01';
CREATE TABLE item (
	weird_select INTEGER,
	weird_words VARCHAR(20),
	a INTEGER NOT NULL,
	b INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	CONSTRAINT item_key PRIMARY KEY (a, b),
	CONSTRAINT item_account FOREIGN KEY (account_id) REFERENCES account (id),
	CONSTRAINT item_weird FOREIGN KEY (weird_words, weird_select) REFERENCES "Weird ""Table" ("two words", "select") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT item_self FOREIGN KEY (b, a) REFERENCES item (a, b)
) WITHOUT ROWID;
CREATE TABLE exact (id INT NOT NULL PRIMARY KEY, x TEXT, y ANY) STRICT;
CREATE TABLE ring_a (id INTEGER PRIMARY KEY, b INTEGER CONSTRAINT ring_a_b REFERENCES ring_b (id));
CREATE TABLE ring_b (id INTEGER PRIMARY KEY, a INTEGER CONSTRAINT ring_b_a REFERENCES ring_a (id));
CREATE VIEW z_base AS SELECT id, email, price * 2 AS doubled FROM account WHERE flag;
CREATE VIEW a_over AS SELECT id, upper(email) AS "UP per" FROM z_base;
CREATE TRIGGER account_touch AFTER UPDATE OF price ON account WHEN old.price <> new.price
BEGIN
	-- it's "quoted"; and done
	UPDATE account SET made = CURRENT_TIMESTAMP WHERE id = new.id;
	SELECT CASE WHEN new.price < 0 THEN RAISE(ABORT, 'no; never') END;
END;
CREATE TRIGGER over_insert INSTEAD OF INSERT ON z_base BEGIN SELECT 1; END;
