# move the database down to a revision
retort upgrade
#: The last revision, then everything:
retort downgrade
retort downgrade base
#: The script of the way back:
retort downgrade --sql b2:a1
