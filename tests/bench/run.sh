#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds with optimisation and prints every benchmark: sh tests/bench/run.sh [start|many|migrations|rows|rebuild|targets|schema|postgresql|mariadb...]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cmake --preset release -S "$root" >/dev/null
cmake --build "$root/build-release" -j "$(nproc)" >/dev/null
RETORT_DRIVER_PATH=$root/build-release/drivers exec python3 "$root/tests/bench/bench.py" "$root/build-release/retort" "$@"
