-- SPDX-License-Identifier: MIT
-- One of each thing that a database of PostgreSQL may hold and the model knows, under names that need care.
CREATE SCHEMA "Other Place";
CREATE TYPE mood AS ENUM ('sad', 'o''k', 'very, "happy"', '');
CREATE TYPE "Other Place"."Level" AS ENUM ('low', 'high');
CREATE DOMAIN percent AS numeric(5,2) DEFAULT 0 CHECK (VALUE >= 0 AND VALUE <= 100);
CREATE SEQUENCE counter START 100 INCREMENT 5 MINVALUE 10 MAXVALUE 100000 CACHE 3 CYCLE;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
	NEW.changed := now(); -- it's "quoted"; and done
	RETURN NEW;
END;
$body$;
CREATE FUNCTION twice(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 * $2';
CREATE PROCEDURE nothing(x text) LANGUAGE sql AS 'SELECT x';

CREATE TABLE "Weird ""Table""" (
	"select" integer NOT NULL,
	"two words" character varying(20) DEFAULT 'it''s' NOT NULL,
	"Ünïcode" text COLLATE "C",
	"a.b" mood DEFAULT 'o''k',
	CONSTRAINT "The Key" PRIMARY KEY ("two words", "select")
);
COMMENT ON TABLE "Weird ""Table""" IS 'it''s a "table": with # everything';
COMMENT ON COLUMN "Weird ""Table"""."a.b" IS E'two\nlines';

CREATE TABLE account (
	id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 10) PRIMARY KEY,
	code serial,
	parent_id bigint REFERENCES account(id) ON DELETE SET NULL ON UPDATE CASCADE,
	email character varying(320) NOT NULL,
	kind "Other Place"."Level",
	share percent,
	number integer DEFAULT nextval('counter'),
	price numeric(12,2) DEFAULT 0.50 NOT NULL,
	net numeric(12,2) GENERATED ALWAYS AS (price / 1.2) STORED,
	tags text[] DEFAULT '{}'::text[] NOT NULL,
	data jsonb DEFAULT '{"a": 1}'::jsonb,
	raw bytea,
	token uuid DEFAULT gen_random_uuid(),
	spent interval DEFAULT '1 day'::interval,
	flag boolean DEFAULT true NOT NULL,
	made timestamp with time zone DEFAULT now() NOT NULL,
	changed timestamp(3) without time zone,
	day date DEFAULT CURRENT_DATE,
	small smallint,
	ratio real,
	exact double precision,
	fixed character(3),
	net_address inet,
	validity tstzrange,
	words tsvector,
	CONSTRAINT account_email_key UNIQUE (email),
	CONSTRAINT later UNIQUE (code) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT positive CHECK (price >= 0 AND (email LIKE '%@%' OR kind IS NULL)),
	CONSTRAINT known CHECK (small IN (1, 2, 3))
);
CREATE INDEX account_lower ON account (lower(email), made DESC NULLS LAST) INCLUDE (price) WHERE flag AND parent_id IS NOT NULL;
CREATE UNIQUE INDEX "Account Day" ON account (day) WHERE day > '2020-01-01'::date;
CREATE INDEX account_words ON account USING gin (words);
CREATE INDEX account_data ON account USING gin (data jsonb_path_ops);
CREATE INDEX account_email_pattern ON account (email varchar_pattern_ops);
CREATE TRIGGER account_touch BEFORE UPDATE OF price, email ON account FOR EACH ROW WHEN (old.price IS DISTINCT FROM new.price) EXECUTE FUNCTION touch();

CREATE TABLE "Other Place".item (
	weird_select integer,
	weird_words character varying(20),
	a integer NOT NULL,
	b integer NOT NULL,
	account_id bigint NOT NULL REFERENCES public.account,
	PRIMARY KEY (a, b),
	CONSTRAINT item_weird FOREIGN KEY (weird_words, weird_select) REFERENCES "Weird ""Table""" MATCH FULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT item_self FOREIGN KEY (b, a) REFERENCES "Other Place".item (a, b)
);

CREATE TABLE ring_a (id integer PRIMARY KEY, b integer);
CREATE TABLE ring_b (id integer PRIMARY KEY, c integer);
CREATE TABLE ring_c (id integer PRIMARY KEY, a integer REFERENCES ring_a);
ALTER TABLE ring_a ADD CONSTRAINT ring_a_b FOREIGN KEY (b) REFERENCES ring_b;
ALTER TABLE ring_b ADD CONSTRAINT ring_b_c FOREIGN KEY (c) REFERENCES ring_c;

CREATE TABLE booking (
	room integer NOT NULL,
	span int4range NOT NULL,
	CONSTRAINT booking_overlap EXCLUDE USING gist (span WITH &&) WHERE (room > 0)
);
CREATE UNLOGGED TABLE scratch (x integer);

CREATE VIEW z_base AS SELECT id, email, price * 2 AS doubled FROM account WHERE flag;
CREATE VIEW a_over AS SELECT id, upper(email) AS "UP per" FROM z_base;
CREATE VIEW "Other Place".joined AS SELECT i.a, v."UP per" FROM "Other Place".item i JOIN a_over v ON v.id = i.account_id;
CREATE MATERIALIZED VIEW summary AS SELECT kind, count(*) AS n FROM account GROUP BY kind;

-- What refers to what, against the order of names.
SET check_function_bodies = off;
CREATE FUNCTION is_short(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT length(t) < 5 $$;
CREATE DOMAIN a_short AS text CHECK (is_short(VALUE));
CREATE FUNCTION m_late(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT z_leaf(n) + 1 $$;
CREATE FUNCTION z_leaf(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n * 3 $$;
CREATE FUNCTION counts_down(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT CASE WHEN n > 0 THEN counts_down(n - 1) ELSE 0 END $$;
CREATE FUNCTION ping(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT pong(n - 1) $$;
CREATE FUNCTION pong(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT ping(n - 1) $$;
CREATE FUNCTION atomic(n integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT z_leaf(n); END;
CREATE FUNCTION a_default() RETURNS integer LANGUAGE sql AS $$ SELECT count(*)::integer + m_late(1) FROM numbered $$;
CREATE TABLE numbered (n integer DEFAULT a_default(), tripled integer GENERATED ALWAYS AS (z_leaf(n)) STORED);
CREATE FUNCTION z_step(state integer, n integer) RETURNS integer LANGUAGE sql AS $$ SELECT state + n $$;
CREATE AGGREGATE every_three (integer) (SFUNC = z_step, STYPE = integer, INITCOND = '3', PARALLEL = SAFE);
CREATE VIEW z_tail AS SELECT n FROM numbered;
CREATE VIEW b_calls AS SELECT every_three(n) AS all_of, pong(max(n)) AS p FROM numbered;
CREATE FUNCTION a_rows() RETURNS SETOF z_tail LANGUAGE sql AS $$ SELECT n FROM z_tail $$;
RESET check_function_bodies;
