#!/bin/sh
# SPDX-License-Identifier: MIT
# The files for hosted continuous integration can be read, do what .ci/run does with both compilers, and name scripts and
# options that exist.
set -u
cd "${RETORT_SOURCE:-$(dirname "$0")/../..}" || exit 1
python3 -c 'import yaml' 2>/dev/null || { echo "skipped: python3 without yaml"; exit 77; }
python3 - <<'PYTHON'
import os, re, sys, yaml

faults = []
github = yaml.safe_load(open(".github/workflows/ci.yml"))
gitlab = yaml.safe_load(open(".gitlab-ci.yml"))
commands = {"ci.yml": [], ".gitlab-ci.yml": []}
for job in github["jobs"].values():
	commands["ci.yml"] += [step["run"] for step in job["steps"] if "run" in step]
	if any("uses" in step and not re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in job["steps"]):
		faults.append("ci.yml: an action without a version")
for job in gitlab.values():
	if isinstance(job, dict):
		commands[".gitlab-ci.yml"] += job["script"]
if True not in github or not github["permissions"]: # `on` is a boolean in YAML 1.1
	faults.append("ci.yml: no event, or no permissions")
if sorted(github["jobs"]["tests"]["strategy"]["matrix"]["compiler"]) != ["clang", "gcc"] or \
		sorted(gitlab["tests"]["parallel"]["matrix"][0]["COMPILER"]) != ["clang", "gcc"]:
	faults.append("the matrix has not both compilers")
if "COMPILER" not in github["jobs"]["tests"]["env"] or "COMPILER" not in open("tests/run.sh").read():
	faults.append("the compiler goes nowhere")
for name, lines in commands.items():
	if "sh .ci/run" not in lines:
		faults.append("%s does not run .ci/run" % name)
	for script, options in re.findall(r"sh ((?:packaging|tests|\.ci)/\S+)((?: --[a-z]+)*)", "\n".join(lines)):
		if not os.path.isfile(script):
			faults.append("%s: there is no %s" % (name, script))
			continue
		for option in options.split():
			if "[%s]" % option not in open(script).read():
				faults.append("%s: %s has no option %s" % (name, script, option))
print("\n".join(faults), end="\n" if faults else "")
sys.exit(bool(faults))
PYTHON
