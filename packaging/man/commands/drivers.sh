# list the installed drivers, or check one
retort drivers
retort drivers -v
