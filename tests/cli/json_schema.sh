#!/bin/sh
# SPDX-License-Identifier: MIT
# The JSON Schema of schema files takes what the reader takes: every key of every object with every kind of
# value (the unit test writes them), and refuses what the reader refuses.
set -eu
python3 -c 'import jsonschema, yaml' 2>/dev/null || { echo "python3 without jsonschema or yaml: skipped"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RETORT_CORPUS=$work "$RETORT_BUILD/tests/unit_schema_file" >/dev/null 2>&1
python3 - "$RETORT_SOURCE/packaging/schema/schema.schema.json" "$work" <<'PYTHON'
import glob, json, sys
import jsonschema, yaml

validator = jsonschema.Draft7Validator(json.load(open(sys.argv[1])))
plain = lambda text: json.loads(json.dumps(yaml.safe_load(text), default=str))
files = sorted(glob.glob(sys.argv[2] + "/*.yaml"))
failed = len(files) < 100
for name in files:
    for error in validator.iter_errors(plain(open(name).read())):
        print(f"{open(name).read()}: refused: {error.message[:200]}")
        failed = True
for text in [
    "table: {}", "[]", "tables: x", "tables: {t: {}}", "tables: {t: null}",
    "tables: [{columns: {a: integer}}]", "upgrade: []",
    "views: {v: {}}", "views: {v: null}", "triggers: {t: {body: x}}", "domains: {d: {nullable: true}}",
    "column_sets: {s: [a]}", "enums: {e: null}", "tables: {t: {name: t, columns: {a: integer}}}",
]:
    if validator.is_valid(plain(text)):
        print(f"{text}: taken, but the reader refuses it")
        failed = True
sys.exit(failed)
PYTHON
