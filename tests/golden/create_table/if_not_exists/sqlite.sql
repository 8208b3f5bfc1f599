CREATE TABLE IF NOT EXISTS "note" (
	"id" BIGINT NOT NULL,
	"body" TEXT,
	CONSTRAINT "pk_note" PRIMARY KEY ("id")
);

CREATE INDEX IF NOT EXISTS "ix_note_body" ON "note" ("body");

