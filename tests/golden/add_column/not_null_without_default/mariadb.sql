-- equals 0
SELECT count(*) FROM `account`;

ALTER TABLE `account` ADD COLUMN `vat_id` VARCHAR(20) NOT NULL, ALGORITHM=INSTANT;

