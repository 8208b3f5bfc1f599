INSERT INTO "account" ("id", "email", "balance", "note") VALUES
	(1, 'a@example.org', 12.50, 'it''s'),
	(2, 'b@example.org', 0, NULL);

SELECT setval(pg_get_serial_sequence('"account"', 'id'), max("id")) FROM "account" HAVING max("id") > coalesce(pg_sequence_last_value(pg_get_serial_sequence('"account"', 'id')::regclass), (SELECT seqstart - 1 FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('"account"', 'id')::regclass));

