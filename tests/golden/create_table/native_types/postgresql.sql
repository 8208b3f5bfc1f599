CREATE TABLE "sample" (
	"a" inet,
	"b" int4range DEFAULT (int4range(1, 2)),
	"c" varchar(20)[] DEFAULT (ARRAY['x']::varchar[]),
	"d" interval DEFAULT '1 day',
	"e" integer[][],
	"f" timetz(3),
	"g" json,
	"h" timestamp(3) DEFAULT (now() AT TIME ZONE 'utc'),
	"i" time(0) DEFAULT (now() AT TIME ZONE 'utc')::time,
	"j" bytea DEFAULT '\x00ff',
	"k" varchar(20) COLLATE "C",
	"l" timestamptz(0) DEFAULT '2026-01-02 03:04:05+00',
	"m" date DEFAULT '2026-01-02',
	"n" uuid DEFAULT '00000000-0000-4000-8000-0123456789ab',
	"o" double precision DEFAULT 1e100,
	"p" bigint DEFAULT -9223372036854775808,
	"q" varchar(40) DEFAULT gen_random_uuid()::text,
	"r" boolean DEFAULT FALSE,
	"s" jsonb DEFAULT '[1, 2]',
	"t" char(5) DEFAULT 'a b'
);

