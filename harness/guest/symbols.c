/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/symbols.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/nearest.h"
#include "harness/base/strv.h"

#define SHOWN 3         /* names that contain the requested one */
#define SHORTEST_PART 4 /* shorter ones are contained in too many names */

struct symbol {
	uint64_t address;
	const char *name; /* in text */
};

struct fl_symbols {
	char *text;
	struct symbol *v;
	size_t n;
};

/* "ADDRESS TYPE NAME", modified.  A part split off by the compiler (.cold) is not a function. */
static bool take_line(char *line, struct symbol *s)
{
	char *end;

	s->address = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ' || !strchr("tTwW", end[1]))
		return false;
	s->name = end + 3;
	return s->address && *s->name && !strpbrk(s->name, " \t\r") && !strstr(s->name, ".cold");
}

struct fl_symbols *fl_symbols_parse(const char *text, size_t len)
{
	struct fl_symbols *s = fl_calloc(1, sizeof(*s));
	size_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	s->text = fl_calloc(1, len + 1);
	memcpy(s->text, text, len);
	s->v = fl_calloc(lines, sizeof(*s->v));
	for (char *at = s->text, *line; (line = strsep(&at, "\n"));)
		s->n += take_line(line, &s->v[s->n]);
	if (s->n)
		return s;
	fl_symbols_free(s);
	return NULL;
}

int fl_symbols_read(struct fl_symbols **s, const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	cleanup_free char *text = NULL;
	size_t room = 0;
	ssize_t len;

	*s = NULL;
	if (!f)
		return -errno;
	len = getdelim(&text, &room, '\0', f);
	if (len > 0)
		*s = fl_symbols_parse(text, strlen(text));
	return *s ? 0 : -EPROTO;
}

void fl_symbols_free(struct fl_symbols *s)
{
	if (!s)
		return;
	free(s->v);
	free(s->text);
	free(s);
}

static bool is_copy(const char *rest)
{
	return !*rest || !strncmp(rest, ".constprop.", 11) || !strncmp(rest, ".isra.", 6);
}

size_t fl_symbols_find(const struct fl_symbols *s, const char *name, uint64_t *addresses,
		       size_t max)
{
	size_t len = strlen(name), n = 0;

	for (size_t i = 0; i < s->n; i++) {
		bool known = false;

		if (strncmp(s->v[i].name, name, len) || !is_copy(s->v[i].name + len))
			continue;
		for (size_t j = 0; j < n && j < max; j++)
			known |= addresses[j] == s->v[i].address;
		if (known)
			continue;
		if (n < max)
			addresses[n] = s->v[i].address;
		n++;
	}
	return n;
}

static void list_with(const struct fl_symbols *s, const char *part, char *buf, size_t len)
{
	unsigned int shown = 0;

	for (size_t i = 0; i < s->n && shown < SHOWN; i++) {
		size_t at = strlen(buf);

		if (!strstr(s->v[i].name, part))
			continue;
		snprintf(buf + at, len - at, "%s%s", shown++ ? ", " : ": there is ", s->v[i].name);
	}
}

const char *fl_symbols_near(const struct fl_symbols *s, const char *name, char *buf, size_t len)
{
	struct fl_strv names = { 0 };

	for (size_t i = 0; i < s->n; i++)
		fl_strv_push(&names, s->v[i].name);
	fl_did_you_mean(name, &names, buf, len);
	if (!*buf && strlen(name) >= SHORTEST_PART)
		list_with(s, name, buf, len);
	fl_strv_release(&names);
	return buf;
}
