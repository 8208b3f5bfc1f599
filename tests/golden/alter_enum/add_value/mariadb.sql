ALTER TABLE `car` MODIFY COLUMN `paint` ENUM('red','blue','green') DEFAULT 'red';

-- note: alter column 'paint' of 'car' copies the table 'car': nobody writes to it meanwhile
