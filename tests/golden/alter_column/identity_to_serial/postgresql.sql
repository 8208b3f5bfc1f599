ALTER TABLE "account" ALTER COLUMN "id" DROP IDENTITY;

CREATE SEQUENCE "account_id_seq" AS bigint OWNED BY "account"."id";

ALTER TABLE "account" ALTER COLUMN "id" SET DEFAULT nextval('"account_id_seq"');

SELECT setval(pg_get_serial_sequence('"account"', 'id'), max("id")) FROM "account" HAVING max("id") > coalesce(pg_sequence_last_value(pg_get_serial_sequence('"account"', 'id')::regclass), (SELECT seqstart - 1 FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('"account"', 'id')::regclass));

