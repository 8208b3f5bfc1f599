# write what a database holds as a schema file, SQL or a picture
retort upgrade
retort inspect >schema.yaml
retort inspect --as html >schema.html
#: What the files lead to, with no database:
retort inspect history@a1 --as sql
