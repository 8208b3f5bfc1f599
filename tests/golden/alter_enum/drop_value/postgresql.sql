DROP INDEX "ix_car_red";

ALTER TABLE "car" DROP CONSTRAINT "not_green";

ALTER TYPE "color" RENAME TO "retort_old_color";

CREATE TYPE "color" AS ENUM ('red', 'green');

ALTER TABLE "car" ALTER COLUMN "paint" DROP DEFAULT, ALTER COLUMN "paint" TYPE "color" USING (CASE "paint"::text WHEN 'blue' THEN 'red' ELSE "paint"::text END)::"color", ALTER COLUMN "paint" SET DEFAULT 'red';

DROP TYPE "retort_old_color";

ALTER TABLE "car" ADD CONSTRAINT "not_green" CHECK (paint <> 'green');

CREATE INDEX "ix_car_red" ON "car" ("id") WHERE paint = 'red';

