COMMENT ON TABLE "account" IS 'people';

