CREATE PROCEDURE `wipe`(IN minimum DECIMAL(12,2))
BEGIN
  DELETE FROM account WHERE balance < minimum;
END;

