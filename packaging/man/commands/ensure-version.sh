# make the version and history tables
retort ensure-version
#: For a server where retort itself may create no tables:
retort ensure-version --sql
