CREATE TYPE "sample_t" AS ENUM ('new', 'old one');

CREATE TABLE "sample" (
	"a" boolean DEFAULT TRUE,
	"b" smallint DEFAULT -3,
	"c" integer,
	"d" bigint NOT NULL,
	"e" real,
	"f" double precision DEFAULT 1.5,
	"g" numeric(12,2) DEFAULT 0,
	"h" varchar(20) DEFAULT 'it''s',
	"i" char(3),
	"j" text,
	"k" date DEFAULT (now() AT TIME ZONE 'utc')::date,
	"l" time,
	"m" timestamp,
	"n" timestamptz DEFAULT now(),
	"o" bytea,
	"p" bytea,
	"q" bytea,
	"r" jsonb,
	"s" uuid DEFAULT gen_random_uuid(),
	"t" "sample_t" DEFAULT 'new' NOT NULL,
	"u" integer CONSTRAINT "ck_sample_u" CHECK ("u" >= 0),
	"v" bigint CONSTRAINT "ck_sample_v" CHECK ("v" >= 0),
	"w" numeric(20,0) CONSTRAINT "ck_sample_w" CHECK ("w" >= 0),
	CONSTRAINT "pk_sample" PRIMARY KEY ("d")
);

-- note: postgresql has no length for bytes: that of binary and varbinary is left out
