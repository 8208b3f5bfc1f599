CREATE TABLE "sample" (
	"id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
	"b" bytea,
	"t" timestamptz,
	"j" jsonb,
	"f" boolean,
	CONSTRAINT "pk_sample" PRIMARY KEY ("id")
);

INSERT INTO "sample" ("id", "b", "t", "j", "f") OVERRIDING SYSTEM VALUE VALUES
	(5, '\xdeadbeef', '2026-01-02 02:04:05+00', '{"a": "it''s \\ \n"}', TRUE),
	(6, NULL, now(), NULL, (1 = 1));

SELECT setval(pg_get_serial_sequence('"sample"', 'id'), max("id")) FROM "sample" HAVING max("id") > coalesce(pg_sequence_last_value(pg_get_serial_sequence('"sample"', 'id')::regclass), (SELECT seqstart - 1 FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('"sample"', 'id')::regclass));

UPDATE "sample" SET "b" = '\x01';

