/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "model/resolve.h"

/* What cutting costs: "_" and eight hex digits. */
enum { HASH_DIGITS = 8, CUT = HASH_DIGITS + 1 };

const struct naming naming_default = {
	.pk = "pk_%(table)s",
	.uq = "uq_%(table)s_%(columns)s",
	.ix = "ix_%(table)s_%(columns)s",
	.fk = "fk_%(table)s_%(columns)s_%(referred_table)s",
	.ck = "ck_%(table)s_%(name)s",
	.en = "%(table)s_%(column)s",
};

const char *naming_cut(const struct resolve *resolve, const char *name)
{
	size_t bytes = strlen(name), keep, seen = 0;
	size_t length = resolve->max_name_characters ? text_utf8_count(name, bytes) : bytes;
	struct digest digest;
	char hex[65];

	if (resolve->max_name <= CUT || length <= resolve->max_name)
		return name;
	for (keep = 0; keep < bytes; keep++) {
		bool begins = ((unsigned char)name[keep] & 0xc0) != 0x80;

		if (begins && resolve->max_name_characters && seen++ == resolve->max_name - CUT)
			break;
		if (!resolve->max_name_characters && keep == resolve->max_name - CUT)
			break;
	}
	while (keep > 0 && ((unsigned char)name[keep] & 0xc0) == 0x80) /* no half a character */
		keep--;
	digest_init(&digest);
	digest_add(&digest, name, bytes);
	digest_hex(&digest, hex);
	return retort_printf(resolve->arena, "%.*s_%.*s", (int)keep, name, HASH_DIGITS, hex);
}

const char *naming_apply(const struct resolve *resolve, const char *template, const char *table,
	const char *const *columns, size_t column_count, const char *referred_table, const char *name)
{
	const struct {
		const char *key, *value;
	} fields[] = {
		{"%(table)s", table},
		{"%(referred_table)s", referred_table},
		{"%(name)s", name},
		{"%(column)s", column_count ? columns[0] : name},
	};
	static const char columns_key[] = "%(columns)s";
	struct retort_buf out;
	size_t i;

	retort_buf_init(&out, resolve->arena);
	while (*template) {
		size_t plain = strcspn(template, "%");

		if (plain) {
			retort_buf_mem(&out, template, plain);
			template += plain;
			continue;
		}
		for (i = 0; i < sizeof fields / sizeof *fields && !text_starts(template, fields[i].key); i++)
			continue;
		if (i < sizeof fields / sizeof *fields) {
			retort_buf_str(&out, fields[i].value ? fields[i].value : "");
			template += strlen(fields[i].key);
		} else if (text_starts(template, columns_key)) {
			for (i = 0; i < column_count; i++)
				retort_buf_printf(&out, "%s%s", i ? "_" : "", columns[i]);
			template += strlen(columns_key);
		} else {
			if (template[1] == '%')
				template ++;
			retort_buf_char(&out, *template ++);
		}
	}
	return naming_cut(resolve, out.data);
}
