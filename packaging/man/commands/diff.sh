# show the operations or SQL that turn one schema into another
retort upgrade
#: From the database to what replay of the files says:
retort diff db history
#: As SQL, from one revision to another, with no database:
retort diff history@a1 history@b2 --as sql
