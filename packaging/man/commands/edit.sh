# open a revision file in an editor
#: Any editor will do; cat only shows the file:
EDITOR=cat retort edit b2
