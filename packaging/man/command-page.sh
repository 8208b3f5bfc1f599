#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual of one command, in scdoc's language: what retort.1.scd says of it, and the examples that
# commands/COMMAND.txt holds. There the first line is the summary, the second names the commands to see also,
# "#: " begins a sentence, all else is commands. "Options as of *X*" in retort.1.scd, perhaps with "but *--option*",
# becomes these options.
#   sh packaging/man/command-page.sh COMMAND
set -eu
man=$(dirname "$0")
name=$1
examples=$man/commands/$name.txt
summary=$(sed -n '1s/^# //p' "$examples")
see=$(sed -n '2s/^# see: *//p' "$examples")

# paragraph SECTION COMMAND: that on the command in a section of retort.1.scd, head line first, one tab less.
paragraph() {
	awk -v name="$2" -v section="# $1" '
		/^# / { there = $0 == section }
		/^\*/ { inside = there && index(", " $0, ", *" name "*") > 0 }
		/^#/ { inside = 0 }
		inside { sub(/^\t/, ""); print }' "$man/retort.1.scd"
}
about=$(paragraph COMMANDS "$name")
json=$(paragraph OUTPUT "$name")
[ -n "$about" ] || {
	echo "retort.1.scd says nothing of $name" >&2
	exit 1
}
[ -n "$see" ] || {
	echo "$examples says nothing of what to see also" >&2
	exit 1
}

# description: what comes below the head line, with the options of another command where it says so.
description() {
	other=$(printf '%s\n' "$about" | sed -n 's/.*Options as of \*\([a-z-]*\)\*.*/\1/p')
	but=$(printf '%s\n' "$about" | sed -n 's/.*Options as of \*[a-z-]*\* but \(\*--[a-z-]*\*\).*/\1/p')
	printf '%s\n' "$about" | sed '1d; s/ *Options as of .*//'
	[ -z "$other" ] || paragraph COMMANDS "$other" |
		awk -v but="${but:-none}" '/^\*-/ { on = 1; skip = index($0, but) > 0 } on && !skip { print }' | sed '1i\
'
}

cat <<END
retort-$name(1)

# NAME

retort-$name - $summary

# SYNOPSIS

*retort* [options] $(printf '%s\n' "$about" | sed 1q)

# DESCRIPTION

$(description)

${json:+With *--format json*:

$(printf '%s\n' "$json" | sed 1d)

}Options of every command, how revisions (_REV_) are written, the exit status and the environment are in *retort*(1).

# EXAMPLES

END
awk 'NR <= 2 { next }
	/^#: / { if (open) print "```\n"; open = 0; print substr($0, 4) "\n"; next }
	!open { print "```"; open = 1 }
	{ print }
	END { if (open) print "```\n" }' "$examples"
printf '# SEE ALSO\n\n*retort*(1)'
for page in $see; do
	case $page in
	*.[1-8]) printf ', *%s*(%s)' "${page%.*}" "${page##*.}" ;;
	*) printf ', *retort-%s*(1)' "$page" ;;
	esac
done
echo
