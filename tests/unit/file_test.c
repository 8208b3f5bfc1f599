/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct retort_arena *arena;
static struct retort_error *err;
static const char *folder; /* a fresh one, the working folder of each test */

static int setup(void **state)
{
	char name[] = "/tmp/retort-file-XXXXXX";

	(void)state;
	arena = retort_arena_new();
	err = retort_error_new();
	folder = retort_strdup(arena, mkdtemp(name));
	return chdir(folder);
}

/* Removes the folder with what is in it; tests make no deeper ones except "a". */
static int teardown(void **state)
{
	const char *command = retort_printf(arena, "rm -rf '%s'", folder);
	int ret = chdir("/") | system(command);

	(void)state;
	retort_error_free(err);
	retort_arena_free(arena);
	return ret;
}

/* The number of files in the working folder. */
static int count_files(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return n;
}

/* Takes the one error there is. */
static const char *take_message(void)
{
	const char *message;

	assert_int_equal(retort_error_count(err), 1);
	assert_int_equal(retort_error_first(err)->code, RETORT_E_IO);
	message = retort_strdup(arena, retort_error_first(err)->message);
	retort_error_clear(err);
	return message;
}

static void what_was_written_is_read(void **state)
{
	static const char bytes[] = "a\0b\n\xff";
	char *text = NULL;
	size_t len = 99;

	(void)state;
	assert_int_equal(file_write("f", bytes, 5, false, err), 0);
	assert_int_equal(file_read(arena, "f", 5, &text, &len, err), 0);
	assert_int_equal(len, 5);
	assert_memory_equal(text, bytes, 6);
	assert_int_equal(file_write("f", "", 0, false, err), 0);
	assert_int_equal(file_read(arena, "f", 0, &text, &len, err), 0);
	assert_int_equal(len, 0);
	assert_string_equal(text, "");
	assert_int_equal(file_read(arena, "f", 0, &text, NULL, err), 0);
	assert_int_equal(count_files(), 1);
}

static void what_cannot_be_read_is_told(void **state)
{
	char *text = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(file_read(arena, "none", 9, &text, &len, err), -1);
	assert_string_equal(take_message(), "cannot read 'none': no such file or directory");
	assert_int_equal(file_read(arena, ".", 9, &text, &len, err), -1);
	assert_string_equal(take_message(), "cannot read '.': is a directory");
	assert_int_equal(file_read(arena, "/dev/null", 9, &text, &len, err), -1);
	assert_string_equal(take_message(), "cannot read '/dev/null': not a regular file");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	/* without waiting for a writer */
	assert_int_equal(file_read(arena, "pipe", 9, &text, &len, err), -1);
	assert_string_equal(take_message(), "cannot read 'pipe': not a regular file");
	assert_int_equal(file_write("six", "123456", 6, false, err), 0);
	assert_int_equal(file_read(arena, "six", 5, &text, &len, err), -1);
	assert_string_equal(take_message(), "cannot read 'six': it is longer than 5 bytes");
	assert_int_equal(file_read(arena, "a\033[1m\nb", 9, &text, &len, err), -1);
	assert_string_equal(take_message(), "cannot read 'a\\x1b[1m\\x0ab': no such file or directory");
	assert_null(text);
}

static void the_mode_obeys_the_umask(void **state)
{
	mode_t before = umask(027);
	struct stat status;

	(void)state;
	assert_int_equal(file_write("f", "x", 1, false, err), 0);
	assert_int_equal(file_write("g", "x", 1, true, err), 0);
	umask(before);
	assert_int_equal(stat("f", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_int_equal(stat("g", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_int_equal(status.st_nlink, 1);
}

static void exclusive_leaves_what_is_there(void **state)
{
	char *text;
	size_t len;

	(void)state;
	assert_int_equal(file_write("f", "old", 3, true, err), 0);
	assert_int_equal(file_write("f", "new", 3, true, err), -1);
	assert_string_equal(take_message(), "cannot write 'f': file exists");
	assert_int_equal(file_read(arena, "f", 99, &text, &len, err), 0);
	assert_string_equal(text, "old");
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(file_write("link", "new", 3, true, err), -1); /* a link counts, wherever it leads */
	take_message();
	assert_false(file_exists("nowhere"));
	assert_int_equal(file_write("f", "new", 3, false, err), 0);
	assert_int_equal(file_read(arena, "f", 99, &text, &len, err), 0);
	assert_string_equal(text, "new");
	assert_int_equal(count_files(), 2);
}

static void a_failed_write_leaves_nothing(void **state)
{
	char *text;
	size_t len;

	(void)state;
	assert_int_equal(file_write("none/f", "x", 1, false, err), -1);
	assert_string_equal(take_message(), "cannot write 'none/f': no such file or directory");
	assert_int_equal(mkdir("a", 0777), 0);
	assert_int_equal(file_write("a", "x", 1, false, err), -1);
	assert_string_equal(take_message(), "cannot write 'a': is a directory");
	assert_int_equal(file_write("f", "old", 3, false, err), 0);
	assert_int_equal(count_files(), 2);
	assert_int_equal(file_read(arena, "f", 99, &text, &len, err), 0);
	assert_string_equal(text, "old");
}

/* A limit on the size of files stands for a full disk: part of the text is written. */
static void a_full_disk_leaves_the_old_file(void **state)
{
	struct rlimit before, limit;
	char *big = retort_alloc(arena, 100000), *text;
	size_t len;
	int ret;

	(void)state;
	assert_int_equal(file_write("f", "old", 3, false, err), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){5000, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ret = file_write("f", big, 100000, false, err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(ret, -1);
	assert_string_equal(take_message(), "cannot write 'f': file too large");
	assert_int_equal(count_files(), 1);
	assert_int_equal(file_read(arena, "f", 99, &text, &len, err), 0);
	assert_string_equal(text, "old");
}

static void folders_are_made(void **state)
{
	(void)state;
	assert_int_equal(file_make_folder("a/b//c/", err), 0);
	assert_true(file_is_folder("a/b/c"));
	assert_int_equal(file_make_folder("a/b/c", err), 0);
	assert_int_equal(file_make_folder(".", err), 0);
	assert_int_equal(file_make_folder("/", err), 0);
	assert_int_equal(file_make_folder(path_join(arena, folder, "a/d"), err), 0);
	assert_true(file_is_folder("a/d"));
	assert_int_equal(file_write("f", "", 0, false, err), 0);
	assert_int_equal(file_make_folder("f", err), -1);
	assert_string_equal(take_message(), "cannot create folder 'f': not a directory");
	assert_int_equal(file_make_folder("f/g/h", err), -1);
	assert_string_equal(take_message(), "cannot create folder 'f': not a directory");
	assert_true(file_exists("f"));
	assert_false(file_is_folder("f"));
	assert_false(file_exists("g"));
	assert_false(file_is_folder("g"));
}

static void paths_are_joined_and_parted(void **state)
{
	(void)state;
	assert_string_equal(path_join(arena, "a", "b"), "a/b");
	assert_string_equal(path_join(arena, "a/", "b"), "a/b");
	assert_string_equal(path_join(arena, "/", "b"), "/b");
	assert_string_equal(path_join(arena, "", "b"), "b");
	assert_string_equal(path_join(arena, "a", "/b"), "/b");
	assert_string_equal(path_folder(arena, "a/b/c"), "a/b");
	assert_string_equal(path_folder(arena, "a//c"), "a");
	assert_string_equal(path_folder(arena, "c"), ".");
	assert_string_equal(path_folder(arena, ""), ".");
	assert_string_equal(path_folder(arena, "/c"), "/");
	assert_string_equal(path_folder(arena, "//c"), "/");
	assert_string_equal(path_folder(arena, "a/"), "a");
	assert_string_equal(path_name("a/b"), "b");
	assert_string_equal(path_name("b"), "b");
	assert_string_equal(path_name("a/"), "");
	assert_string_equal(path_name("/"), "");
}

static void paths_become_absolute(void **state)
{
	static const char *const cases[][2] = {
		{"/", "/"},
		{"//", "/"},
		{"/a", "/a"},
		{"/a/", "/a"},
		{"/a//b/./c/../d", "/a/b/d"},
		{"/..", "/"},
		{"/../../a", "/a"},
		{"/a/..", "/"},
		{"/a/b/../..", "/"},
		{"/a/...", "/a/..."},
		{"/a/.b/..c", "/a/.b/..c"},
		{"/.", "/"},
	};
	const char *here = retort_printf(arena, "%s", folder);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(path_absolute(arena, cases[i][0]), cases[i][1]);
	assert_string_equal(path_absolute(arena, ""), here);
	assert_string_equal(path_absolute(arena, "."), here);
	assert_string_equal(path_absolute(arena, "x/../y"), retort_printf(arena, "%s/y", here));
	assert_string_equal(path_absolute(arena, ".."), path_folder(arena, here));
}

static void paths_become_relative(void **state)
{
	static const char *const cases[][3] = {
		{"/a/b", "/a", "b"},
		{"/a", "/a", "."},
		{"/", "/", "."},
		{"/a", "/", "a"},
		{"/", "/a/b", "../.."},
		{"/a", "/a/b", ".."},
		{"/a/b/c", "/a/d", "../b/c"},
		{"/ab", "/a", "../ab"}, /* a common start of names is no common folder */
		{"/a", "/ab", "../a"},
		{"/a/bc", "/a/bd", "../bc"},
		{"/x/y", "/a/b/c", "../../../x/y"},
		{"/a/./b/../c", "/a//", "c"},
		{"x/y", "x", "y"},
		{"y", "x", "../y"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(path_relative(arena, cases[i][0], cases[i][1]), cases[i][2]);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_read),
		TEST(what_cannot_be_read_is_told),
		TEST(the_mode_obeys_the_umask),
		TEST(exclusive_leaves_what_is_there),
		TEST(a_failed_write_leaves_nothing),
		TEST(a_full_disk_leaves_the_old_file),
		TEST(folders_are_made),
		TEST(paths_are_joined_and_parted),
		TEST(paths_become_absolute),
		TEST(paths_become_relative),
	};

	signal(SIGXFSZ, SIG_IGN); /* over the limit, write says so */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
