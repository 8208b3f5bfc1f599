# check whether database and files are as they were applied
retort upgrade
retort verify
