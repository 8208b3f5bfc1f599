#!/bin/sh
# SPDX-License-Identifier: MIT
# The revision graphs of real projects, through the command line.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
PYTHONDONTWRITEBYTECODE=1 exec python3 "$RETORT_SOURCE/tests/cli/graphs.py" "$RETORT" "$RETORT_SOURCE"/tests/graph/*.csv
