# show one revision in full
retort show
retort show a1
