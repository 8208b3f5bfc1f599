# show the revisions that several follow
retort branches
