/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Digits only: strtoull() would accept signs, blanks and other bases. */
static int take_digits(const char **text, uint64_t *value)
{
	const char *p = *text;
	uint64_t v = 0;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
			return -ERANGE;
	*text = p;
	*value = v;
	return 0;
}

int fl_parse_size(const char *text, uint64_t *bytes)
{
	static const char suffixes[] = "kmgt";
	const char *at;
	uint64_t v;
	int r = take_digits(&text, &v);

	if (r)
		return r;
	if (*text) {
		at = strchr(suffixes, *text | 0x20);
		if (!at || text[1])
			return -EINVAL;
		if (__builtin_mul_overflow(v, UINT64_C(1) << (10 * (at - suffixes + 1)), &v))
			return -ERANGE;
	}
	*bytes = v;
	return 0;
}

int fl_parse_time(const char *text, uint64_t *ns)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 },         { "us", 1000 },       { "ms", 1000000 },
		{ "s", 1000000000 }, { "m", 60000000000 },
	};
	uint64_t v;
	int r = take_digits(&text, &v);

	if (r)
		return r;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text, units[i].unit))
			continue;
		return __builtin_mul_overflow(v, units[i].ns, ns) ? -ERANGE : 0;
	}
	return -EINVAL;
}

int fl_parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	uint64_t v;
	int r = take_digits(&text, &v);

	if (r)
		return r;
	if (*text)
		return -EINVAL;
	if (v < min || v > max)
		return -ERANGE;
	*value = v;
	return 0;
}

const char *fl_format_size(uint64_t bytes, char *buf, size_t len)
{
	static const char suffixes[] = { 0, 'k', 'm', 'g', 't' };
	unsigned int i = 0;

	while (bytes && i < 4 && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	snprintf(buf, len, "%" PRIu64 "%.1s", bytes, i ? &suffixes[i] : "");
	return buf;
}

const char *fl_format_duration(uint64_t ns, char *buf, size_t len)
{
	uint64_t s = ns / 1000000000;

	if (s >= 3600)
		snprintf(buf, len, "%" PRIu64 "h %" PRIu64 "m", s / 3600, s / 60 % 60);
	else if (s >= 60)
		snprintf(buf, len, "%" PRIu64 "m %" PRIu64 "s", s / 60, s % 60);
	else if (s)
		snprintf(buf, len, "%" PRIu64 " s", s);
	else
		snprintf(buf, len, "%" PRIu64 " ms", ns / 1000000);
	return buf;
}

const char *fl_format_brief(double seconds, char *buf, size_t len)
{
	uint64_t s = seconds > 0 ? (uint64_t)(seconds + 0.5) : 0;

	if (s >= 3600)
		snprintf(buf, len, "%" PRIu64 "h%02" PRIu64 "m", s / 3600, s / 60 % 60);
	else if (s >= 60)
		snprintf(buf, len, "%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	else
		snprintf(buf, len, "%" PRIu64 "s", s);
	return buf;
}
