/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sql/splitter.h"

enum {
	POSTGRESQL = RETORT_SYNTAX_DOLLAR | RETORT_SYNTAX_NESTED_COMMENT,
	MYSQL = RETORT_SYNTAX_BACKSLASH | RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_HASH_COMMENT |
		RETORT_SYNTAX_DOUBLE_STRING | RETORT_SYNTAX_DELIMITER,
	SQLITE = RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_BRACKET
};

struct fixture {
	struct retort_arena *arena;
	struct retort_error *err;
	struct piece *pieces;
	size_t count;
};

static int setup(void **state)
{
	static struct fixture fixture;

	fixture.arena = retort_arena_new();
	fixture.err = retort_error_new();
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	retort_arena_free(fixture->arena);
	retort_error_free(fixture->err);
	return 0;
}

/* Splits text into exactly these statements. */
static void expect(struct fixture *fixture, unsigned syntax, const char *text, const char *const *wanted,
	size_t n)
{
	assert_int_equal(split_sql(fixture->arena, syntax, text, &fixture->pieces, &fixture->count,
				 fixture->err),
		0);
	for (size_t i = 0; i < n && i < fixture->count; i++) {
		assert_string_equal(fixture->pieces[i].sql, wanted[i]);
		assert_memory_equal(text + fixture->pieces[i].offset, wanted[i], strlen(wanted[i]));
	}
	assert_int_equal(fixture->count, n);
}

#define EXPECT(syntax, text, ...)                                                                            \
	expect(*state, syntax, text, (const char *const[]){__VA_ARGS__},                                     \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void expect_fault(struct fixture *fixture, unsigned syntax, const char *text, unsigned line,
	unsigned column, const char *message)
{
	const struct retort_problem *problem;

	retort_error_clear(fixture->err);
	assert_int_equal(split_sql(fixture->arena, syntax, text, &fixture->pieces, &fixture->count,
				 fixture->err),
		-1);
	problem = retort_error_first(fixture->err);
	assert_string_equal(problem->message, message);
	assert_int_equal(problem->code, RETORT_E_FILE);
	assert_int_equal(problem->line, line);
	assert_int_equal(problem->column, column);
}

static void plain_statements(void **state)
{
	struct fixture *fixture = *state;

	EXPECT(SQLITE, " a; b;\n-- c\nd -- e\n;; /* f */ ;g", "a", "b", "d", "g");
	EXPECT(SQLITE, "a /* ; */ b; c", "a /* ; */ b", "c");
	EXPECT(SQLITE, "select ';', \";\", `;`, [;]; b", "select ';', \";\", `;`, [;]", "b");
	EXPECT(POSTGRESQL, "do $$ a; b $$; c; select $1; x", "do $$ a; b $$", "c", "select $1", "x");
	EXPECT(POSTGRESQL, "do $f$ a; $$; b $f$; c", "do $f$ a; $$; b $f$", "c");
	EXPECT(POSTGRESQL, "create rule r as on insert to t do (a; b); c",
		"create rule r as on insert to t do (a; b)", "c");
	EXPECT(POSTGRESQL, "a /* /* ; */ ; */ b; c", "a /* /* ; */ ; */ b", "c");
	EXPECT(MYSQL, "a '\\';'; b # ;\n; c", "a '\\';'", "b", "c");
	assert_int_equal(split_sql(fixture->arena, SQLITE, " -- nothing\n;", &fixture->pieces,
				 &fixture->count, fixture->err),
		0);
	assert_int_equal(fixture->count, 0);
}

static void triggers_and_routines(void **state)
{
	EXPECT(SQLITE,
		"create temp trigger t after insert on a begin update a set b = case when 1 then 2 end; "
		"delete from c; end; d",
		"create temp trigger t after insert on a begin update a set b = case when 1 then 2 end; "
		"delete from c; end",
		"d");
	EXPECT(SQLITE, "begin; a; commit; create table trigger (x); b", "begin", "a", "commit",
		"create table trigger (x)", "b");
	EXPECT(SQLITE,
		"create trigger t after update of \"end\" on a when new.end > 0 begin select 1; end; b",
		"create trigger t after update of \"end\" on a when new.end > 0 begin select 1; end", "b");
	EXPECT(POSTGRESQL,
		"create or replace function f(begin int) returns int begin atomic select case 1 when 1 "
		"then 2 end; select 2; end; b",
		"create or replace function f(begin int) returns int begin atomic select case 1 when 1 then "
		"2 end; "
		"select 2; end",
		"b");
	EXPECT(POSTGRESQL, "create trigger t before insert on a for each row execute function f(); b",
		"create trigger t before insert on a for each row execute function f()", "b");
	EXPECT(MYSQL,
		"create definer=`a`@`b` procedure p() begin if a then b; end if; x: loop leave x; end loop; "
		"while 1 do c; end while; repeat d; until 1 end repeat; case a when 1 then e; end case; "
		"select if(a, b, c), repeat('a', 2); begin f; end; end; g",
		"create definer=`a`@`b` procedure p() begin if a then b; end if; x: loop leave x; end loop; "
		"while 1 do c; end while; repeat d; until 1 end repeat; case a when 1 then e; end case; "
		"select if(a, b, c), repeat('a', 2); begin f; end; end",
		"g");
	EXPECT(MYSQL,
		"create trigger t before insert on a for each row if new.b then set @c = 1; else set @c = 2; "
		"end if; d",
		"create trigger t before insert on a for each row if new.b then set @c = 1; else set @c = 2; "
		"end if",
		"d");
	EXPECT(MYSQL,
		"create trigger t before insert on a for each row set new.b = 1; drop trigger if exists t; d",
		"create trigger t before insert on a for each row set new.b = 1", "drop trigger if exists t",
		"d");
	EXPECT(MYSQL, "create event e on schedule every 1 day do delete from a; b",
		"create event e on schedule every 1 day do delete from a", "b");
	EXPECT(MYSQL, "begin not atomic a; b; end; c", "begin not atomic a; b; end", "c");
	EXPECT(MYSQL, "create definer=root@localhost sql security definer view v as select 1; c",
		"create definer=root@localhost sql security definer view v as select 1", "c");
}

static void delimiters(void **state)
{
	EXPECT(MYSQL, "a;\nDELIMITER ;;\nb; c;;\nd;;\ndelimiter ;\ne; f", "a", "b; c", "d", "e", "f");
	EXPECT(MYSQL, "DELIMITER $$\ncreate procedure p() begin a; end$$\nselect '$$', 1 $$\nDELIMITER ;\nb",
		"create procedure p() begin a; end", "select '$$', 1", "b");
	EXPECT(MYSQL, "DELIMITER //\na; b //\nDELIMITER ;\nc;", "a; b", "c");
	EXPECT(MYSQL, "/*!40101 SET NAMES utf8 */;\n/* not this */;\na /*!50003 ; */;",
		"/*!40101 SET NAMES utf8 */", "a /*!50003 ; */");
	EXPECT(POSTGRESQL, "select delimiter ; b", "select delimiter", "b");
}

static void what_does_not_balance(void **state)
{
	struct fixture *fixture = *state;

	expect_fault(fixture, SQLITE, "a;\n  b 'c; d", 2, 5, "a quote is never closed");
	expect_fault(fixture, SQLITE, "a;\n\xc3\xa4 \"c; d", 2, 3, "a quote is never closed");
	expect_fault(fixture, SQLITE, "a /* b", 1, 3, "a comment is never closed");
	expect_fault(fixture, POSTGRESQL, "a $x$ b $$", 1, 3, "a dollar quote is never closed");
	expect_fault(fixture, SQLITE, "a (b; (c)\n; d", 1, 3, "a parenthesis is never closed");
	expect_fault(fixture, SQLITE, "a (b));", 1, 6, "a closing parenthesis has no opening one");
	expect_fault(fixture, SQLITE, "create trigger t\nbegin a;", 2, 1, "a block has no END");
	expect_fault(fixture, MYSQL, "DELIMITER\na", 1, 1, "DELIMITER must be followed by the new delimiter");
	expect_fault(fixture, POSTGRESQL, "a;\n\\connect b\nc", 2, 1,
		"'\\connect' is a command of a client program, not SQL");
	expect_fault(fixture, SQLITE, ".mode csv", 1, 1, "'.mode' is a command of a client program, not SQL");
	expect_fault(fixture, POSTGRESQL, "COPY a FROM stdin;\n1\n\\.\n", 1, 1,
		"the rows of COPY FROM STDIN can't stand in SQL text: use insert_rows with csv");
}

static void classes(void **state)
{
	static const struct {
		unsigned syntax;
		const char *sql;
		enum piece_class class;
		const char *verb, *table;
	} rows[] = {
		{SQLITE, "insert or replace into \"a b\" values (1)", PIECE_ROWS, "INSERT", "a b"},
		{SQLITE, "update or ignore main.t set a = 1", PIECE_ROWS, "UPDATE", "t"},
		{SQLITE, "delete from t", PIECE_ROWS, "DELETE", "t"},
		{MYSQL, "delete a, b from a join b", PIECE_ROWS, "DELETE", NULL},
		{MYSQL, "replace into t values (1)", PIECE_ROWS, "REPLACE", "t"},
		{MYSQL, "insert ignore t values (1)", PIECE_ROWS, "INSERT", "t"},
		{POSTGRESQL, "merge into only t using s on true when matched then delete", PIECE_ROWS,
			"MERGE", "t"},
		{POSTGRESQL, "with a as (select 1) insert into t select * from a", PIECE_ROWS, "WITH", NULL},
		{POSTGRESQL, "with a as (delete from t returning *) select * from a", PIECE_ROWS, "WITH",
			NULL},
		{POSTGRESQL, "with a as (select replace('delete', 'a', 'b')) select 1", PIECE_QUERY, "WITH",
			NULL},
		{SQLITE, "create table t (a)", PIECE_SCHEMA, "CREATE", NULL},
		{POSTGRESQL, "create unique index concurrently i on t (a)", PIECE_OUTSIDE, "CREATE", NULL},
		{POSTGRESQL, "drop index concurrently i", PIECE_OUTSIDE, "DROP", NULL},
		{POSTGRESQL, "alter type t add value 'a'", PIECE_OUTSIDE, "ALTER", NULL},
		{POSTGRESQL, "alter type t rename value 'a' to 'b'", PIECE_SCHEMA, "ALTER", NULL},
		{POSTGRESQL, "create database d", PIECE_OUTSIDE, "CREATE", NULL},
		{SQLITE, "vacuum", PIECE_OUTSIDE, "VACUUM", NULL},
		{SQLITE, "pragma foreign_keys", PIECE_QUERY, "PRAGMA", NULL},
		{SQLITE, "pragma foreign_keys = off", PIECE_UNKNOWN, "PRAGMA", NULL},
		{POSTGRESQL, "(select 1) union (select 2)", PIECE_QUERY, "SELECT", NULL},
		{POSTGRESQL, "select * into t from a", PIECE_UNKNOWN, "SELECT", NULL},
		{POSTGRESQL, "select (select 1 into_ from a)", PIECE_QUERY, "SELECT", NULL},
		{SQLITE, "begin immediate", PIECE_TRANSACTION, "BEGIN", NULL},
		{SQLITE, "savepoint a", PIECE_TRANSACTION, "SAVEPOINT", NULL},
		{MYSQL, "start transaction", PIECE_TRANSACTION, "START", NULL},
		{MYSQL, "start replica", PIECE_UNKNOWN, "START", NULL},
		{MYSQL, "lock tables a write", PIECE_TRANSACTION, "LOCK", NULL},
		{POSTGRESQL, "lock table a", PIECE_UNKNOWN, "LOCK", NULL},
		{MYSQL, "set session autocommit = 0", PIECE_TRANSACTION, "SET", NULL},
		{MYSQL, "set @@autocommit = 0", PIECE_TRANSACTION, "SET", NULL},
		{MYSQL, "set names utf8mb4", PIECE_QUERY, "SET", NULL},
		{MYSQL, "set global a = 1", PIECE_UNKNOWN, "SET", NULL},
		{MYSQL, "/*!40101 SET NAMES utf8 */", PIECE_QUERY, "SET", NULL},
		{MYSQL, "call p()", PIECE_UNKNOWN, "CALL", NULL},
		{POSTGRESQL, "do $$ begin end $$", PIECE_UNKNOWN, "DO", NULL},
		{POSTGRESQL, "truncate t", PIECE_UNKNOWN, "TRUNCATE", NULL},
		{POSTGRESQL, "123", PIECE_UNKNOWN, "123", NULL},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		expect(fixture, rows[i].syntax, rows[i].sql, &rows[i].sql, 1);
		if (fixture->pieces[0].class != rows[i].class)
			print_message("class of: %s\n", rows[i].sql);
		assert_int_equal(fixture->pieces[0].class, rows[i].class);
		assert_string_equal(fixture->pieces[0].verb, rows[i].verb);
		if (rows[i].table)
			assert_string_equal(fixture->pieces[0].table, rows[i].table);
		else
			assert_null(fixture->pieces[0].table);
	}
}

/* A deep nest of blocks and parentheses takes no stack. */
static void depth_is_no_danger(void **state)
{
	struct fixture *fixture = *state;
	struct retort_buf text;

	retort_buf_init(&text, fixture->arena);
	retort_buf_str(&text, "create trigger t ");
	for (int i = 0; i < 100000; i++)
		retort_buf_str(&text, "begin (");
	expect_fault(fixture, SQLITE, text.data, 1, 24, "a parenthesis is never closed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(plain_statements, setup, teardown),
		cmocka_unit_test_setup_teardown(triggers_and_routines, setup, teardown),
		cmocka_unit_test_setup_teardown(delimiters, setup, teardown),
		cmocka_unit_test_setup_teardown(what_does_not_balance, setup, teardown),
		cmocka_unit_test_setup_teardown(classes, setup, teardown),
		cmocka_unit_test_setup_teardown(depth_is_no_danger, setup, teardown),
	};

	return cmocka_run_group_tests_name("splitter", tests, NULL, NULL);
}
