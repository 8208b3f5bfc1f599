SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('account') WHERE name COLLATE NOCASE NOT IN ('id', 'email', 'state', 'balance', 'code', 'flag', 'data', 'double')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'account' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_account_double', 'ix_account_open')
) THEN '$' ELSE 'retort: cannot rebuild table ''account'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_account" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_account" PRIMARY KEY AUTOINCREMENT,
	"email" VARCHAR(320) NOT NULL,
	"state" TEXT DEFAULT 'new' NOT NULL CONSTRAINT "ck_account_state_type" CHECK ("state" IN ('new', 'active', 'closed', 'gone')),
	"balance" NUMERIC(12,2) DEFAULT 0 NOT NULL,
	"code" VARCHAR(10),
	"flag" BOOLEAN DEFAULT 1,
	"data" TEXT DEFAULT '{}' CONSTRAINT "ck_account_data" CHECK (json_valid("data")),
	"double" NUMERIC(12,2) GENERATED ALWAYS AS (balance * 2) STORED,
	CONSTRAINT "uq_account_email" UNIQUE ("email"),
	CONSTRAINT "ck_account_state" CHECK (state <> 'closed' OR email <> '')
);

INSERT INTO "_retort_new_account" ("id", "email", "state", "balance", "code", "flag", "data")
SELECT "id", "email", "state", "balance", "code", "flag", "data"
FROM "account" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "account") THEN '$' ELSE 'retort: cannot rebuild table ''account'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

DELETE FROM sqlite_sequence WHERE name = '_retort_new_account';

INSERT INTO sqlite_sequence (name, seq) SELECT '_retort_new_account', seq FROM sqlite_sequence WHERE name = 'account' COLLATE NOCASE;

PRAGMA legacy_alter_table = ON;

DROP TABLE "account";

ALTER TABLE "_retort_new_account" RENAME TO "account";

PRAGMA legacy_alter_table = OFF;

CREATE INDEX "ix_account_double" ON "account" ("double");

CREATE INDEX "ix_account_open" ON "account" ("email") WHERE state <> 'closed';

