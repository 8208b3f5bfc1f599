CREATE TABLE "member" (
	"team_id" bigint NOT NULL,
	"account_id" bigint NOT NULL,
	"since" date,
	CONSTRAINT "the_key" PRIMARY KEY ("team_id", "account_id"),
	CONSTRAINT "one_a_day" UNIQUE ("account_id", "since")
);

