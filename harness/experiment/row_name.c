/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/row_name.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/ini.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/setting.h"

static const char word[] = "row";

bool fl_row_names_section(const char *section)
{
	const char *name = fl_ini_after(section, word);

	return name && *name;
}

static struct fl_row_name *find(struct fl_row_names *r, const char *name, unsigned int line)
{
	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->v[i].name, name))
			return &r->v[i];
	r->v = fl_realloc(r->v, (r->n + 1) * sizeof(*r->v));
	r->v[r->n] = (struct fl_row_name){ .name = fl_strdup(name), .line = line };
	return &r->v[r->n++];
}

int fl_row_names_take(struct fl_row_names *r, const char *section, const char *key,
		      const char *value, unsigned int line, struct fl_error *err)
{
	struct fl_row_name *one = find(r, fl_ini_after(section, word), line);

	if (strcmp(key, "of") != 0)
		return fl_key_unknown("row NAME", one->name, key, err);
	return fl_conditions_take(&one->of, key, value, err);
}

/* The text between two @: "KEY" or "NUMBER - KEY". */
struct place {
	char *key;
	double from;
	bool reverse;
};

static struct place take_apart(const char *text, size_t len)
{
	cleanup_free char *whole = strndup(text, len);
	struct place p = { 0 };
	char *end;

	p.from = strtod(whole, &end);
	p.reverse = end != whole && !strncmp(end, " - ", 3);
	p.key = fl_strdup(p.reverse ? end + 3 : whole);
	return p;
}

static int check_name(const struct fl_row_name *one, const char *file, struct fl_error *err)
{
	const char *at = strchr(one->name, '@');

	while (at) {
		const char *end = strchr(at + 1, '@');
		struct place p;
		bool known;

		if (!end)
			return fl_fail(err, FL_USAGE, "%s:%u: [row %s]: @ is not closed: @KEY@",
				       file, one->line, one->name);
		p = take_apart(at + 1, (size_t)(end - at - 1));
		known = fl_setting_find(p.key);
		if (!known)
			fl_fail(err, FL_USAGE,
				"%s:%u: [row %s]: no setting %s: faultline list settings", file,
				one->line, one->name, p.key);
		free(p.key);
		if (!known)
			return -1;
		at = strchr(end + 1, '@');
	}
	return 0;
}

int fl_row_names_check(const struct fl_row_names *r, const char *file, struct fl_error *err)
{
	for (size_t i = 0; i < r->n; i++)
		if (check_name(&r->v[i], file, err))
			return -1;
	return 0;
}

static int take_line(void *arg, const char *section, const char *key, const char *value,
		     unsigned int line, struct fl_error *err)
{
	return fl_row_names_section(section)
		       ? fl_row_names_take(arg, section, key, value, line, err)
		       : 0;
}

int fl_row_names_parse(struct fl_row_names *r, const char *text, struct fl_error *err)
{
	memset(r, 0, sizeof(*r));
	return fl_ini_read_text(text, "the stored experiment", take_line, r, err);
}

void fl_row_names_release(struct fl_row_names *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].name);
		fl_conditions_release(&r->v[i].of);
	}
	free(r->v);
	memset(r, 0, sizeof(*r));
}

static char *value_of(const char *text, size_t len, fl_row_value value, void *arg)
{
	struct place p = take_apart(text, len);
	const char *found = value(arg, p.key);
	char *end = NULL;
	double number = found ? strtod(found, &end) : 0;

	free(p.key);
	if (!found || (p.reverse && (end == found || *end)))
		return NULL;
	return p.reverse ? fl_asprintf("%g", p.from - number) : fl_strdup(found);
}

char *fl_row_name_fill(const struct fl_row_name *r, fl_row_value value, void *arg)
{
	const char *from = r->name, *at, *end;
	char *text = fl_strdup("");

	while ((at = strchr(from, '@')) && (end = strchr(at + 1, '@'))) {
		cleanup_free char *one = value_of(at + 1, (size_t)(end - at - 1), value, arg);
		cleanup_free char *old = text;

		if (!one)
			return NULL;
		text = fl_asprintf("%s%.*s%s", old, (int)(at - from), from, one);
		from = end + 1;
	}
	{
		cleanup_free char *old = text;

		return fl_asprintf("%s%s", old, from);
	}
}
