#!/bin/sh
# SPDX-License-Identifier: MIT
# label: abi
# The driver of version 1 in frozen/, built against the headers of then, loads into the host of today and runs a
# history up and down. Neither it nor those headers ever change.
set -u
: "${RETORT_SOURCE:?}" "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_LIBRARY:?}"
frozen=$RETORT_SOURCE/tests/abi/frozen
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
	echo "$*"
	exit 1
}

(cd "$frozen" && sha256sum --quiet -c SHA256SUMS) || fail "what is frozen was changed: put it back as it was"
[ "$(find "$frozen" -type f ! -name SHA256SUMS | wc -l)" = "$(wc -l <"$frozen/SHA256SUMS")" ] ||
	fail "a file in tests/abi/frozen is not in SHA256SUMS"

mkdir "$work/drivers" "$work/versions"
flags=
[ -z "${RETORT_SANITIZE:-}" ] || flags=-fsanitize=$RETORT_SANITIZE
# shellcheck disable=SC2086 # flags are words
"${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror -g $flags -fPIC -shared -Wl,-z,now,-z,defs -I"$frozen/include" \
	-o "$work/drivers/frozen.so" "$frozen/driver.c" "$RETORT_LIBRARY" -lsqlite3 || fail "the frozen driver doesn't build"
nm -D "$work/drivers/frozen.so" | grep ' U retort_' | grep -v '@RETORT_1$' && fail "it uses what is not of RETORT_1"

# Every struct that it hands over has at least the size of then, by the headers of today.
cat >"$work/sizes.c" <<'EOF'
#include <retort/driver.h>
#include <stdio.h>
int main(void)
{
	printf("%zu %zu %zu %zu\n", sizeof(struct retort_driver), sizeof(struct retort_dialect),
		sizeof(struct retort_open_options), sizeof(struct retort_inspect_options));
	return 0;
}
EOF
for age in old new; do
	headers=$RETORT_SOURCE/include
	[ $age = new ] || headers=$frozen/include
	"${CC:-cc}" -I"$headers" -o "$work/$age" "$work/sizes.c" || fail "the headers don't compile"
done
paste -d ' ' - - <<EOF | awk '{ for (i = 1; i <= 4; i++) if ($(i + 4) < $i) exit 1 }' || fail "a struct has shrunk: fields are only ever appended"
$("$work/old")
$("$work/new")
EOF

cat >"$work/retort.ini" <<EOF
[retort]
script_location = $work
url = frozen:///$work/x.db
EOF
cat >"$work/versions/1_one.yaml" <<'EOF'
revision: one
down_revision: null
upgrade:
  - create_table:
      name: team
      columns:
        id: {type: bigint, primary_key: true, autoincrement: true}
        name: {type: string(40), nullable: false, unique: true}
        made_at: {type: timestamp, default: {function: now}}
  - insert_rows: {table: team, columns: [id, name], rows: [[1, "it's red"], [2, blue]]}
  - create_view: {name: names, query: SELECT name FROM team}
EOF
cat >"$work/versions/2_two.yaml" <<'EOF'
revision: two
down_revision: one
upgrade:
  - add_column: {table: team, name: size, type: integer, default: 5}
  - update_rows: {table: team, set: {size: 7}, where: id = 2, reverse: []}
EOF
cd "$work" || exit 1
RETORT_DRIVER_PATH=$work/drivers
export RETORT_DRIVER_PATH
"$RETORT" drivers | grep -q '^frozen' || fail "it isn't loaded: $("$RETORT" drivers -v 2>&1)"
"$RETORT" -q upgrade || fail "no upgrade"
[ "$(sqlite3 x.db 'SELECT id, name, size, made_at IS NOT NULL FROM team' | tr '\n' ' ')" = "1|it's red|5|1 2|blue|7|1 " ] ||
	fail "other rows: $(sqlite3 x.db 'SELECT * FROM team')"
[ "$("$RETORT" current)" = "two (head)" ] || fail "current: $("$RETORT" current)"
"$RETORT" -q inspect >inspected || fail "no inspection"
grep -q 'size' inspected || fail "inspection lost a column: $(cat inspected)"
"$RETORT" -q downgrade base || fail "no downgrade"
[ -z "$(sqlite3 x.db "SELECT name FROM sqlite_schema WHERE name IN ('team', 'names')")" ] || fail "something is left"

: >y.db
for check in connection/opens 'value/*parameter*' 'transaction/[cr]*' bulk/none; do
	"$RETORT" drivers --check "$work/drivers/frozen.so" "frozen:///$work/y.db" "$check" >checked 2>&1 || {
		cat checked
		fail "the conformance suite: $check"
	}
done
