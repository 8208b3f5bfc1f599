CREATE TYPE "color" AS ENUM ('red', 'green');

CREATE TABLE "car" (
	"id" bigint NOT NULL,
	"paint" "color" DEFAULT 'red',
	CONSTRAINT "pk_car" PRIMARY KEY ("id")
);

