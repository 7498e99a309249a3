/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/nearest.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_LEN 96
#define NEAR 3 /* a typo is at most this many edits */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance; names longer than NAME_MAX_LEN match nothing. */
static size_t edits(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], n = strlen(b);

	if (n > NAME_MAX_LEN || strlen(a) > NAME_MAX_LEN)
		return NAME_MAX_LEN;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t change = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(change, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[n];
}

const char *fl_nearest(const char *name, const char *const *names)
{
	const char *found = NULL;
	size_t best = NEAR + 1;

	for (; *names; names++) {
		size_t d = edits(name, *names);

		if (d < best && d < strlen(*names)) {
			best = d;
			found = *names;
		}
	}
	return found;
}

const char *fl_did_you_mean(const char *name, const struct fl_strv *names, char *buf, size_t len)
{
	const char *near = names->n ? fl_nearest(name, (const char *const *)names->v) : NULL;

	buf[0] = '\0';
	if (near)
		snprintf(buf, len, ": did you mean %s?", near);
	return buf;
}
