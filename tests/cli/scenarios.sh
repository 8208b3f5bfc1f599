#!/bin/sh
# SPDX-License-Identifier: MIT
# Every graph case, through the command line.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 "$RETORT_SOURCE/tests/cli/scenarios.py" "$RETORT" "${RETORT_SCENARIOS:-$RETORT_SOURCE/tests/graph}"/*.json
