CREATE TYPE "color" AS ENUM ('red', 'green');

CREATE TABLE "car" (
	"id" bigint NOT NULL,
	"paints" "color"[] NOT NULL,
	CONSTRAINT "pk_car" PRIMARY KEY ("id")
);

