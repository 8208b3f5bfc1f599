/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "model_fixture.h"

/* account(id, team_id -> team, name) and team(id, name). */
static void two_tables(struct fixture *f)
{
	struct retort_table *table = create_table(f, "team");
	struct retort_column *team;

	column(f, table, "name", "text");
	table = create_table(f, "account");
	team = column(f, table, "team_id", "bigint");
	team->references = references(f, "team", NULL);
	team->index.on = true;
	column(f, table, "name", "string(50)");
	assert_replayed(f);
}

static const struct retort_table *table(struct fixture *f, const char *name)
{
	const struct retort_table *found = retort_schema_table(f->schema, NULL, name);

	if (!found)
		fail_msg("no table %s", name);
	return found;
}

static void test_create_table(void **state)
{
	struct fixture *f = *state;
	const struct retort_constraint *key;

	two_tables(f);
	assert_int_equal(f->schema->table_count, 2);
	key = retort_table_constraint(table(f, "account"), "fk_account_team_id_team");
	assert_int_equal(key->references->column_count, 1); /* filled in from the primary key */
	assert_string_equal(key->references->columns[0], "id");
	create_table(f, "account");
	assert_refused(f, "cannot create table 'account': there is a table 'account' already");
	create_table(f, "ix_account_team_id");
	assert_refused(f,
		"cannot create table 'ix_account_team_id': 'account' has an index 'ix_account_team_id' "
		"already, "
		"give another name");
	column(f, create_table(f, "x"), "tea", "bigint")->references = references(f, "teem", NULL);
	assert_refused(f,
		"cannot create table 'x': the referenced table 'teem' doesn't exist, did you mean 'team'?");
	column(f, create_table(f, "x"), "t", "bigint")->references = references(f, "team", "nam");
	assert_refused(f, "cannot create table 'x': 'team' has no column 'nam', did you mean 'name'?");
	column(f, create_table(f, "x"), "id", "text");
	assert_refused(f, "cannot create table 'x': 'x' has a column 'id' already");
	column(f, create_table(f, "x"), "c", "enum colour");
	assert_refused(f, "cannot create table 'x': enum 'colour' doesn't exist");
	column(f, create_table(f, "x"), "parent", "bigint")->references = references(f, "x", NULL);
	assert_replayed(f);
	assert_int_equal(f->schema->table_count, 3);
}

static void test_place_of_fault(void **state)
{
	struct fixture *f = *state;

	add(f, RETORT_OP_DROP_TABLE, NULL, "a");
	f->ops = NULL;
	f->count = 0;
	add(f, RETORT_OP_DROP_TABLE, NULL, "b");
	assert_int_equal(replayed(f), -1);
	assert_int_equal(retort_error_first(f->err)->code, RETORT_E_PLAN);
	assert_string_equal(retort_error_first(f->err)->file, "rev.yaml");
	assert_int_equal(retort_error_first(f->err)->line, 10);
	assert_string_equal(message_of(f), "cannot drop table 'b': table 'b' doesn't exist");
}

static void test_drop_table(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op;

	two_tables(f);
	trigger(f, RETORT_OP_CREATE_TRIGGER, "team", "tr", "AFTER INSERT ON team BEGIN SELECT 1; END");
	view(f, RETORT_OP_CREATE_VIEW, "v1", "SELECT name FROM team");
	view(f, RETORT_OP_CREATE_VIEW, "v2", "SELECT name FROM v1");
	view(f, RETORT_OP_CREATE_VIEW, "v3", "SELECT name FROM account");
	assert_replayed(f);
	add(f, RETORT_OP_DROP_TABLE, NULL, "team");
	assert_refused(f,
		"cannot drop table 'team': a foreign key of 'account' refers to it: drop that first, or say "
		"cascade");
	op = add(f, RETORT_OP_DROP_TABLE, NULL, "team");
	op->cascade = true;
	assert_replayed(f);
	assert_int_equal(f->schema->table_count, 1);
	assert_int_equal(table(f, "account")->constraint_count, 1);
	assert_int_equal(f->schema->trigger_count, 0);
	assert_int_equal(f->schema->view_count, 1);
	assert_string_equal(f->schema->views[0]->name, "v3");
	add(f, RETORT_OP_DROP_TABLE, NULL, "team")->if_exists = true;
	assert_replayed(f);
	create_table(f, "team");
	assert_replayed(f);
	add(f, RETORT_OP_DROP_TABLE, NULL, "team");
	assert_replayed(f);
}

static void test_drop_column(void **state)
{
	struct fixture *f = *state;
	struct replay_users users;
	struct retort_index *index;

	two_tables(f);
	constrain(f, "account", RETORT_CHECK, "named", NULL)->expression =
		retort_text_new(f->arena, "name <> ''");
	index = create_index(f, "account", "partial", "id");
	index->where = retort_text_new(f->arena, "name IS NOT NULL");
	index = create_index(f, "account", "included", "id");
	index->include = names_of(f, "name", &index->include_count);
	create_index(f, "account", "kept", "id");
	assert_replayed(f);
	replay_column_users(f->arena, table(f, "account"), "name", 0, &users);
	assert_int_equal(users.constraint_count, 1);
	assert_string_equal(users.constraints[0]->name, "named");
	assert_int_equal(users.index_count, 2);
	add(f, RETORT_OP_DROP_COLUMN, "account", "name");
	assert_replayed(f);
	assert_null(retort_table_constraint(table(f, "account"), "named"));
	assert_int_equal(table(f, "account")->index_count, 2);
	create_table(f, "partial"); /* its name is free again */
	assert_replayed(f);
	add(f, RETORT_OP_DROP_COLUMN, "team", "id");
	assert_refused(f,
		"cannot drop column 'id' from 'team': foreign key 'fk_account_team_id_team' of 'account' "
		"refers to "
		"it: drop the foreign key first");
	add(f, RETORT_OP_DROP_COLUMN, "account", "nme");
	assert_refused(f, "cannot drop column 'nme' from 'account': 'account' has no column 'nme'");
	view(f, RETORT_OP_CREATE_VIEW, "names", "SELECT t.name FROM team t");
	assert_replayed(f);
	add(f, RETORT_OP_DROP_COLUMN, "team", "name");
	assert_refused(f,
		"cannot drop column 'name' from 'team': view 'names' uses it: drop or replace the view "
		"first");
	add(f, RETORT_OP_DROP_VIEW, NULL, "names");
	trigger(f, RETORT_OP_CREATE_TRIGGER, "team", "tr",
		"AFTER UPDATE OF name ON team BEGIN SELECT 1; END");
	assert_replayed(f);
	add(f, RETORT_OP_DROP_COLUMN, "team", "name");
	assert_refused(f,
		"cannot drop column 'name' from 'team': trigger 'tr' uses it: drop or replace the trigger "
		"first");
	add_column(f, "account", "twice", "bigint")->computed = retort_text_new(f->arena, "team_id * 2");
	assert_replayed(f);
	add(f, RETORT_OP_DROP_COLUMN, "account", "team_id");
	assert_refused(f,
		"cannot drop column 'team_id' from 'account': the computed column 'twice' uses it: drop that "
		"first");
}

static void test_columns(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op;
	const struct retort_column *name;
	const struct retort_table *before;

	two_tables(f);
	before = table(f, "account");
	add_column(f, "account", "a", "text");
	((struct retort_op *)(uintptr_t)f->ops[0])->after = "id";
	add_column(f, "account", "b", "text");
	((struct retort_op *)(uintptr_t)f->ops[1])->first = true;
	assert_replayed(f);
	assert_string_equal(table(f, "account")->columns[0]->name, "b");
	assert_string_equal(table(f, "account")->columns[2]->name, "a");
	assert_int_equal(before->column_count, 3); /* a picture of its moment */
	assert_string_equal(before->columns[0]->name, "id");
	op = alter_column(f, "account", "name", RETORT_ALTER_NULLABLE | RETORT_ALTER_DEFAULT);
	op->column->nullable = false;
	op->column->def = literal(f, "x");
	op->column->comment = "not named, so not changed";
	assert_replayed(f);
	name = retort_table_column(table(f, "account"), "name");
	assert_false(name->nullable);
	assert_string_equal(name->def->text, "x");
	assert_null(name->comment);
	assert_int_equal(name->type->length, 50);
	op = alter_column(f, "account", "id", RETORT_ALTER_NULLABLE);
	op->column->nullable = true;
	assert_refused(f,
		"cannot alter column 'id' of 'account': it is in the primary key, so it can't be nullable");
	op = add(f, RETORT_OP_COMMENT, "account", "name");
	op->message = "the name";
	add(f, RETORT_OP_COMMENT, "account", NULL)->message = "people";
	assert_replayed(f);
	assert_string_equal(retort_table_column(table(f, "account"), "name")->comment, "the name");
	assert_string_equal(table(f, "account")->comment, "people");
}

static void test_rename_column(void **state)
{
	struct fixture *f = *state;
	struct retort_constraint *key;

	two_tables(f);
	constrain(f, "team", RETORT_CHECK, "named", NULL)->expression =
		retort_text_new(f->arena, "name <> 'name'");
	create_index(f, "team", "ix", "name")->where = retort_text_new(f->arena, "team.name > ''");
	add_column(f, "team", "upper", "text")->computed = retort_text_new(f->arena, "upper(name)");
	constrain(f, "team", RETORT_UNIQUE, "u", "name");
	key = constrain(f, "account", RETORT_FOREIGN_KEY, "by_name", "name");
	key->references = references(f, "team", "name");
	view(f, RETORT_OP_CREATE_VIEW, "v",
		"SELECT t.name, a.name FROM team t JOIN account a ON a.team_id = t.id");
	trigger(f, RETORT_OP_CREATE_TRIGGER, "team", "tr",
		"AFTER UPDATE OF name ON team BEGIN SELECT NEW.name; END");
	assert_replayed(f);
	rename_to(f, RETORT_OP_RENAME_COLUMN, "team", "name", "label");
	assert_replayed(f);
	assert_string_equal(retort_table_constraint(table(f, "team"), "named")->expression->sql,
		"label <> 'name'");
	assert_string_equal(retort_table_index(table(f, "team"), "ix")->columns[0]->column, "label");
	assert_string_equal(retort_table_index(table(f, "team"), "ix")->where->sql, "team.label > ''");
	assert_string_equal(retort_table_column(table(f, "team"), "upper")->computed->sql, "upper(label)");
	assert_string_equal(retort_table_constraint(table(f, "team"), "u")->columns[0], "label");
	assert_string_equal(retort_table_constraint(table(f, "account"), "by_name")->references->columns[0],
		"label");
	assert_string_equal(retort_table_constraint(table(f, "account"), "by_name")->columns[0], "name");
	assert_string_equal(retort_schema_view(f->schema, NULL, "v")->query->sql,
		"SELECT t.label, a.name FROM team t JOIN account a ON a.team_id = t.id");
	assert_string_equal(f->schema->triggers[0]->body->sql,
		"AFTER UPDATE OF label ON team BEGIN SELECT NEW.label; END");
	rename_to(f, RETORT_OP_RENAME_COLUMN, "team", "label", "id");
	assert_refused(f, "cannot rename column 'label' of 'team' to 'id': 'team' has a column 'id' already");
}

static void test_rename_table(void **state)
{
	struct fixture *f = *state;
	struct retort_table *copy;

	two_tables(f);
	create_index(f, "team", "own_name", "name");
	constrain(f, "team", RETORT_CHECK, NULL, NULL)->expression =
		retort_text_new(f->arena, "team.name <> 'team'");
	view(f, RETORT_OP_CREATE_VIEW, "v", "SELECT team.name FROM team");
	trigger(f, RETORT_OP_CREATE_TRIGGER, "team", "tr", "AFTER INSERT ON team BEGIN SELECT 1; END");
	create_index(f, "team", NULL, "name");
	assert_replayed(f);
	copy = retort_table_copy(f->arena, table(f, "account"));
	copy->definition = "CREATE TABLE account (team_id REFERENCES \"team\" (id), team)";
	retort_schema_put_table(f->schema, copy);
	rename_to(f, RETORT_OP_RENAME_TABLE, NULL, "team", "account");
	assert_refused(f, "cannot rename table 'team' to 'account': there is a table 'account' already");
	rename_to(f, RETORT_OP_RENAME_TABLE, NULL, "team", "crew");
	assert_replayed(f);
	assert_null(retort_schema_table(f->schema, NULL, "team"));
	assert_ptr_equal(f->schema->tables[0], table(f, "crew"));
	assert_string_equal(retort_table_primary_key(table(f, "crew"))->name, "pk_crew");
	assert_non_null(retort_table_index(table(f, "crew"), "own_name"));
	assert_non_null(retort_table_index(table(f, "crew"), "ix_crew_name"));
	assert_string_equal(retort_table_constraint(table(f, "crew"), "ck_crew_1")->expression->sql,
		"crew.name <> 'team'");
	assert_string_equal(table(f, "crew")->columns[1]->type_check_name, "ck_crew_name");
	assert_string_equal(retort_table_constraint(table(f, "account"), "fk_account_team_id_team")
				    ->references->table,
		"crew");
	assert_string_equal(table(f, "account")->definition,
		"CREATE TABLE account (team_id REFERENCES crew (id), team)");
	assert_string_equal(f->schema->views[0]->query->sql, "SELECT crew.name FROM crew");
	assert_string_equal(f->schema->triggers[0]->table, "crew");
	assert_string_equal(f->schema->triggers[0]->body->sql, "AFTER INSERT ON crew BEGIN SELECT 1; END");
	create_index(f, "account", "ix_team_name", "name"); /* the old name is free */
	assert_replayed(f);
	add(f, RETORT_OP_DROP_TABLE, NULL, "crew");
	assert_refused(f,
		"cannot drop table 'crew': a foreign key of 'account' refers to it: drop that first, or say "
		"cascade");
}

static void test_constraints(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op;

	two_tables(f);
	constrain(f, "team", RETORT_UNIQUE, "u", "nme");
	assert_refused(f,
		"cannot create unique constraint 'u' on 'team': 'team' has no column 'nme', did you mean "
		"'name'?");
	constrain(f, "team", RETORT_UNIQUE, "u", "name, name");
	assert_refused(f, "cannot create unique constraint 'u' on 'team': column 'name' is listed twice");
	constrain(f, "team", RETORT_PRIMARY_KEY, NULL, "name");
	assert_refused(f,
		"cannot create primary key 'pk_team' on 'team': 'team' has a constraint 'pk_team' already, "
		"give another name");
	constrain(f, "team", RETORT_PRIMARY_KEY, "other", "name");
	assert_refused(f, "cannot create primary key 'other' on 'team': 'team' has a primary key already");
	constrain(f, "team", RETORT_CHECK, "fk_account_team_id_team", NULL)->expression =
		retort_text_new(f->arena, "1");
	assert_refused(f,
		"cannot create check constraint 'fk_account_team_id_team' on 'team': 'account' has a "
		"constraint "
		"'fk_account_team_id_team' already, give another name");
	constrain(f, "account", RETORT_FOREIGN_KEY, "two", "id, name")->references =
		references(f, "team", NULL);
	assert_refused(f, "cannot create foreign key 'two' on 'account': 2 columns can't reference 1");
	op = add(f, RETORT_OP_DROP_CONSTRAINT, "account", NULL);
	op->constraint_kind_given = true;
	op->constraint_kind = RETORT_PRIMARY_KEY;
	constrain(f, "account", RETORT_PRIMARY_KEY, "again", "team_id");
	assert_replayed(f);
	assert_false(retort_table_column(table(f, "account"), "team_id")->nullable);
	add(f, RETORT_OP_DROP_CONSTRAINT, "account", "agan");
	assert_refused(f,
		"cannot drop constraint 'agan' of 'account': 'account' has no constraint 'agan', did you "
		"mean 'again'?");
	constrain(f, "team", RETORT_CHECK, "later", NULL)->expression = retort_text_new(f->arena, "id > 0");
	((struct retort_op *)(uintptr_t)f->ops[0])->constraint->not_valid = true;
	rename_to(f, RETORT_OP_RENAME_CONSTRAINT, "team", "later", "sooner");
	add(f, RETORT_OP_VALIDATE_CONSTRAINT, "team", "sooner");
	assert_replayed(f);
	assert_false(retort_table_constraint(table(f, "team"), "sooner")->not_valid);
	create_index(f, "team", "team", "id");
	assert_refused(f, "cannot create index 'team' on 'team': there is a table 'team' already");
	rename_to(f, RETORT_OP_RENAME_INDEX, "account", "ix_account_team_id", "by_team");
	assert_replayed(f);
	add(f, RETORT_OP_DROP_INDEX, NULL, "by_team");
	assert_replayed(f);
	assert_int_equal(table(f, "account")->index_count, 0);
}

static struct retort_op *alter_enum(struct fixture *f, const char *add_value, const char *after,
	const char *drop, const char *from, const char *to)
{
	struct retort_op *op = add(f, RETORT_OP_ALTER_ENUM, NULL, "state");

	op->enum_change = retort_alloc(f->arena, sizeof *op->enum_change);
	op->enum_change->add = add_value;
	op->enum_change->after = after;
	op->enum_change->drop = drop;
	op->enum_change->rename_from = from;
	op->enum_change->rename_to = to;
	return op;
}

static void test_enums(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op = add(f, RETORT_OP_CREATE_ENUM, NULL, "state");
	struct retort_table *made;

	op->enumeration = retort_alloc(f->arena, sizeof *op->enumeration);
	op->enumeration->values = names_of(f, "new, done", &op->enumeration->value_count);
	made = create_table(f, "job");
	column(f, made, "state", "enum state")->def = literal(f, "new");
	column(f, made, "states", "array(enum state)");
	column(f, made, "own", "enum(a, b)");
	assert_replayed(f);
	assert_int_equal(table(f, "job")->columns[1]->type->value_count, 2);
	alter_enum(f, "active", "new", NULL, NULL, NULL);
	alter_enum(f, NULL, NULL, NULL, "new", "fresh");
	assert_replayed(f);
	assert_int_equal(table(f, "job")->columns[2]->type->items->value_count, 3);
	assert_string_equal(table(f, "job")->columns[1]->type->values[0], "fresh");
	assert_string_equal(table(f, "job")->columns[1]->type->values[1], "active");
	assert_string_equal(table(f, "job")->columns[1]->def->text, "fresh");
	alter_enum(f, NULL, NULL, "fresh", NULL, NULL);
	assert_refused(f,
		"cannot alter enum 'state': 'fresh' is the default of column 'state': change the default "
		"first");
	assert_int_equal(retort_schema_enum(f->schema, NULL, "state")->value_count, 3);
	alter_enum(f, NULL, NULL, "don", NULL, NULL);
	assert_refused(f, "cannot alter enum 'state': it has no value 'don', did you mean 'done'?");
	alter_enum(f, "done", NULL, NULL, NULL, NULL);
	assert_refused(f, "cannot alter enum 'state': it has a value 'done' already");
	op = alter_enum(f, "c", NULL, NULL, NULL, NULL);
	op->table = "job";
	op->name = "own";
	assert_replayed(f);
	assert_int_equal(table(f, "job")->columns[3]->type->value_count, 3);
	add(f, RETORT_OP_DROP_ENUM, NULL, "state");
	assert_refused(f, "cannot drop enum 'state': column 'state' of 'job' uses it");
}

static void test_objects(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op;

	create_table(f, "t");
	view(f, RETORT_OP_CREATE_VIEW, "v", "SELECT 1");
	view(f, RETORT_OP_REPLACE_VIEW, "v", "SELECT 2");
	assert_replayed(f);
	assert_string_equal(f->schema->views[0]->query->sql, "SELECT 2");
	view(f, RETORT_OP_CREATE_VIEW, "t", "SELECT 1");
	assert_refused(f, "cannot create view 't': there is a table 't' already");
	create_table(f, "v");
	assert_refused(f, "cannot create table 'v': there is a view 'v' already");
	trigger(f, RETORT_OP_CREATE_TRIGGER, "x", "tr", "AFTER INSERT ON x");
	assert_refused(f, "cannot create trigger 'tr' on 'x': table 'x' doesn't exist");
	op = add(f, RETORT_OP_CREATE_SCHEMA, NULL, "s");
	op = add(f, RETORT_OP_CREATE_SEQUENCE, NULL, "counter");
	op->schema = "s";
	op->sequence = retort_alloc(f->arena, sizeof *op->sequence);
	assert_replayed(f);
	add(f, RETORT_OP_DROP_SCHEMA, NULL, "s");
	assert_refused(f,
		"cannot drop schema 's': it holds sequence 'counter': drop that first, or say cascade");
	add(f, RETORT_OP_DROP_SCHEMA, NULL, "s")->cascade = true;
	assert_replayed(f);
	assert_int_equal(f->schema->sequence_count, 0);
	assert_int_equal(f->schema->schema_count, 0);
	op = add(f, RETORT_OP_CREATE_ROUTINE, NULL, "fn");
	op->routine = retort_alloc(f->arena, sizeof *op->routine);
	op->routine->body = retort_text_new(f->arena, "()");
	op = add(f, RETORT_OP_DROP_ROUTINE, NULL, "fm");
	assert_refused(f, "cannot drop function 'fm': it doesn't exist");
	assert_int_equal(f->schema->routine_count, 1);
}

static void test_rows(void **state)
{
	struct fixture *f = *state;
	struct retort_op *op;

	two_tables(f);
	op = add(f, RETORT_OP_INSERT_ROWS, "team", NULL);
	op->rows = retort_alloc(f->arena, sizeof *op->rows);
	op->rows->columns = names_of(f, "id, nam", &op->rows->column_count);
	assert_refused(f, "cannot insert rows into 'team': 'team' has no column 'nam', did you mean 'name'?");
	op = add(f, RETORT_OP_DELETE_ROWS, "teams", NULL);
	op->where_all = true;
	assert_refused(f,
		"cannot delete rows from 'teams': table 'teams' doesn't exist, did you mean 'team'?");
}

static void test_effects(void **state)
{
	struct fixture *f = *state;
	const struct retort_op *effects[2];
	struct retort_op *op;

	two_tables(f);
	create_table(f, "extra");
	effects[0] = f->ops[0];
	rename_to(f, RETORT_OP_RENAME_TABLE, NULL, "team", "account");
	effects[1] = f->ops[1];
	f->count = 0;
	op = add(f, RETORT_OP_EXECUTE, NULL, NULL);
	op->sql = retort_text_new(f->arena, "x");
	op->ops = effects;
	op->op_count = 2;
	assert_int_equal(replayed(f), -1);
	assert_int_equal(f->schema->table_count, 2); /* as before */
	retort_error_clear(f->err);
	op = add(f, RETORT_OP_EXECUTE, NULL, NULL);
	op->sql = retort_text_new(f->arena, "x");
	op->ops = effects;
	op->op_count = 1;
	assert_replayed(f);
	assert_int_equal(f->schema->table_count, 3);
}

static void test_group(void **state)
{
	struct fixture *f = *state;
	const struct retort_op **ops;
	const struct retort_table *now;
	struct retort_table *after;
	size_t n, i;
	struct difference *differences;
	size_t count;
	struct compare_options options = {0};

	two_tables(f);
	now = table(f, "account");
	rename_to(f, RETORT_OP_RENAME_COLUMN, "account", "name", "label");
	add_column(f, "account", "name", "text")->index.on = true;
	add(f, RETORT_OP_DROP_INDEX, "account", "ix_account_team_id");
	create_index(f, "account", "ix_account_team_id", "team_id, label");
	assert_int_equal(resolved(f, &ops, &n), 0);
	assert_int_equal(replay_table(f->arena, f->schema, now, ops, n, 0, &after, f->err), 0);
	assert_ptr_equal(now, table(f, "account"));
	for (i = 0; i < n; i++)
		assert_int_equal(replay_apply(f->schema, ops[i], 0, f->err), 0);
	compare_tables(f->arena, after, table(f, "account"), &options, &differences, &count);
	assert_int_equal(count, 0);
	compare_tables(f->arena, now, after, &options, &differences, &count);
	assert_int_not_equal(count, 0);
}

static int collect(void *context, const char *schema, const char *name)
{
	(void)schema;
	retort_buf_printf(context, "%s ", name);
	return 0;
}

static void test_touched(void **state)
{
	struct fixture *f = *state;
	struct retort_table *made = create_table(f, "a");
	const struct retort_op **ops;
	struct retort_buf seen;
	size_t n, i;

	retort_buf_init(&seen, f->arena);
	column(f, made, "b_id", "bigint")->references = references(f, "b", NULL);
	column(f, made, "self", "bigint")->references = references(f, "a", NULL);
	add_column(f, "c", "x", "text");
	add(f, RETORT_OP_DROP_TABLE, NULL, "d");
	add(f, RETORT_OP_DROP_TABLE, NULL, "e")->if_exists = true;
	view(f, RETORT_OP_CREATE_VIEW, "v", "SELECT 1");
	add(f, RETORT_OP_DELETE_ROWS, "g", NULL)->where_all = true;
	assert_int_equal(resolved(f, &ops, &n), 0);
	for (i = 0; i < n; i++)
		assert_int_equal(replay_touched(ops[i], collect, &seen), 0);
	assert_string_equal(seen.data, "b c d g ");
}

/* 10,000 revisions that make 5,000 tables and change each, in well under a second; tables are looked up, not
 * sought. */
static void test_size(void **state)
{
	struct fixture *f = *state;
	struct timespec start, end;
	const struct retort_op **ops;
	size_t n, i;

	for (i = 0; i < 5000; i++) {
		const char *name = retort_printf(f->arena, "t%zu", i);
		struct retort_table *made = create_table(f, name);

		column(f, made, "a", "string(20)")->index.on = true;
		if (i)
			column(f, made, "b", "bigint")->references =
				references(f, retort_printf(f->arena, "t%zu", i - 1), NULL);
	}
	for (i = 0; i < 5000; i++)
		add_column(f, retort_printf(f->arena, "t%zu", i), "c", "text")->index.on = true;
	for (i = 5000; i-- > 2500;)
		add(f, RETORT_OP_DROP_TABLE, NULL, retort_printf(f->arena, "t%zu", i));
	assert_int_equal(resolved(f, &ops, &n), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	for (i = 0; i < n; i++)
		assert_int_equal(replay_apply(f->schema, ops[i], 0, f->err), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(f->schema->table_count, 2500);
	print_message("%zu operations in %.0f ms\n", n,
		(double)(end.tv_sec - start.tv_sec) * 1e3 + (double)(end.tv_nsec - start.tv_nsec) / 1e6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_create_table),
		TEST(test_place_of_fault),
		TEST(test_drop_table),
		TEST(test_drop_column),
		TEST(test_columns),
		TEST(test_rename_column),
		TEST(test_rename_table),
		TEST(test_constraints),
		TEST(test_enums),
		TEST(test_objects),
		TEST(test_rows),
		TEST(test_effects),
		TEST(test_group),
		TEST(test_touched),
		TEST(test_size),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
