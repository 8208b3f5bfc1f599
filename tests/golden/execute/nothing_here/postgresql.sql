ANALYZE note;

