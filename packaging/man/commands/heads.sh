# show the revisions that nothing follows
retort heads
retort heads -v
