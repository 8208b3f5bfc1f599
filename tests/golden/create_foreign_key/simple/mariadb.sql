ALTER TABLE `street` ADD CONSTRAINT `fk_street_city_id_city` FOREIGN KEY (`city_id`) REFERENCES `city` (`id`) ON DELETE RESTRICT, ADD INDEX `fk_street_city_id_city` (`city_id`);

-- note: create foreign key 'fk_street_city_id_city' on 'street' copies the table 'street': nobody writes to it meanwhile
