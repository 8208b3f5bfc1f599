# SPDX-License-Identifier: MIT
# What can follow is told by the program: retort completion words.
function __retort_words
	set -l before (commandline -opc)
	set -l current (commandline -ct)
	set -l found (command retort completion words -- $before[2..-1] "$current" 2>/dev/null)
	if contains -- :files $found
		__fish_complete_path "$current"
	else
		printf '%s\n' $found
	end
end
complete -c retort -f -a '(__retort_words)'
