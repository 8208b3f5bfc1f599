# show the revisions that the database is at
retort upgrade
retort current
#: In a script: stop unless all is applied.
retort current --check-heads
