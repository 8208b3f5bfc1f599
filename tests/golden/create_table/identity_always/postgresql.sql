CREATE TABLE "ticket" (
	"id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
	"body" text,
	CONSTRAINT "pk_ticket" PRIMARY KEY ("id")
);

