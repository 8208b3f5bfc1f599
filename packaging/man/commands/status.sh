# tell where every target is
retort upgrade a1
retort status
#: For a program:
retort status --format json
