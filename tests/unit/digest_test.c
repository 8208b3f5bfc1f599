/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"

/* The test vectors of FIPS 180-2. */
static void known_digests(void **state)
{
	struct digest digest;
	char hex[65], a[1000];
	int i;

	(void)state;
	digest_init(&digest);
	digest_hex(&digest, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

	digest_init(&digest);
	digest_add(&digest, "a", 1);
	digest_add(&digest, NULL, 0);
	digest_add(&digest, "bc", 2);
	digest_hex(&digest, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

	memset(a, 'a', sizeof a);
	digest_init(&digest);
	for (i = 0; i < 1000; i++)
		digest_add(&digest, a, sizeof a);
	digest_hex(&digest, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The digest of two fields. */
static void two(const char *a, const char *b, char hex[65])
{
	struct digest digest;

	digest_init(&digest);
	digest_add_field(&digest, a);
	digest_add_field(&digest, b);
	digest_hex(&digest, hex);
}

static void fields_cannot_be_shifted(void **state)
{
	static const char *const pairs[][2] = {
		{"ab", "c"},
		{"a", "bc"},
		{"abc", ""},
		{"", "abc"},
		{NULL, "abc"},
		{"abc", NULL},
		{NULL, NULL},
		{"", ""},
	};
	enum { N = sizeof pairs / sizeof *pairs };
	char hex[N][65];
	size_t i, k;

	(void)state;
	for (i = 0; i < N; i++) {
		two(pairs[i][0], pairs[i][1], hex[i]);
		for (k = 0; k < i; k++)
			assert_string_not_equal(hex[i], hex[k]);
	}
}

/* Checksums are kept in databases: the encoding of a field must never change. */
static void the_encoding_is_frozen(void **state)
{
	struct digest digest;
	char hex[65], by_hand[65];

	(void)state;
	digest_init(&digest);
	digest_add(&digest,
		"\0\0\0\0\0\0\0\3"
		"abc"
		"\377\377\377\377\377\377\377\377",
		19);
	digest_hex(&digest, by_hand);
	two("abc", NULL, hex);
	assert_string_equal(hex, by_hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests),
		cmocka_unit_test(fields_cannot_be_shifted),
		cmocka_unit_test(the_encoding_is_frozen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
