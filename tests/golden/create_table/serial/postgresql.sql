CREATE TABLE "ticket" (
	"id" serial NOT NULL,
	"big" bigserial,
	"body" text,
	CONSTRAINT "pk_ticket" PRIMARY KEY ("id")
);

