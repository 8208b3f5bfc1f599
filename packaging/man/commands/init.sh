# start a project
#: A project in the folder db, beside the program that needs it:
retort init db
#: After an update of retort, newer JSON Schemas for the editor:
retort init --refresh db
