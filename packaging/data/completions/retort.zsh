#compdef retort
# SPDX-License-Identifier: MIT
# What can follow is told by the program: retort completion words.
_retort() {
	local -a found
	local word about
	while IFS=$'\t' read -r word about; do
		if [[ $word == :files ]]; then
			_files
			return
		fi
		found+=("${word//:/\\:}:$about")
	done < <("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)
	_describe -t words retort found
}
if [[ ${funcstack[1]} == _retort ]]; then
	_retort "$@"
else
	compdef _retort retort
fi
