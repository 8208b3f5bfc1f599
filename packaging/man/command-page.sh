#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual of one command, in scdoc's language: what retort.1.scd says of it, and the examples that
# commands/COMMAND.txt holds. There the first line is the summary, "#: " begins a sentence, all else is commands.
#   sh packaging/man/command-page.sh COMMAND
set -eu
man=$(dirname "$0")
name=$1
summary=$(sed -n '1s/^# //p' "$man/commands/$name.txt")

# paragraph SECTION: that on the command in a section of retort.1.scd, head line first, one tab less.
paragraph() {
	awk -v name="$name" -v section="# $1" '
		/^# / { there = $0 == section }
		/^\*/ { inside = there && index(", " $0, ", *" name "*") > 0 }
		/^#/ { inside = 0 }
		inside { sub(/^\t/, ""); print }' "$man/retort.1.scd"
}
about=$(paragraph COMMANDS)
json=$(paragraph OUTPUT)
[ -n "$about" ] || {
	echo "retort.1.scd says nothing of $name" >&2
	exit 1
}
cat <<END
retort-$name(1)

# NAME

retort-$name - $summary

# SYNOPSIS

*retort* $(printf '%s\n' "$about" | sed 1q)

# DESCRIPTION

$(printf '%s\n' "$about" | sed 1d)

${json:+With *--format json*:

$(printf '%s\n' "$json" | sed 1d)

}Options of every command, the exit status and the environment are in *retort*(1).

# EXAMPLES

END
awk 'NR == 1 { next }
	/^#: / { if (open) print "```\n"; open = 0; print substr($0, 4) "\n"; next }
	!open { print "```"; open = 1 }
	{ print }
	END { if (open) print "```\n" }' "$man/commands/$name.txt"
cat <<'END'
# SEE ALSO

*retort*(1), *retort.ini*(5), *retort-migration*(5)
END
