# write a revision from what changed in the schema file
retort upgrade
retort inspect >schema.yaml
cat >>retort.ini <<'END'
schema = schema.yaml
END
cat >>schema.yaml <<'END'
  shelf:
    columns:
      id: {type: integer, primary_key: true}
      room: {type: string(20), nullable: false}
END
#: What the schema file has and the database has not becomes a revision; then it is applied:
retort migrate -m "add shelves"
retort upgrade
