UPDATE `car` SET `paint` = CASE `paint` WHEN 'blue' THEN 'red' ELSE `paint` END;

ALTER TABLE `car` MODIFY COLUMN `paint` ENUM('red','green') DEFAULT 'red';

-- note: alter column 'paint' of 'car' copies the table 'car': nobody writes to it meanwhile
