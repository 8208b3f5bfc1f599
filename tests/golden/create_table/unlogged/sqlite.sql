CREATE TABLE "cache" (
	"key" VARCHAR(80) NOT NULL,
	"state" TEXT CONSTRAINT "ck_cache_state" CHECK ("state" IN ('a', 'b')),
	CONSTRAINT "pk_cache" PRIMARY KEY ("key")
);

