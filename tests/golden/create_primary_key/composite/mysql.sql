ALTER TABLE `line` ADD PRIMARY KEY (`number`, `position`), ALGORITHM=INPLACE;

