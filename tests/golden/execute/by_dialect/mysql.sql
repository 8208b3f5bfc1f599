INSERT INTO note (id, text) VALUES (2, 'it''s; one');

