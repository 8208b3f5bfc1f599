ALTER TABLE `ticket` MODIFY COLUMN `id` INT NOT NULL AUTO_INCREMENT;

-- note: alter column 'id' of 'ticket' copies the table 'ticket': nobody writes to it meanwhile
