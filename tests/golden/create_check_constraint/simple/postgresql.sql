ALTER TABLE "account" ADD CONSTRAINT "note_short" CHECK (length(note) < 100);

