#!/bin/sh
# SPDX-License-Identifier: MIT
# A manual page from standard input, in scdoc's language, as troff on standard output. Words are not hyphenated: a
# name that is cut at the end of a line can be neither searched for nor copied. On paper, examples are in a font of
# equal widths.
#   sh packaging/man/page.sh [SCDOC] <PAGE.scd >PAGE
set -eu
text=$("${1:-scdoc}")
printf '%s\n' "$text" | awk '
	$0 == ".nf" { print ".EX"; next }
	$0 == ".fi" { print ".EE\n.nh"; next }
	{ print }
	/^\.TH / { print ".nh" }'
