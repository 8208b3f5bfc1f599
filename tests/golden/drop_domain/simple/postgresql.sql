DROP DOMAIN "vat";

