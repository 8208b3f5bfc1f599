#!/bin/sh
# SPDX-License-Identifier: MIT
# The sqlite driver passes the conformance suite, on a file and in memory.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
# shellcheck disable=SC1091
. "$RETORT_SOURCE/tests/conformance/common"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/x.db"
pass sqlite "sqlite:///$work/x.db" sqlite || exit 1
[ "$(find "$work" -type f | wc -l)" = 1 ] || { echo "files are left:"; ls "$work"; exit 1; }
pass sqlite sqlite:// sqlite-memory
