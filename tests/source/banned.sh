#!/bin/sh
# SPDX-License-Identifier: MIT
# Functions that nobody here may call, and what only the program may do: print and exit.
set -u
source=${RETORT_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
unsafe='strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok|atoi|atol|atoll|atof|sscanf|scanf|fscanf|mktemp|tmpnam|alloca|strdup|strndup|asprintf|vasprintf'
loud='printf|vprintf|fprintf|vfprintf|dprintf|puts|fputs|putchar|perror|exit|assert|setlocale|signal|sigaction'

# Lines of the files that call one of the functions, without those of comments.
calls() {
	functions=$1
	shift
	grep -rnE --include='*.[ch]' "(^|[^[:alnum:]_>.])($functions)[[:space:]]*\(" "$@" |
		grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)'
}

faults() {
	calls "$unsafe" "$1/core" "$1/drivers" "$1/include" "$1/tests"
	for floor in base model sql script engine; do
		[ ! -d "$1/core/$floor" ] || calls "$loud" "$1/core/$floor"
	done
	calls "$loud" "$1/drivers"
}

sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
mkdir -p "$sample/core/base" "$sample/core/cli" "$sample/drivers/x" "$sample/include" "$sample/tests"
printf 'snprintf(a, 1, "x");\nretort_strdup(a, b);\nx->exit(1);\n' >"$sample/core/base/good.c"
printf 'printf("x");\n' >"$sample/core/cli/good.c"
[ -z "$(faults "$sample")" ] || { echo "a good tree is refused:"; faults "$sample"; exit 1; }
printf 'strcpy(a, b);\n' >"$sample/core/cli/copies.c"
printf 'return atoi (a);\n' >"$sample/drivers/x/reads.c"
printf '\tprintf("x");\n' >"$sample/core/base/prints.c"
printf 'exit(1);\n' >"$sample/drivers/x/exits.c"
found=$(faults "$sample" | wc -l)
[ "$found" -eq 4 ] || { echo "of 4 faults $found are found:"; faults "$sample"; exit 1; }

list=$(faults "$source")
[ -z "$list" ] && exit 0
printf 'banned calls:\n%s\n' "$list"
exit 1
