# take over a database that another tool has run so far
#: Where nothing is there to take over it says so:
retort upgrade a1
retort adopt
