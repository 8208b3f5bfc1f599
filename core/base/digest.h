/* SPDX-License-Identifier: MIT
 *
 * base/digest.h: SHA-256, by Nettle, which uses the processor's instructions for it.
 */
#ifndef RETORT_BASE_DIGEST_H
#define RETORT_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <nettle/sha2.h>

struct digest {
	struct sha256_ctx state;
};

void digest_init(struct digest *digest);
void digest_add(struct digest *digest, const void *data, size_t n);
/* Adds the length, then the bytes: what is fed field by field can't be shifted. NULL differs from "". */
void digest_add_field(struct digest *digest, const char *text);
/* Writes 64 hex digits and a zero byte. */
void digest_hex(struct digest *digest, char hex[65]);

/* A fast hash that tells changes made by accident, not by intent. */
uint64_t digest_quick(const void *data, size_t n);

#endif
