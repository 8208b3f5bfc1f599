# draw the revision graph
retort graph
#: A picture for a page:
retort graph --as svg >graph.svg
