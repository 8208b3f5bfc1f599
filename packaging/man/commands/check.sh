# check whether the schema file holds anything new
retort upgrade
retort inspect >schema.yaml
echo 'schema = schema.yaml' >>retort.ini
#: In CI: stop where somebody changed the schema file and wrote no revision.
retort check
#: The same with no database at all:
retort check --from history
