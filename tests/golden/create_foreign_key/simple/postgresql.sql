ALTER TABLE "street" ADD CONSTRAINT "fk_street_city_id_city" FOREIGN KEY ("city_id") REFERENCES "city" ("id") ON DELETE RESTRICT;

