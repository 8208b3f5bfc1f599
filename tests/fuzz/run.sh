#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes the reader of revision files with clang's libFuzzer: run.sh [SECONDS=60]
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
work=${TMPDIR:-/tmp}/retort-fuzz
mkdir -p "$work/corpus" "$work/seeds"
cp "$source"/migrations/*/versions/*.yaml "$source"/tests/files/bad/*.yaml "$work/seeds"
find "$source/core/base" "$source/core/model" "$source/core/sql" -name '*.c' >"$work/files"
find "$source/core/script" -name '*.c' | grep -E '/(yaml|field|revision|write|schema_json|rows|checksum|head)[^/]*$' \
	>>"$work/files"
# shellcheck disable=SC2046
clang -std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	-I"$source/core" -I"$source/include" "$source/tests/fuzz/script.c" $(cat "$work/files") \
	-o "$work/script" -lyaml -ljansson -lmd -luriparser
cd "$work"
exec ./script -max_total_time="${1:-60}" -max_len=4096 -timeout=5 -dict="$source/tests/fuzz/script.dict" corpus seeds
