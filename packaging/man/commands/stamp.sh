# set what the database is at, running nothing
#: The tables are there already, made by hand:
retort stamp a1
#: Nothing is applied any more, whatever the table holds:
retort stamp --purge base
