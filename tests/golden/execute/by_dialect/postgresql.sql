INSERT INTO note (id, text) VALUES (1, 'a;b');

UPDATE note SET text = 'c' WHERE id = 1;

