# SPDX-License-Identifier: MIT
# What the scripts that make packages share: sourced by them, not run.
#
#	root=$(cd "$(dirname "$0")/.." && pwd)
#	. "$root/packaging/common.sh"
#	$version                         that of CMakeLists.txt
#	say TEXT, die TEXT               a headline; an error, which ends the script
#	take_options 'NAME...' FOLDER "$@"
#	                                 sets NAME=yes for each --NAME, and out to the folder that is named, else FOLDER of
#	                                 the source; it is made. Anything else shows the comment at the script's head
#	pack FILE                        the commit at hand as a tarball: the commit's time, no user, modes that don't hang
#	                                 on a umask, no time in gzip's head
# shellcheck shell=sh disable=SC2154

version=$(sed -n 's/^project(retort VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")

say() { printf '==== %s\n' "$*"; }

die() {
	echo "$*" >&2
	exit 1
}

usage() {
	awk 'NR > 2 && !/^#/ { exit } NR > 2 { sub(/^# ?/, ""); print }' "$0" >&2
	exit 2
}

take_options() {
	known=$1 out=$root/$2
	shift 2
	for word in $known; do eval "$word="; done
	for word; do
		case $word in
		-*) case " $known " in *" ${word#--} "*) eval "${word#--}=yes" ;; *) usage ;; esac ;;
		*) out=$word ;;
		esac
	done
	mkdir -p "$out"
	out=$(cd "$out" && pwd)
}

pack() {
	git -C "$root" -c tar.umask=022 -c core.autocrlf=false archive --format=tar --prefix="retort-$version/" HEAD | gzip -9 -n >"$1"
}
