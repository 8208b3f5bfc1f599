ALTER TYPE "color" ADD VALUE 'blue';

INSERT INTO "car" ("id", "paint") VALUES
	(1, 'blue');

