# write a new revision file
#: The next revision, to be filled by hand:
retort revision -m "add a column for the shelf"
#: A branch of its own, from the base, with a label:
retort revision -m "begin billing" --head base --branch-label billing
