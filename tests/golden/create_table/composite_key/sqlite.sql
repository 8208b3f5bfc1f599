CREATE TABLE "member" (
	"team_id" BIGINT NOT NULL,
	"account_id" BIGINT NOT NULL,
	"since" DATE,
	CONSTRAINT "the_key" PRIMARY KEY ("team_id", "account_id"),
	CONSTRAINT "one_a_day" UNIQUE ("account_id", "since")
);

