ALTER TABLE "booking" ADD CONSTRAINT "no_overlap" EXCLUDE USING gist ("during" WITH &&) WHERE (not gone);

