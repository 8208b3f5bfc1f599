ALTER TABLE "account" ALTER COLUMN "note" SET DEFAULT 'none', ALTER COLUMN "email" DROP NOT NULL, ADD CONSTRAINT "note_short" CHECK (length(note) < 100);

