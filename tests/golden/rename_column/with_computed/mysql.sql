ALTER TABLE `invoice` DROP INDEX `ix_invoice_tax`, ADD INDEX `ix_invoice_tax` (`tax`), DROP COLUMN `tax`, ADD COLUMN `tax` DECIMAL(12,2) GENERATED ALWAYS AS (amount * 0.2) STORED AFTER `amount`, RENAME COLUMN `net` TO `amount`;

-- note: rename column 'net' of 'invoice' to 'amount' copies the table 'invoice': nobody writes to it meanwhile
