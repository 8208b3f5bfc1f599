CREATE SEQUENCE `order_no`;

