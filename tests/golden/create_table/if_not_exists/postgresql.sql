CREATE TABLE IF NOT EXISTS "note" (
	"id" bigint NOT NULL,
	"body" text,
	CONSTRAINT "pk_note" PRIMARY KEY ("id")
);

CREATE INDEX IF NOT EXISTS "ix_note_body" ON "note" ("body");

