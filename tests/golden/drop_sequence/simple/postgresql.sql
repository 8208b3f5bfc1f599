DROP SEQUENCE "order_no";

