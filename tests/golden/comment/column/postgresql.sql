COMMENT ON COLUMN "account"."code" IS 'a ''code''';

