# SPDX-License-Identifier: MIT
# What mysql_inspect_test.sh and mariadb_inspect_test.sh do with their server: see inspect.sh.
# shellcheck shell=sh disable=SC2154,SC2034

url() {
	mariadb_query "$ENGINE_DIR" "$engine" "$1"
}
at() {
	name=$1
	shift
	"$(mariadb_program mariadb)" --no-defaults --default-character-set=utf8mb4 --socket="$ENGINE_DIR/sock" -u retort --comments -N -B "$@" "$name"
}
fresh() {
	mariadb_admin "$ENGINE_DIR" "DROP DATABASE IF EXISTS \`$1\`; CREATE DATABASE \`$1\` CHARACTER SET utf8mb4"
}
# What may differ: the next value of a counter, which belongs to the rows; the order of keys and constraints,
# which has no meaning; the modes and character sets of whoever made a trigger or routine; how the head of a
# trigger and the parameters of a routine were spelled, the character set in front of a view's string, neither of
# which information_schema tells; whose rights a view asks for, which is told by name.
dump() {
	"$(mariadb_program mariadb-dump)" --no-defaults --default-character-set=utf8mb4 --socket="$ENGINE_DIR/sock" -u retort \
		--no-data --skip-comments --routines --triggers --ignore-table="$1.retort_version" \
		--ignore-table="$1.retort_history" --ignore-table="$1.retort_lock" "$1" >"$1.dumped" || fault "cannot dump $1"
	sed -E '/^$/d; /^SET [a-z@]/d; /^\/\*![0-9]* SET /d; s/ AUTO_INCREMENT=[0-9]*//
		/^\/\*!50013 DEFINER/ s/INVOKER/DEFINER/
		/^\/\*!50001 VIEW/ s/_utf8(mb[34])?('\''[^'\'']*'\'')/\2/g' "$1.dumped" | awk '
		# The parameters of a routine up to the parenthesis that ends them.
		/^CREATE DEFINER.* (FUNCTION|PROCEDURE) / {
			while (gsub(/\(/, "(") > gsub(/\)/, ")") && (getline line) > 0)
				$0 = $0 line
			match($0, /`\(.*\)/)
			parameters = tolower(substr($0, RSTART, RLENGTH))
			gsub(/int\([0-9]+\)/, "int", parameters)
			gsub(/[ \t]*,[ \t]*/, ", ", parameters)
			gsub(/`\([ \t]*(in )?/, "`(", parameters)
			gsub(/[ \t]*\)$/, ")", parameters)
			gsub(/, in /, ", ", parameters)
			$0 = substr($0, 1, RSTART - 1) parameters substr($0, RSTART + RLENGTH)
		}
		/^\/\*!50003 CREATE\*\/.* TRIGGER / && match($0, / ON `?[a-z_]+`? FOR EACH ROW ?/) {
			table = substr($0, RSTART, RLENGTH)
			gsub(/`/, "", table)
			sub(/ $/, "", table)
			rest = substr($0, RSTART + RLENGTH)
			$0 = substr($0, 1, RSTART - 1) table (rest == "" ? "" : "\n" rest)
		}
		/^  ([A-Z]+ )?KEY / || /^  CONSTRAINT / { sub(/,$/, ""); keys[++count] = $0; next }
		{
			for (i = 2; i <= count; i++)
				for (j = i; j > 1 && keys[j] < keys[j - 1]; j--) {
					kept = keys[j]; keys[j] = keys[j - 1]; keys[j - 1] = kept
				}
			for (i = 1; i <= count; i++)
				print keys[i]
			count = 0
			print
		}'
}

statements() {
	mariadb_admin "$ENGINE_DIR" "SHOW GLOBAL STATUS LIKE 'Questions'" | cut -f 2
}

inspect_on() {
	engine=$1 dialect=$2
	[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
	engine_start "$engine"
	# shellcheck disable=SC1091
	. "$engines_home/inspect.sh"
	cd "$ENGINE_DIR" || exit 1
	echo '[retort]' >retort.ini
	fresh nasty
	at nasty <"$RETORT_SOURCE/tests/files/inspect/mysql.sql" || fault 'cannot load nasty'
	round_trip nasty
	warned nasty mysql.said
	constant_queries
	if corpus chinook chinook/Chinook_MySql_AutoIncrementPKs.sql; then
		round_trip chinook
	fi
	if corpus sakila sakila/mysql-sakila-schema.sql; then
		round_trip sakila
		grep -q "view 'actor_info' has SQL SECURITY INVOKER" sakila.said || fault 'not told whose rights a view asks for'
		undone sakila
	fi
	exit "$inspect_failed"
}
