# SPDX-License-Identifier: MIT
"""Types keys into an interactive shell in a pseudo terminal and waits for what it should show.

python3 keys.py SHELL [ARGUMENT...] -- KEYS EXPECTED [KEYS EXPECTED]...

KEYS is text in which \\t is the tab key, \\n the enter key. EXPECTED is a regular expression for what is shown after
them, without control sequences. Where it isn't shown within 20 seconds the exit status is 1, and what was is printed.
"""
import os
import pty
import re
import select
import signal
import sys
import time

PATIENCE = 20


def plain(shown):
	"""What a reader sees of it: backspaces have taken effect, lines end in a newline."""
	text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|[\x00\x07\x0f]", "", shown.decode(errors="replace"))
	while "\x08" in text:
		text = re.sub(r"[^\x08\n]?\x08", "", text, count=1)
	return re.sub(r"\r+\n", "\n", text)


def wait_for(terminal, expected):
	shown = b""
	end = time.monotonic() + PATIENCE
	while not re.search(expected, plain(shown), re.M):
		part = b""
		if select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
			try:
				part = os.read(terminal, 65536)
			except OSError: # the shell has left
				pass
		if not part:
			sys.exit("expected /%s/, but there is:\n%s" % (expected, plain(shown)))
		shown += part


def main():
	at = sys.argv.index("--")
	command, steps = sys.argv[1:at], sys.argv[at + 1:]
	shell, terminal = pty.fork()
	if shell == 0:
		os.environ["TERM"] = "dumb"
		os.execvp(command[0], command)
	wait_for(terminal, "ready> ")
	for keys, expected in zip(steps[::2], steps[1::2]):
		os.write(terminal, keys.encode().decode("unicode_escape").replace("\n", "\r").encode())
		wait_for(terminal, expected)
	os.kill(shell, signal.SIGHUP)


main()
