ALTER TABLE `car` MODIFY COLUMN `paint` ENUM('red','green','crimson'), ALGORITHM=INSTANT;

UPDATE `car` SET `paint` = CASE `paint` WHEN 'red' THEN 'crimson' ELSE `paint` END;

ALTER TABLE `car` MODIFY COLUMN `paint` ENUM('crimson','green');

-- note: alter column 'paint' of 'car' copies the table 'car': nobody writes to it meanwhile
