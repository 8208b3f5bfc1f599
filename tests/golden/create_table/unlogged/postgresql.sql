CREATE TYPE "cache_state" AS ENUM ('a', 'b');

CREATE UNLOGGED TABLE "cache" (
	"key" varchar(80) NOT NULL,
	"state" "cache_state",
	CONSTRAINT "pk_cache" PRIMARY KEY ("key")
);

