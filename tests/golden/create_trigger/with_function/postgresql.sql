CREATE FUNCTION "touch"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.code := coalesce(NEW.code, 'x; y');
  RETURN NEW;
END
$body$;

CREATE TRIGGER "touch_account" BEFORE UPDATE OF email ON account FOR EACH ROW WHEN (old.email <> new.email) EXECUTE FUNCTION touch();

