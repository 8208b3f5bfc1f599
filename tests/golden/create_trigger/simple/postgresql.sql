CREATE TRIGGER "touch" AFTER UPDATE OF email ON account BEGIN
  UPDATE account SET note = 'a; b' WHERE id = new.id;
END;

