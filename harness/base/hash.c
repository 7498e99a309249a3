/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/hash.h"

#include <string.h>

uint64_t fl_hash(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		h = (h ^ word) * 0x100000001b3ull;
		h ^= h >> 29;
	}
	for (; len; p++, len--)
		h = (h ^ *p) * 0x100000001b3ull;
	return h;
}
