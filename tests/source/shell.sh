#!/bin/sh
# SPDX-License-Identifier: MIT
# All shell scripts pass shellcheck.
set -u
cd "${RETORT_SOURCE:-$(dirname "$0")/../..}" || exit 1
command -v shellcheck >/dev/null || { echo "shellcheck is not there"; exit 77; }
find .ci migrations packaging tests -type f \( -name '*.sh' -o -path '.ci/*' \) -exec shellcheck -s sh -e SC2317,SC2015 {} + || exit 1
if [ -n "$(find tests -name '*.bats')" ]; then
	find tests -name '*.bats' -exec shellcheck -s bats -S warning {} +
fi
