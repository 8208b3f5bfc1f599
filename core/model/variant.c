/* SPDX-License-Identifier: MIT */
/* Which answer of a dialect map counts: the dialect's, its family's, `default`. */
#include <string.h>

#include "base/text.h"
#include "model/catalog.h"
#include "model/resolve.h"

static bool lists(const struct resolve *resolve, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(names[i], resolve->dialect) == 0 || name_equal(names[i], resolve->family))
			return true;
	}
	return false;
}

bool resolve_in_scope(const struct resolve *resolve, const struct retort_scope *scope)
{
	if (!resolve->dialect)
		return true;
	if (scope->only_count && !lists(resolve, scope->only, scope->only_count))
		return false;
	return !lists(resolve, scope->except, scope->except_count);
}

/* The place of the answer among count structs whose first member is the dialect, or -1. */
static long pick(const struct resolve *resolve, const void *variants, size_t count, size_t stride)
{
	const char *wanted[] = {resolve->dialect, resolve->family, "default"};
	size_t i, j;

	for (i = 0; i < 3; i++) {
		for (j = 0; wanted[i] && j < count; j++) {
			const char *dialect;

			memcpy(&dialect, (const char *)variants + j * stride, sizeof dialect);
			if (strcmp(dialect, wanted[i]) == 0)
				return (long)j;
		}
	}
	return !resolve->dialect && count ? 0 : -1;
}

static int no_answer(const struct resolve *resolve, const char *what, struct retort_error *err)
{
	return retort_fail(err, RETORT_E_PLAN, "cannot tell %s: no answer for '%s', add one or default", what,
		resolve->dialect ? text_echo(resolve->arena, resolve->dialect, 40) : "default");
}

int resolve_text(const struct resolve *resolve, const struct retort_text *text, const char *what,
	const struct retort_text **ret, struct retort_error *err)
{
	struct retort_text *plain;
	long at;

	*ret = NULL;
	if (!text || (!text->variant_count && !text->sql))
		return 0;
	if (!text->variant_count) {
		*ret = text;
		return 0;
	}
	at = pick(resolve, text->variants, text->variant_count, sizeof *text->variants);
	if (at < 0)
		return no_answer(resolve, what, err);
	if (!text->variants[at].sql)
		return 0;
	plain = retort_alloc(resolve->arena, sizeof *plain);
	plain->sql = text->variants[at].sql;
	plain->file = text->variants[at].file;
	plain->written = text->variants[at].written;
	*ret = plain;
	return 0;
}

/* The default that counts, with no variants; *ret NULL: nothing here. */
static int choose(const struct resolve *resolve, const struct retort_default_variant *variants, size_t count,
	const char *what, const struct retort_default **ret, struct retort_error *err)
{
	long at = pick(resolve, variants, count, sizeof *variants);

	*ret = NULL;
	if (at < 0)
		return no_answer(resolve, what, err);
	*ret = variants[at].value;
	return 0;
}

int resolve_default(const struct resolve *resolve, const struct retort_default *def, const char *what,
	const struct retort_default **ret, struct retort_error *err)
{
	*ret = def;
	if (def && def->variant_count &&
		choose(resolve, def->variants, def->variant_count, what, ret, err) != 0)
		return -1;
	if (*ret && (*ret)->kind == RETORT_DEFAULT_NULL)
		*ret = NULL;
	return 0;
}

int resolve_value(const struct resolve *resolve, const struct retort_value *value, const char *what,
	const struct retort_value **ret, struct retort_error *err)
{
	const struct retort_default *chosen;
	struct retort_value *plain;

	*ret = value;
	if (!value || !value->variant_count)
		return 0;
	*ret = NULL;
	if (choose(resolve, value->variants, value->variant_count, what, &chosen, err) != 0)
		return -1;
	if (!chosen)
		return 0;
	plain = retort_alloc(resolve->arena, sizeof *plain);
	plain->kind = chosen->kind;
	plain->text = chosen->text;
	*ret = plain;
	return 0;
}

int resolve_type(const struct resolve *resolve, const struct retort_type *type, const char *what,
	const struct retort_type **ret, struct retort_error *err)
{
	const struct retort_text *native = type ? type->native_variants : NULL;
	struct retort_type *plain;
	long at;

	*ret = type;
	if (!native || !native->variant_count)
		return 0;
	at = pick(resolve, native->variants, native->variant_count, sizeof *native->variants);
	if (at >= 0 && !resolve->dialect && type->kind != RETORT_TYPE_NONE)
		at = -1; /* of no dialect: the type itself before another's native text */
	if (at < 0 && type->kind == RETORT_TYPE_NONE)
		return no_answer(resolve, what, err);
	if (at < 0) {
		plain = retort_alloc(resolve->arena, sizeof *plain);
		*plain = *type;
		plain->native_variants = NULL;
	} else {
		if (!native->variants[at].sql)
			return retort_fail(err, RETORT_E_PLAN, "cannot tell %s: a type can't be null", what);
		plain = retort_type_new(resolve->arena, RETORT_TYPE_NATIVE);
		plain->native = native->variants[at].sql;
	}
	*ret = plain;
	return 0;
}
