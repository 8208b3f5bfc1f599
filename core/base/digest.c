/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <stdint.h>
#include <string.h>

void digest_init(struct digest *digest)
{
	sha256_init(&digest->state);
}

void digest_add(struct digest *digest, const void *data, size_t n)
{
	if (n)
		sha256_update(&digest->state, n, data);
}

void digest_add_field(struct digest *digest, const char *text)
{
	uint64_t n = text ? strlen(text) : UINT64_MAX;
	uint8_t length[8];
	size_t i;

	/* Big-endian everywhere: digests are kept in databases and compared by other machines. */
	for (i = 0; i < sizeof length; i++)
		length[i] = (uint8_t)(n >> (56 - 8 * i));
	digest_add(digest, length, sizeof length);
	if (text)
		digest_add(digest, text, (size_t)n);
}

void digest_hex(struct digest *digest, char hex[65])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[SHA256_DIGEST_SIZE];

	sha256_digest(&digest->state, sizeof bytes, bytes);
	for (size_t i = 0; i < sizeof bytes; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 0xf];
	}
	hex[2 * sizeof bytes] = '\0';
}

/* Like FNV-1a, but by words of eight bytes, whose upper half is folded back. */
uint64_t digest_quick(const void *data, size_t n)
{
	const unsigned char *at = data;
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ n;

	for (; n > 0;) {
		size_t take = n < sizeof(uint64_t) ? n : sizeof(uint64_t);
		uint64_t word = 0;

		for (size_t i = 0; i < take; i++)
			word |= (uint64_t)at[i] << (8 * i);
		hash = (hash ^ word) * UINT64_C(0x100000001b3);
		hash ^= hash >> 32;
		at += take;
		n -= take;
	}
	return hash;
}
