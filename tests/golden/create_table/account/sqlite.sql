CREATE TABLE "team" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_team" PRIMARY KEY AUTOINCREMENT
);

CREATE TABLE "account" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_account" PRIMARY KEY AUTOINCREMENT,
	"email" VARCHAR(320) NOT NULL,
	"team_id" BIGINT,
	"state" TEXT DEFAULT 'new' NOT NULL CONSTRAINT "ck_account_state" CHECK ("state" IN ('new', 'active', 'closed')),
	"balance" NUMERIC(12,2) DEFAULT 0 NOT NULL,
	"created_at" TIMESTAMP DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')) NOT NULL,
	"email_lower" VARCHAR(320) GENERATED ALWAYS AS (lower(email)) STORED,
	CONSTRAINT "uq_account_email" UNIQUE ("email"),
	CONSTRAINT "fk_account_team_id_team" FOREIGN KEY ("team_id") REFERENCES "team" ("id") ON DELETE CASCADE,
	CONSTRAINT "balance_positive" CHECK (balance >= 0)
);

CREATE INDEX "ix_account_team_id" ON "account" ("team_id");

CREATE INDEX "ix_account_state" ON "account" ("state", "created_at" DESC) WHERE state <> 'closed';

-- note: sqlite has no comments: left out
