CREATE TABLE "event" (
	"at" timestamptz NOT NULL,
	"body" jsonb
) PARTITION BY range (at);

