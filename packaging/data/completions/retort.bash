# bash completion for retort                              -*- shell-script -*-
# SPDX-License-Identifier: MIT
# What can follow is told by the program: retort completion words.
_retort() {
	local line=${COMP_LINE:0:COMP_POINT} words word current prefix
	COMPREPLY=()
	read -ra words <<<"$line"
	[[ $line != *[[:space:]] ]] || words+=("")
	current=${words[-1]}
	# bash cuts words at : and @ too; it wants only what comes after
	prefix=${current%"$2"}
	while IFS=$'\t' read -r word _; do
		if [[ $word == :files ]]; then
			compopt -o default
		elif [[ $word == "$current"* ]]; then
			COMPREPLY+=("${word#"$prefix"}")
		fi
	done < <("$1" completion words -- "${words[@]:1}" 2>/dev/null)
}
complete -F _retort retort
