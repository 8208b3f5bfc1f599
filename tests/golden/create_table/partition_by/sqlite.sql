CREATE TABLE "event" (
	"at" TIMESTAMP NOT NULL,
	"body" TEXT CONSTRAINT "ck_event_body" CHECK (json_valid("body"))
);

