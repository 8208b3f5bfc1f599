DROP FUNCTION `twice`;

