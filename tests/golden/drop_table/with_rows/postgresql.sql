DROP TABLE "account";

