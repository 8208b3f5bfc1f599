DROP VIEW "rich";

