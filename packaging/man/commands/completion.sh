# print the script that completes command lines in a shell
#: Where no package installs it:
retort completion bash >retort.bash
