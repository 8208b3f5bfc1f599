ALTER TABLE "line" ADD CONSTRAINT "pk_line" PRIMARY KEY ("number", "position");

