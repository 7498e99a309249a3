/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/plain.h"

#include <stdint.h>
#include <string.h>

#include "harness/base/strv.h"

static size_t tail_bytes(unsigned char first)
{
	return first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
}

size_t fl_plain_wanted(char first)
{
	return tail_bytes((unsigned char)first) + 1;
}

size_t fl_plain_length(const char *text, size_t *bad)
{
	const unsigned char *t = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	size_t more = tail_bytes(*t);
	uint32_t c = *t & (0x3fu >> more);

	*bad = 1;
	if (*t < 0x80)
		return (*t >= ' ' && *t != 0x7f) || *t == '\n' || *t == '\t';
	for (size_t i = 1; i <= more; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (t[i] & 0x3f);
	}
	if (!more || c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*bad = more + 1;
	return c < 0xa0 ? 0 : more + 1;
}

char *fl_plain(char *text)
{
	for (char *p = text; p && *p;) {
		size_t bad, n = fl_plain_length(p, &bad);

		if (!n)
			memset(p, '?', bad);
		p += n ? n : bad;
	}
	return text;
}

char *fl_plain_copy(const char *text)
{
	return text ? fl_plain(fl_strdup(text)) : NULL;
}
