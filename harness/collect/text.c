/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/text.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

bool fl_text_next(const char **at, const char *end, char *line, size_t room)
{
	const char *stop;
	size_t n;

	if (*at >= end)
		return false;
	stop = memchr(*at, '\n', (size_t)(end - *at));
	stop = stop ? stop : end;
	n = (size_t)(stop - *at) < room - 1 ? (size_t)(stop - *at) : room - 1;
	memcpy(line, *at, n);
	line[n] = '\0';
	*at = stop < end ? stop + 1 : end;
	return true;
}

/* Digits at p, bounded by end: 0 or -EINVAL. */
static int take_number(const char *p, const char *end, double *out)
{
	uint64_t v = 0;
	const char *start;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	for (start = p; p < end && *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			return -EINVAL;
	if (p == start)
		return -EINVAL;
	*out = (double)v;
	return 0;
}

/* The number behind "KEY<mark>" at the beginning of a line. */
static int find_number(const char *text, size_t len, const char *key, char mark, double *out)
{
	const char *end = text + len, *line = text;
	size_t n = strlen(key);

	while (line < end) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		if (!next)
			next = end;
		if ((size_t)(next - line) > n && line[n] == mark && !memcmp(line, key, n))
			return take_number(line + n + 1, next, out);
		line = next + 1;
	}
	return -ENOENT;
}

int fl_text_colon(const char *text, size_t len, const char *key, double *out)
{
	return find_number(text, len, key, ':', out);
}

int fl_text_space(const char *text, size_t len, const char *key, double *out)
{
	return find_number(text, len, key, ' ', out);
}

int fl_value_colon(const char *text, size_t len, const char *key, const struct fl_range *ram,
		   double *out)
{
	(void)ram;
	return fl_text_colon(text, len, key, out);
}

int fl_value_space(const char *text, size_t len, const char *key, const struct fl_range *ram,
		   double *out)
{
	(void)ram;
	return fl_text_space(text, len, key, out);
}

int fl_value_number(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out)
{
	(void)key;
	(void)ram;
	return take_number(text, text + len, out);
}
