-- SPDX-License-Identifier: MIT
-- One of each thing that a database of MySQL or MariaDB may hold and the model knows, under names that need care.
SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
CREATE TABLE `Weird ``Table` (
	`select` int NOT NULL,
	`two words` varchar(20) NOT NULL DEFAULT 'it''s',
	`Ünïcode` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`a.b` enum('sad', 'o''k', 'very, "happy"', '') DEFAULT 'o''k' COMMENT 'two\nlines',
	`set` set('a', 'b c') DEFAULT 'a',
	PRIMARY KEY (`two words`, `select`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='it''s a "table": with # everything';

CREATE TABLE account (
	id int unsigned NOT NULL AUTO_INCREMENT,
	parent_id int unsigned,
	email varchar(320) NOT NULL,
	price decimal(12,2) NOT NULL DEFAULT 0.50,
	net decimal(12,2) GENERATED ALWAYS AS (price / 1.2) STORED,
	gross decimal(12,2) GENERATED ALWAYS AS (price * 1.2) VIRTUAL,
	flag tinyint(1) NOT NULL DEFAULT 1,
	tiny tinyint unsigned,
	small smallint DEFAULT -5,
	medium mediumint,
	ratio float,
	exact double DEFAULT 1.5,
	bits bit(6) DEFAULT b'101',
	fixed char(3) CHARACTER SET ascii COLLATE ascii_bin,
	made timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
	changed datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
	day date DEFAULT '2020-02-29',
	clock time(2),
	born year,
	note text,
	small_note tinytext,
	raw blob,
	hash binary(16),
	bytes varbinary(40) DEFAULT 'x',
	data json,
	PRIMARY KEY (id),
	UNIQUE KEY account_email (email(100)),
	KEY `by note` (note(20), made DESC),
	KEY parent (parent_id),
	FULLTEXT KEY words (note),
	CONSTRAINT account_parent FOREIGN KEY (parent_id) REFERENCES account (id) ON DELETE SET NULL ON UPDATE CASCADE,
	CONSTRAINT positive CHECK (price >= 0 AND (email LIKE '%@%' OR tiny IS NULL)),
	CONSTRAINT known CHECK (small IN (1, 2, 3))
) ENGINE=InnoDB AUTO_INCREMENT=1000 DEFAULT CHARSET=utf8mb4;

CREATE TABLE item (
	weird_select int,
	weird_words varchar(20),
	a int NOT NULL,
	b int NOT NULL COMMENT 'second',
	account_id int unsigned NOT NULL,
	place point NOT NULL,
	PRIMARY KEY (a, b),
	KEY other_way (b, a),
	KEY account (account_id),
	KEY weird (weird_words, weird_select),
	SPATIAL KEY near (place),
	CONSTRAINT item_account FOREIGN KEY (account_id) REFERENCES account (id),
	CONSTRAINT item_weird FOREIGN KEY (weird_words, weird_select) REFERENCES `Weird ``Table` (`two words`, `select`) ON DELETE CASCADE,
	CONSTRAINT item_self FOREIGN KEY (b, a) REFERENCES item (a, b)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE ring_a (id int PRIMARY KEY, b int) DEFAULT CHARSET=utf8mb4;
CREATE TABLE ring_b (id int PRIMARY KEY, c int) DEFAULT CHARSET=utf8mb4;
CREATE TABLE ring_c (id int PRIMARY KEY, a int, CONSTRAINT ring_c_a FOREIGN KEY (a) REFERENCES ring_a (id)) DEFAULT CHARSET=utf8mb4;
ALTER TABLE ring_a ADD CONSTRAINT ring_a_b FOREIGN KEY (b) REFERENCES ring_b (id);
ALTER TABLE ring_b ADD CONSTRAINT ring_b_c FOREIGN KEY (c) REFERENCES ring_c (id);
CREATE TABLE old (x int, y varchar(10)) ENGINE=MyISAM DEFAULT CHARSET=latin1 ROW_FORMAT=DYNAMIC;

CREATE TABLE counted (
	id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
	up bigint unsigned,
	free bigint unsigned,
	active tinyint(1) NOT NULL DEFAULT 1,
	n int,
	CONSTRAINT counted_up FOREIGN KEY (up) REFERENCES counted (id),
	CONSTRAINT counted_on CHECK (active = 1 OR n > 0),
	CONSTRAINT counted_n CHECK (active + n > 0)
) DEFAULT CHARSET=utf8mb4;
CREATE VIEW counted_active AS SELECT id FROM counted c WHERE c.active = 1;
CREATE VIEW counted_truth AS SELECT id, active FROM counted WHERE active;
CREATE VIEW counted_sum AS SELECT sum(active) AS s FROM counted;
CREATE VIEW after_sum AS SELECT s FROM counted_sum;

CREATE VIEW z_base AS SELECT id, email, price * 2 AS doubled FROM account WHERE price > 0;
CREATE VIEW a_over AS SELECT id, upper(email) AS `UP per` FROM z_base;
CREATE VIEW joined AS SELECT i.a, v.`UP per` FROM item i JOIN a_over v ON v.id = i.account_id;

DELIMITER ;;
CREATE TRIGGER `account_touch` BEFORE UPDATE ON account FOR EACH ROW
BEGIN
	-- it's `quoted`; and done
	IF NEW.price <> OLD.price THEN
		SET NEW.changed = CURRENT_TIMESTAMP(3);
	END IF;
END;;
CREATE TRIGGER `item_first` BEFORE INSERT ON item FOR EACH ROW
SET NEW.a = NEW.a + 0;;
CREATE FUNCTION twice(a varchar(10)) RETURNS varchar(20) CHARSET utf8mb4 DETERMINISTIC NO SQL
	RETURN concat(a, a);;
CREATE PROCEDURE nothing(x varchar(10), OUT y decimal(4,2))
BEGIN
	SELECT length(x) INTO y;
END;;
DELIMITER ;
