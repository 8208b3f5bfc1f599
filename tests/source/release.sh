#!/bin/sh
# SPDX-License-Identifier: MIT
# The quick part of packaging/release.sh: one version everywhere, and a tarball of the same bytes each time.
set -u
source=${RETORT_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
top=$(git -C "$source" rev-parse --show-toplevel 2>/dev/null)
[ "$top" = "$source" ] || { echo "skipped: no git repository"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh "$source/packaging/release.sh" --quick "$work" && (cd "$work" && sha256sum -c SHA256SUMS)
