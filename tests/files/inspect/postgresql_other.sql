-- SPDX-License-Identifier: MIT
-- What the model has no place for, to be put beside what postgresql.sql makes.
COMMENT ON INDEX account_words IS 'for search';
COMMENT ON VIEW a_over IS 'over a view';
CREATE UNIQUE INDEX summary_kind ON summary (kind);
CREATE DOMAIN "Named" AS text CONSTRAINT "its check" CHECK (VALUE <> '');
CREATE TYPE pair AS (a integer, b text);
CREATE RULE no_scratch AS ON DELETE TO scratch DO INSTEAD NOTHING;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON account USING (flag);
CREATE STATISTICS both_sides ON id, parent_id FROM account;
CREATE COLLATION other_c FROM "C";
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
CREATE OPERATOR ### (LEFTARG = integer, RIGHTARG = integer, PROCEDURE = twice);
CREATE TABLE parent (x integer);
CREATE TABLE child () INHERITS (parent);
