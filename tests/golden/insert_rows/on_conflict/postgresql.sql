INSERT INTO "account" ("id", "email", "balance") VALUES
	(1, 'c@example.org', 5),
	(3, 'd@example.org', 6) ON CONFLICT ("id") DO UPDATE SET "email" = excluded."email", "balance" = excluded."balance";

SELECT setval(pg_get_serial_sequence('"account"', 'id'), max("id")) FROM "account" HAVING max("id") > coalesce(pg_sequence_last_value(pg_get_serial_sequence('"account"', 'id')::regclass), (SELECT seqstart - 1 FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('"account"', 'id')::regclass));

INSERT INTO "account" ("email") VALUES
	('d@example.org') ON CONFLICT DO NOTHING;

