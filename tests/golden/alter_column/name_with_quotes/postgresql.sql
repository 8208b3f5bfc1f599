ALTER TABLE "order ""of"" things" ALTER COLUMN "größe" SET DEFAULT 1;

