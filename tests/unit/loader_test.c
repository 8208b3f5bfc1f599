/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <grp.h>
#include <pwd.h>

#include "engine/loader.h"
#include "engine/loader_file.h"

/* Copies a test driver into a folder that only we may write, whatever the build folder is like. */
static void install(struct scratch *scratch, const char *name, const char *to)
{
	const char *from = getenv("RETORT_TEST_DRIVERS");
	size_t n = 0;
	char *data = NULL;

	assert_non_null(from); /* set by ctest */
	from = retort_printf(scratch->arena, "%s/%s.so", from, name);
	assert_int_equal(file_read(scratch->arena, from, 64 << 20, &data, &n, scratch->err), 0);
	assert_int_equal(file_make_folder(path_folder(scratch->arena, to), NULL), 0);
	assert_int_equal(chmod(path_folder(scratch->arena, to), 0755), 0);
	assert_int_equal(file_write(to, data, n, false, NULL), 0);
	assert_int_equal(chmod(to, 0644), 0);
}

static struct loader *loader(struct scratch *scratch, const char *folder)
{
	return loader_new(scratch->arena, &folder, 1);
}

/* The name of the dialect that a word leads to. */
static const char *dialect_name(struct scratch *scratch, struct loader *all, const char *word)
{
	const struct retort_dialect *dialect = NULL;

	assert_int_equal(loader_dialect(all, word, &dialect, scratch->err), 0);
	assert_int_equal(dialect->size, sizeof *dialect);
	assert_int_equal(dialect->quote_open, strcmp(dialect->name, "child") == 0 ? '`' : '"');
	assert_string_equal(dialect->placeholder, "?");
	return dialect->name;
}

static void one_driver_may_have_several_dialects(void **state)
{
	const struct retort_driver *driver = NULL;
	struct scratch *scratch = *state;
	struct loader *all;

	install(scratch, "family", "d/family.so");
	all = loader(scratch, "d");
	assert_string_equal(dialect_name(scratch, all, "parent"), "parent");
	assert_string_equal(dialect_name(scratch, all, "child"), "child");
	assert_string_equal(dialect_name(scratch, all, "cousin"), "parent"); /* a scheme that is no dialect */
	assert_int_equal(loader_driver(all, "child", &driver, scratch->err), 0);
	assert_string_equal(driver->dialect->name, "parent");
	assert_string_equal(loader_dialect_of(driver, "child")->name, "child");
	assert_string_equal(loader_dialect_of(driver, "stranger")->name, "parent");
}

/* Why a copy of a test driver is refused; the folder's path is cut off. */
static const char *refusal(struct scratch *scratch, const char *name)
{
	const char *path = retort_printf(scratch->arena, "d/%s.so", name), *text;
	const struct retort_driver *driver;

	retort_error_clear(scratch->err);
	install(scratch, name, path);
	assert_int_equal(loader_file(loader(scratch, "d"), path, &driver, scratch->err), -1);
	expect_count(scratch, 1);
	text = retort_error_first(scratch->err)->message;
	path = retort_printf(scratch->arena, "cannot load driver '%s': ", scratch_path(scratch, path));
	assert_memory_equal(text, path, strlen(path));
	assert_int_equal(retort_error_first(scratch->err)->code, RETORT_E_CONFIG);
	return text + strlen(path);
}

static void a_driver_is_found_by_its_scheme(void **state)
{
	const struct retort_driver *driver = NULL, *again = NULL;
	struct scratch *scratch = *state;
	struct loader *all;

	install(scratch, "good", "d/good.so");
	install(scratch, "other", "d/other.so");
	all = loader(scratch, "d");
	assert_int_equal(loader_driver(all, "good", &driver, scratch->err), 0);
	assert_string_equal(driver->name, "good");
	assert_string_equal(driver->version, "1.2");
	assert_int_equal(driver->size, sizeof *driver);
	assert_int_equal(loader_driver(all, "fine", &again, scratch->err), 0);
	assert_ptr_equal(driver, again);
	assert_int_equal(loader_driver(all, "corgi", &driver, scratch->err), 0);
	assert_string_equal(driver->name, "corgi");
	expect_count(scratch, 0);
}

/* What looks for one driver loads no other: a broken neighbour is not even opened. */
static void only_what_is_needed_is_loaded(void **state)
{
	const struct retort_driver *driver = NULL;
	struct scratch *scratch = *state;
	struct loaded *files;
	size_t count;
	struct loader *all;

	install(scratch, "good", "d/good.so");
	scratch_write(scratch, "d/aaa.so", "junk");
	all = loader(scratch, "d");
	assert_int_equal(loader_driver(all, "good", &driver, scratch->err), 0);
	/* written after good.so was found: had aaa.so been looked at before, its first reason would stay */
	install(scratch, "other", "d/aaa.so");
	loader_all(all, &files, &count);
	assert_int_equal(count, 2);
	assert_string_equal(files[0].path, scratch_path(scratch, "d/aaa.so"));
	assert_null(files[0].reason);
	assert_string_equal(files[1].driver->name, "good");
}

static void folders_are_searched_in_order(void **state)
{
	const char *const folders[] = {"a", "missing", "b"};
	const struct retort_driver *driver = NULL;
	struct scratch *scratch = *state;
	struct loaded *files;
	size_t count;

	install(scratch, "other", "a/good.so");
	install(scratch, "good", "b/x.so");
	install(scratch, "good", "b/good.so");
	setenv("RETORT_DRIVER_PATH", ":b", 1);
	assert_int_equal(loader_driver(loader_new(scratch->arena, folders, 2), "good", &driver, scratch->err),
		0);
	unsetenv("RETORT_DRIVER_PATH");
	assert_string_equal(driver->name, "good");
	/* a file that is not what it is called does not count, and does no harm */
	loader_all(loader_new(scratch->arena, folders, 3), &files, &count);
	assert_int_equal(count, 4);
	assert_string_equal(files[0].driver->name, "corgi");
	assert_string_equal(files[1].path, scratch_path(scratch, "missing"));
	assert_string_equal(files[1].reason, "there is no such folder");
	assert_string_equal(files[2].path, scratch_path(scratch, "b/good.so"));
	assert_string_equal(files[3].path, scratch_path(scratch, "b/x.so"));
}

static void dialects_by_name_and_scheme(void **state)
{
	const struct retort_dialect *dialect = NULL;
	struct scratch *scratch = *state;
	struct loader *all;

	install(scratch, "other", "d/other.so");
	all = loader(scratch, "d");
	assert_int_equal(loader_dialect(all, "corgish", &dialect, scratch->err), 0);
	assert_string_equal(dialect->name, "corgish");
	assert_int_equal(dialect->quote_close, '`');
	assert_string_equal(dialect->placeholder, "$");
	assert_int_equal(loader_dialect(all, "corgi", &dialect, scratch->err), 0);
	assert_int_equal(loader_dialect(all, "../d/other", &dialect, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		retort_printf(scratch->arena, "no driver has the dialect '../d/other' (installed: corgi)"));
}

static void missing_fields_get_their_defaults(void **state)
{
	const struct retort_driver *driver = NULL;
	struct scratch *scratch = *state;

	install(scratch, "short_struct", "d/short_struct.so");
	install(scratch, "long_struct", "d/long_struct.so");
	assert_int_equal(loader_driver(loader(scratch, "d"), "short_struct", &driver, scratch->err), 0);
	assert_int_equal(driver->size, sizeof *driver);
	assert_string_equal(driver->version, "unknown");
	assert_null(driver->begin);
	assert_null(driver->cancel);
	assert_int_equal(driver->dialect->size, sizeof *driver->dialect);
	assert_int_equal(driver->dialect->quote_open, '"');
	assert_int_equal(driver->dialect->quote_close, '"');
	assert_string_equal(driver->dialect->placeholder, "?");
	assert_null(driver->dialect->begin);
	assert_null(driver->dialect->native_type);
	assert_int_equal(loader_driver(loader(scratch, "d"), "long_struct", &driver, scratch->err), 0);
	assert_int_equal(driver->size, sizeof *driver);
	assert_string_equal(driver->version, "9");
}

static void every_refusal_has_its_reason(void **state)
{
	struct scratch *scratch = *state;

	assert_string_equal(refusal(scratch, "too_new"),
		retort_printf(scratch->arena,
			"it needs version %d of the driver interface, this retort has %d: update retort",
			RETORT_ABI + 1, RETORT_ABI));
	assert_string_equal(refusal(scratch, "too_old"),
		"it is made for version 0 of the driver interface, this retort needs 1: build it anew");
	assert_string_equal(refusal(scratch, "missing_slot"),
		"it lacks what every driver needs: dialect, exec and query");
	assert_string_equal(refusal(scratch, "missing_symbol"),
		"it needs a symbol that nothing has, so it is made for "
		"another version of something (undefined symbol: retort_nobody_has_this)");
	assert_string_equal(refusal(scratch, "no_driver"),
		"it is not a retort driver: it exports no function retort_driver_entry");
	assert_string_equal(refusal(scratch, "no_answer"),
		"it does not serve version 1 of the driver interface");
	assert_string_equal(refusal(scratch, "no_size"),
		"its struct has no size: write it by the macro RETORT_DRIVER");
	assert_string_equal(refusal(scratch, "no_dialect_size"),
		"its dialect has no size: start it with .size = sizeof(struct retort_dialect)");
}

/* Gives the library that a copied driver needs a name that is nowhere. */
static void break_dependency(struct scratch *scratch, const char *path)
{
	static const char needed[] = "libretort.so.";
	size_t n = 0, i;
	char *data = NULL;

	assert_int_equal(file_read(scratch->arena, path, 64 << 20, &data, &n, NULL), 0);
	for (i = 0; i + sizeof needed < n; i++)
		if (!memcmp(data + i, needed, sizeof needed - 1))
			memcpy(data + i, "libabsent", 9);
	assert_int_equal(file_write(path, data, n, false, NULL), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

static void files_that_are_no_drivers(void **state)
{
	const struct retort_driver *driver;
	struct scratch *scratch = *state;
	struct loader *all = loader(scratch, "d");
	const char *folder = scratch->folder;

	install(scratch, "good", "d/orphan.so");
	break_dependency(scratch, "d/orphan.so");
	scratch_write(scratch, "d/junk.so",
		"this is no shared library, but long enough to have a header of one.......");
	assert_int_equal(mkdir("d/folder.so", 0755), 0);
	assert_int_equal(loader_file(all, "d/orphan.so", &driver, scratch->err), -1);
	assert_int_equal(loader_file(all, "d/junk.so", &driver, scratch->err), -1);
	assert_int_equal(loader_file(all, "d/folder.so", &driver, scratch->err), -1);
	assert_int_equal(loader_file(all, "d/missing.so", &driver, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		retort_printf(scratch->arena,
			"cannot load driver '%s/d/orphan.so': a library that it needs is missing "
			"(libabsent.so.1: "
			"cannot open shared object file: No such file or directory)",
			folder));
	expect_problem(scratch, 1, RETORT_E_CONFIG,
		retort_printf(scratch->arena,
			"cannot load driver '%s/d/junk.so': it is no shared library (invalid ELF header)",
			folder));
	expect_problem(scratch, 2, RETORT_E_CONFIG,
		retort_printf(scratch->arena, "cannot load driver '%s/d/folder.so': it is no regular file",
			folder));
	expect_problem(scratch, 3, RETORT_E_CONFIG,
		retort_printf(scratch->arena,
			"cannot load driver '%s/d/missing.so': cannot find '%s/d/missing.so': No such file "
			"or directory",
			folder, folder));
}

/* With a umask of 002 it is the user's own group that may write: as good as himself. Any other group isn't.
 */
static void the_group_of_one_user_is_the_user(void **state)
{
	struct scratch *scratch = *state;
	const struct passwd *user = getpwuid(geteuid());
	const struct group *group = user ? getgrgid(user->pw_gid) : NULL;

	install(scratch, "good", "d/e/good.so");
	if (!group || group->gr_mem[0] || strcmp(group->gr_name, user->pw_name) != 0)
		skip();
	assert_int_equal(chown("d/e/good.so", (uid_t)-1, group->gr_gid), 0);
	assert_int_equal(chown("d", (uid_t)-1, group->gr_gid), 0);
	assert_int_equal(chmod("d/e/good.so", 0664), 0);
	assert_int_equal(chmod("d", 0775), 0);
	assert_null(loader_distrust(scratch->arena, "d/e/good.so"));
	assert_int_equal(chmod("d", 0777), 0);
	assert_non_null(loader_distrust(scratch->arena, "d/e/good.so"));
	if (geteuid() == 0) {
		const gid_t others[] = {1, 100,
			54321}; /* another's own, one of several, one that is nobody's */

		assert_int_equal(chmod("d", 0775), 0);
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			assert_int_equal(chown("d", (uid_t)-1, others[i]), 0);
			assert_string_equal(loader_distrust(scratch->arena, "d/e/good.so"),
				retort_printf(scratch->arena, "others may write '%s/d': run chmod go-w on it",
					scratch->folder));
		}
	}
}

static void what_others_may_write_is_refused(void **state)
{
	const struct retort_driver *driver;
	struct scratch *scratch = *state;
	const char *folder = scratch->folder;

	install(scratch, "good", "d/e/good.so");
	assert_null(loader_distrust(scratch->arena, "d/e/good.so"));
	assert_int_equal(chmod("d/e/good.so", 0646), 0);
	assert_int_equal(loader_driver(loader(scratch, "d/e"), "good", &driver, scratch->err), -1);
	expect_count(scratch, 1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		retort_printf(scratch->arena,
			"cannot load the driver of 'good' from "
			"'%s/d/e/good.so': others may write '%s/d/e/good.so': run chmod go-w on it",
			folder, folder));
	assert_int_equal(chmod("d/e/good.so", 0644), 0);
	assert_int_equal(chmod("d", 0777), 0);
	retort_error_clear(scratch->err);
	assert_int_equal(loader_driver(loader(scratch, "d/e"), "good", &driver, scratch->err), -1);
	expect_count(scratch, 2);
	expect_problem(scratch, 1, RETORT_E_CONFIG,
		retort_printf(scratch->arena,
			"cannot load drivers from '%s/d/e': others may write '%s/d': run chmod go-w on it",
			folder, folder));
	assert_int_equal(chmod("d", 01777), 0);
	assert_int_equal(loader_driver(loader(scratch, "d/e"), "good", &driver, scratch->err), 0);
	/* a link is as good as what it leads to */
	assert_int_equal(mkdir("f", 0755), 0);
	assert_int_equal(symlink("../d/e/good.so", "f/good.so"), 0);
	assert_null(loader_distrust(scratch->arena, "f/good.so"));
	assert_int_equal(chmod("d", 0777), 0);
	assert_non_null(loader_distrust(scratch->arena, "f/good.so"));
	if (geteuid() == 0) {
		assert_int_equal(chmod("d", 0755), 0);
		assert_int_equal(chown("d/e/good.so", 12345, (gid_t)-1), 0);
		assert_string_equal(loader_distrust(scratch->arena, "d/e/good.so"),
			retort_printf(scratch->arena,
				"'%s/d/e/good.so' belongs to another user (12345): only what root or you own "
				"is loaded",
				folder));
	}
}

static void an_unknown_scheme_says_what_to_do(void **state)
{
	const struct retort_driver *driver;
	struct scratch *scratch = *state;
	struct loader *all;

	install(scratch, "good", "d/good.so");
	install(scratch, "no_driver", "d/no_driver.so");
	all = loader(scratch, "d");
	assert_int_equal(loader_driver(all, "postgres", &driver, scratch->err), -1);
	expect_count(scratch, 2);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"no driver serves 'postgres' URLs: install the package retort-driver-postgresql (installed: "
		"fine "
		"and good)");
	expect_problem(scratch, 1, RETORT_E_CONFIG,
		retort_printf(scratch->arena,
			"cannot load driver '%s/d/no_driver.so': "
			"it is not a retort driver: it exports no function retort_driver_entry",
			scratch->folder));
	retort_error_clear(scratch->err);
	assert_int_equal(loader_driver(all, "goood", &driver, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"no driver serves 'goood' URLs: did you mean 'good'? (installed: fine and good)");
	retort_error_clear(scratch->err);
	assert_int_equal(loader_driver(all, "mysq", &driver, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"no driver serves 'mysq' URLs: did you mean 'mysql', of the package retort-driver-mysql? "
		"(installed: "
		"fine and good)");
	retort_error_clear(scratch->err);
	assert_int_equal(loader_driver(all, "http", &driver, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"no driver serves 'http' URLs (installed: fine and good)");
	retort_error_clear(scratch->err);
	assert_int_equal(loader_driver(loader(scratch, "nowhere"), "http", &driver, scratch->err), -1);
	assert_true(strstr(retort_error_first(scratch->err)->message, "(none is installed in '/") != NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_driver_is_found_by_its_scheme),
		TEST(only_what_is_needed_is_loaded),
		TEST(folders_are_searched_in_order),
		TEST(dialects_by_name_and_scheme),
		TEST(one_driver_may_have_several_dialects),
		TEST(missing_fields_get_their_defaults),
		TEST(every_refusal_has_its_reason),
		TEST(files_that_are_no_drivers),
		TEST(the_group_of_one_user_is_the_user),
		TEST(what_others_may_write_is_refused),
		TEST(an_unknown_scheme_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
