COMMENT ON COLUMN "account"."note" IS 'what we know';

