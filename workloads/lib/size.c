// SPDX-License-Identifier: GPL-2.0
#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* strtoull() takes blanks and signs and wraps "-1"; a command line should not. */
static int leading_number(const char *text, uint64_t *value, const char **rest)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 0);
	*rest = end;
	return errno ? -ERANGE : 0;
}

int number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	const char *rest;
	uint64_t v;
	int err = leading_number(text, &v, &rest);

	if (err == -EINVAL || *rest)
		return -EINVAL;
	if (err || v < min || v > max)
		return -ERANGE;
	*value = v;
	return 0;
}

int number_parse_signed(const char *text, int64_t min, int64_t max, int64_t *value)
{
	bool negative = *text == '-';
	uint64_t v;
	int64_t signed_v;
	int err = number_parse(text + negative, 0, INT64_MAX, &v);

	if (err)
		return err;
	signed_v = negative ? -(int64_t)v : (int64_t)v;
	if (signed_v < min || signed_v > max)
		return -ERANGE;
	*value = signed_v;
	return 0;
}

static int suffix_shift(char c)
{
	static const char suffixes[] = "kmgt";
	const char *at = strchr(suffixes, tolower((unsigned char)c));

	return at ? (int)(at - suffixes + 1) * 10 : -1;
}

int size_parse(const char *text, uint64_t *bytes)
{
	const char *rest;
	uint64_t v;
	int err = leading_number(text, &v, &rest);
	int shift = 0;

	if (err == -EINVAL)
		return err;
	if (*rest) {
		shift = suffix_shift(*rest);
		if (shift < 0 || rest[1])
			return -EINVAL;
	}
	if (err || v > UINT64_MAX >> shift)
		return -ERANGE;
	*bytes = v << shift;
	return 0;
}

int delay_parse(const char *text, uint64_t *ns)
{
	const char *rest;
	uint64_t v;
	uint64_t factor = 1;
	int err = leading_number(text, &v, &rest);

	if (err == -EINVAL)
		return err;
	if (*rest == 'u')
		factor = 1000;
	else if (*rest == 'm')
		factor = 1000000;
	else if (*rest)
		return -EINVAL;
	if (*rest && rest[1])
		return -EINVAL;
	if (err || v > UINT64_MAX / factor)
		return -ERANGE;
	*ns = v * factor;
	return 0;
}
