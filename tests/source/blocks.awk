# SPDX-License-Identifier: MIT
# Takes the marked blocks (between lines of ```) out of a text: each is written to FOLDER/NNN, its kind to
# FOLDER/NNN.kind. The mark is a line in front of the block: BEGIN, the kind, END. Blocks without a mark are skipped.
#   awk -v folder=FOLDER -v begin='; complete: ' [-v end=' -->'] [-v scdoc=1] -f blocks.awk FILE
# scdoc: backslashes are doubled in the text, as scdoc wants them.
!inside && index($0, begin) == 1 {
	kind = substr($0, length(begin) + 1, length($0) - length(begin) - length(end))
	next
}
/^```/ && inside {
	inside = 0
	kind = ""
	next
}
/^```/ {
	inside = 1
	if (kind == "")
		next
	file = sprintf("%s/%03d", folder, ++count)
	print kind > (file ".kind")
	printf "" > file
	next
}
inside && kind != "" {
	if (scdoc)
		gsub(/\\\\/, "\\")
	print > file
}
