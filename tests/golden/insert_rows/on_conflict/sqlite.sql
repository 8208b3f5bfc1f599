INSERT INTO "account" ("id", "email", "balance") VALUES
	(1, 'c@example.org', 5),
	(3, 'd@example.org', 6) ON CONFLICT ("id") DO UPDATE SET "email" = excluded."email", "balance" = excluded."balance";

INSERT INTO "account" ("email") VALUES
	('d@example.org') ON CONFLICT DO NOTHING;

