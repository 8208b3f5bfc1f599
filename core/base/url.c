/* SPDX-License-Identifier: MIT */
#include "base/url.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <uriparser/Uri.h>

#include "base/text.h"

enum {
	LONGEST_URL = 8192, /* bytes; uriparser's depth of calls grows with the text */
	ECHOED_URL = 200    /* characters of a URL in a message */
};

/* Fails with the URL, its password masked, and the reason. */
static int fail(const char *text, const char *reason, struct retort_error *err)
{
	struct retort_arena *arena = retort_arena_new();

	retort_fail(err, RETORT_E_CONFIG, "cannot use URL '%s': %s",
		text_echo(arena, url_masked(arena, text), ECHOED_URL), reason);
	retort_arena_free(arena);
	return -1;
}

static int hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The byte that a % at the start of text stands for, or -1 where it is no escape. */
static int escape_value(const char *text)
{
	int high = hex_value(text[1]), low = high < 0 ? -1 : hex_value(text[2]);

	return low < 0 ? -1 : high * 16 + low;
}

/* n bytes without their escapes. */
static const char *decode(struct retort_arena *arena, const char *text, size_t n)
{
	char *copy = retort_strndup(arena, text, n), *to = copy, *from = copy;

	while (*from) {
		int value = *from == '%' ? escape_value(from) : -1;

		from += value < 0 ? 1 : 3;
		*to++ = value < 0 ? from[-1] : (char)value;
	}
	*to = 0;
	return copy;
}

/* A part as uriparser found it; NULL where it is not there or empty. */
static const char *part(struct retort_arena *arena, const UriTextRangeA *range)
{
	if (!range->first || range->first == range->afterLast)
		return NULL;
	return decode(arena, range->first, (size_t)(range->afterLast - range->first));
}

/* What is wrong with the characters of a URL, or NULL. */
static const char *character_fault(const char *text)
{
	const char *at;

	if (strlen(text) > LONGEST_URL)
		return "it is too long";
	for (at = text; *at; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return "it holds a control character";
		if (*at == '#')
			return "it holds '#': write it as %23";
		if (*at == '%' && escape_value(at) < 0)
			return "it holds a '%' that two hex digits don't follow: write it as %25";
		if (*at == '%' && escape_value(at) == 0)
			return "it holds %00";
	}
	return NULL;
}

/* text with escapes for all that is no character of a URL. Brackets only belong around a host. */
static const char *escape(struct retort_arena *arena, const char *text)
{
	static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "-._~:/?@!$&'()*+,;=%";
	const char *authority = strstr(text, "://");
	const char *path = authority ? authority + 3 + strcspn(authority + 3, "/?") : text;
	struct retort_buf buf;

	retort_buf_init(&buf, arena);
	for (; *text; text++) {
		bool bracket = (*text == '[' || *text == ']') && text < path;

		if (bracket || strchr(kept, *text))
			retort_buf_char(&buf, *text);
		else
			retort_buf_printf(&buf, "%%%02X", (unsigned)(unsigned char)*text);
	}
	return buf.data;
}

/* "user:password". */
static void read_user(struct retort_arena *arena, struct retort_url *url, const UriTextRangeA *info)
{
	const char *colon;
	UriTextRangeA user = *info;

	if (!info->first)
		return;
	colon = memchr(info->first, ':', (size_t)(info->afterLast - info->first));
	if (colon) {
		user.afterLast = colon;
		url->password = decode(arena, colon + 1, (size_t)(info->afterLast - colon - 1));
	}
	url->user = part(arena, &user);
}

/* What follows the slash after the authority. */
static void read_path(struct retort_arena *arena, struct retort_url *url, const UriPathSegmentA *segment)
{
	struct retort_buf buf;

	retort_buf_init(&buf, arena);
	for (; segment; segment = segment->next) {
		const char *text = part(arena, &segment->text);

		retort_buf_str(&buf, text ? text : "");
		if (segment->next)
			retort_buf_char(&buf, '/');
	}
	url->path = buf.len ? buf.data : NULL;
}

/* The parameters, in their order. */
static void read_query(struct retort_arena *arena, struct retort_url *url, const UriTextRangeA *query)
{
	UriQueryListA *list = NULL, *item;
	struct retort_url_parameter *parameters = NULL;
	int n = 0;

	if (!query->first || query->first == query->afterLast)
		return;
	if (uriDissectQueryMallocExA(&list, &n, query->first, query->afterLast, URI_FALSE,
		    URI_BR_DONT_TOUCH) != URI_SUCCESS)
		abort(); /* out of memory: the text has been checked */
	for (item = list; item; item = item->next) {
		struct retort_url_parameter parameter = {
			.key = retort_strdup(arena, item->key),
			.value = retort_strdup(arena, item->value ? item->value : ""),
		};

		RETORT_PUSH(arena, parameters, url->parameter_count, parameter);
	}
	url->parameters = parameters;
	uriFreeQueryListA(list);
}

/* A port from 1 to 65535 into *port; an empty one leaves it 0. */
static int read_port(const UriTextRangeA *range, unsigned *port)
{
	const char *at;

	*port = 0;
	if (!range->first || range->first == range->afterLast)
		return 0;
	for (at = range->first; at < range->afterLast && *port <= USHRT_MAX; at++)
		*port = 10 * *port + (unsigned)(*at - '0');
	return *port >= 1 && *port <= 65535 ? 0 : -1;
}

/* The scheme in lower case, without "+driver". */
static const char *read_scheme(struct retort_arena *arena, const UriTextRangeA *range)
{
	char *scheme = retort_strndup(arena, range->first, (size_t)(range->afterLast - range->first));

	scheme[strcspn(scheme, "+")] = 0;
	text_lower(scheme);
	return scheme;
}

int url_parse(struct retort_arena *arena, const char *text, const struct retort_url **ret,
	struct retort_error *err)
{
	const char *fault = character_fault(text), *stopped = NULL;
	struct retort_url *url = retort_alloc(arena, sizeof *url);
	UriUriA uri;

	if (fault)
		return fail(text, fault, err);
	if (!strstr(text, "://"))
		return fail(text, "it is not of the form scheme://user@host/name", err);
	if (uriParseSingleUriA(&uri, escape(arena, text), &stopped) != URI_SUCCESS)
		return fail(text,
			"it is not of the form scheme://user:password@host:port/name?key=value: "
			"in a user or password write : / ? @ [ ] as %3A %2F %3F %40 %5B %5D",
			err);
	if (!uri.scheme.first || !uri.hostText.first)
		fault = "it is not of the form scheme://user@host/name";
	else if (read_port(&uri.portText, &url->port) < 0)
		fault = "a port is a number from 1 to 65535";
	if (!fault) {
		url->scheme = read_scheme(arena, &uri.scheme);
		read_user(arena, url, &uri.userInfo);
		url->host = part(arena, &uri.hostText);
		read_path(arena, url, uri.pathHead);
		read_query(arena, url, &uri.query);
	}
	uriFreeUriMembersA(&uri);
	if (fault)
		return fail(text, fault, err);
	*ret = url;
	return 0;
}

/* Where the password of the authority begins and ends; begin NULL: there is none. The end is the last
 * '@' wherever it stands, as a password may hold '/', '?' and '@' by mistake. */
static void find_password(const char *text, const char **begin, const char **end)
{
	const char *scheme = strstr(text, "://"), *rest = scheme ? scheme + 3 : text;
	const char *colon, *at = strrchr(rest, '@');

	*begin = *end = NULL;
	if (scheme && *rest == '/')
		return; /* an empty authority */
	if (!at && *rest == '[')
		rest += strcspn(rest, "]");
	colon = strchr(rest, ':');
	if (!colon || (at && colon > at))
		return;
	if (!at && (!scheme || strcspn(rest, "/?") < (size_t)(colon - rest)))
		return; /* a colon of the path */
	if (!at && strchr("/?", colon[1 + strspn(colon + 1, "0123456789")]))
		return; /* a port (strchr finds the end of the text too) */
	*begin = colon + 1;
	*end = at ? at : text + strlen(text);
}

/* Whether a parameter of this name, n bytes with escapes, holds a password. */
static bool is_secret(struct retort_arena *arena, const char *name, size_t n)
{
	static const char *const endings[] = {"password", "passwd", "pwd"};
	const char *key = decode(arena, name, n);
	size_t length = strlen(key), i;

	for (i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t ending = strlen(endings[i]);

		if (length >= ending && !text_casecmp(key + length - ending, endings[i]))
			return true;
	}
	return false;
}

/* The length of the value at text: quoted, or up to the next parameter. */
static size_t value_length(const char *text)
{
	const char *end = *text == '\'' || *text == '"' ? strchr(text + 1, *text) : NULL;

	return end ? (size_t)(end + 1 - text) : strcspn(text, "& \t\r\n");
}

const char *url_masked(struct retort_arena *arena, const char *text)
{
	static const char name_characters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.%";
	const char *begin, *end, *at, *value;
	struct retort_buf buf;
	size_t n;

	find_password(text, &begin, &end);
	if (begin)
		text = retort_printf(arena, "%.*s***%s", (int)(begin - text), text, end);
	retort_buf_init(&buf, arena);
	for (at = text; *at; at += n) {
		n = strspn(at, name_characters);
		value = at + n + strspn(at + n, " \t");
		if (n && *value == '=' && is_secret(arena, at, n)) {
			value += 1 + strspn(value + 1, " \t");
			retort_buf_mem(&buf, at, (size_t)(value - at));
			retort_buf_str(&buf, "***");
			n = (size_t)(value - at) + value_length(value);
		} else {
			n = n ? n : 1;
			retort_buf_mem(&buf, at, n);
		}
	}
	return buf.data;
}
