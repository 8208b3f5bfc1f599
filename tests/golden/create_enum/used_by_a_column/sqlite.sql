CREATE TABLE "car" (
	"id" BIGINT NOT NULL,
	"paint" TEXT DEFAULT 'red' CONSTRAINT "ck_car_paint" CHECK ("paint" IN ('red', 'green')),
	CONSTRAINT "pk_car" PRIMARY KEY ("id")
);

