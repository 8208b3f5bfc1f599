ALTER TABLE "account" ADD CONSTRAINT "short" CHECK (length(code) < 5) NOT VALID;

