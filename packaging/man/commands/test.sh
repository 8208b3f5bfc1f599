# walk every revision up, down and up on scratch databases
#: On SQLite, in memory:
retort test
