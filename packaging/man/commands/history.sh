# list the revisions, newest first
retort upgrade a1
retort history -i
#: From a1 to the head, in full:
retort history -v -r a1:
