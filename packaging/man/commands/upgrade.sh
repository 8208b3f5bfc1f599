# move the database up to a revision
#: One step:
retort upgrade +1
#: See what would run next, then run it:
retort upgrade --dry-run
retort upgrade
#: Another database; a script for somebody else to run:
retort -u sqlite:///copy.db upgrade a1
retort upgrade --sql a1:b2 >upgrade.sql
