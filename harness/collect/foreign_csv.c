/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers in comma-separated lines (RFC 4180, without line ends in quotes). */
#include <stdlib.h>
#include <string.h>

#include "harness/base/units.h"
#include "harness/collect/picking.h"

#define FIELD_MAX 128

/* The field at *at, unquoted, without blanks at its ends and cut; *at goes behind its comma. false:
 * it was the last. */
static bool take_field(const char **at, const char *end, char field[FIELD_MAX])
{
	const char *p = *at;
	bool quoted = false;
	size_t n = 0;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	for (; p < end && (quoted || *p != ','); p++) {
		if (*p == '"' && quoted && p + 1 < end && p[1] == '"')
			p++;
		else if (*p == '"') {
			quoted = !quoted;
			continue;
		}
		if (n < FIELD_MAX - 1)
			field[n++] = *p;
	}
	while (n && strchr(" \t\r", field[n - 1]))
		n--;
	field[n] = '\0';
	*at = p < end ? p + 1 : end;
	return p < end;
}

/* Number of the field with that text, from 1 on; 0: none. */
static uint64_t find_field(const char *at, const char *end, const char *text)
{
	char field[FIELD_MAX];
	uint64_t i = 0;
	bool more;

	do {
		more = take_field(&at, end, field);
		i++;
		if (!strcmp(field, text))
			return i;
	} while (more);
	return 0;
}

static void take_number(struct fl_picking *p, const char *at, const char *end, uint64_t column)
{
	char field[FIELD_MAX], *rest;
	double value;
	bool more = true;

	for (uint64_t i = 0; i < column; i++) {
		if (!more)
			return fl_picking_refuse(p, "no such field");
		more = take_field(&at, end, field);
	}
	value = strtod(field, &rest);
	if (!*field)
		fl_picking_refuse(p, "an empty field");
	else if (*rest || strlen(field) == FIELD_MAX - 1)
		fl_picking_refuse(p, "%.40s (no number)", field);
	else
		fl_picking_take(p, value);
}

void fl_foreign_csv(struct fl_picking *p, const struct fl_own_metric *m, const char *text,
		    size_t len)
{
	const char *end = text + len, *line = text, *at;
	uint64_t column = 0, heading;
	char first[FIELD_MAX];

	fl_parse_u64(m->column, 1, 1000, &column);
	for (const char *stop; line < end; line = stop + 1) {
		stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop ? stop : end;
		heading = find_field(line, stop, m->column);
		at = line;
		take_field(&at, stop, first);
		if (heading && strcmp(first, m->text) != 0)
			column = heading;
		else if (column && !strcmp(first, m->text))
			take_number(p, line, stop, column);
	}
}
