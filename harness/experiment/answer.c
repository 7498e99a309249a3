/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/answer.h"

#include <stdlib.h>
#include <string.h>

#include "harness/experiment/crossing.h"
#include "harness/experiment/ini.h"

static const char word[] = "summary";

bool fl_answer_section(const char *section)
{
	return fl_ini_after(section, word) != NULL;
}

static struct fl_answer_column *column_of(struct fl_answer *a, const char *name, unsigned int line)
{
	for (size_t i = 0; i < a->n; i++)
		if (!strcmp(a->columns[i].name, name))
			return &a->columns[i];
	a->columns = fl_realloc(a->columns, (a->n + 1) * sizeof(*a->columns));
	a->columns[a->n] = (struct fl_answer_column){ .name = fl_strdup(name), .line = line };
	return &a->columns[a->n++];
}

static int take_column(struct fl_answer_column *c, const char *key, const char *value,
		       struct fl_error *err)
{
	if (!strcmp(key, "metric"))
		return fl_ini_text(&c->metric, value);
	if (!strcmp(key, "of")) {
		c->has_of = true;
		return fl_conditions_take(&c->of, key, value, err);
	}
	if (strcmp(key, "show") != 0)
		return fl_fail(err, FL_USAGE,
			       "unknown key %s in [summary %s]; allowed: metric, of, show", key,
			       c->name);
	c->plain = !strcmp(value, "value");
	return c->plain || !strcmp(value, "change")
		       ? 0
		       : fl_fail(err, FL_USAGE, "show = %s: change or value", value);
}

static int take_head(struct fl_answer *a, const char *key, const char *value, struct fl_error *err)
{
	if (!strcmp(key, "about"))
		return fl_ini_text(&a->about, value);
	if (!strcmp(key, "metric"))
		return fl_ini_text(&a->metric, value);
	if (!strcmp(key, "crossing"))
		return fl_ini_text(&a->crossing, value);
	if (!strcmp(key, "workloads"))
		return fl_ini_list(&a->workloads, key, value, err);
	if (strcmp(key, "against") != 0)
		return fl_fail(err, FL_USAGE,
			       "unknown key %s in [summary]; allowed: about, metric, against, "
			       "crossing, workloads",
			       key);
	a->has_against = true;
	return fl_conditions_take(&a->against, key, value, err);
}

int fl_answer_take(struct fl_answer *a, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err)
{
	const char *name = fl_ini_after(section, word);

	if (*name)
		return take_column(column_of(a, name, line), key, value, err);
	if (!a->given)
		a->line = line;
	a->given = true;
	return take_head(a, key, value, err);
}

int fl_answer_check(const struct fl_answer *a, const struct fl_crossings *crossings,
		    const char *file, struct fl_error *err)
{
	size_t x = 0;

	if (a->given && !a->n)
		return fl_fail(err, FL_USAGE, "%s:%u: [summary] needs a column: [summary NAME]",
			       file, a->line);
	for (size_t i = 0; i < a->n; i++) {
		const struct fl_answer_column *c = &a->columns[i];

		if (!c->metric && !a->metric)
			return fl_fail(err, FL_USAGE,
				       "%s:%u: [summary %s] needs metric =, here or in [summary]",
				       file, c->line, c->name);
		if (!c->has_of)
			return fl_fail(err, FL_USAGE, "%s:%u: [summary %s] needs of =", file,
				       c->line, c->name);
	}
	while (a->crossing && x < crossings->n && strcmp(crossings->v[x].name, a->crossing))
		x++;
	if (a->crossing && x == crossings->n)
		return fl_fail(err, FL_USAGE, "%s:%u: [summary] crossing = %s: no such crossing",
			       file, a->line, a->crossing);
	return 0;
}

static int take_line(void *arg, const char *section, const char *key, const char *value,
		     unsigned int line, struct fl_error *err)
{
	return fl_answer_section(section) ? fl_answer_take(arg, section, key, value, line, err) : 0;
}

int fl_answer_parse(struct fl_answer *a, const char *text, struct fl_error *err)
{
	memset(a, 0, sizeof(*a));
	return fl_ini_read_text(text, "the stored experiment", take_line, a, err);
}

void fl_answer_release(struct fl_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		free(a->columns[i].name);
		free(a->columns[i].metric);
		fl_conditions_release(&a->columns[i].of);
	}
	free(a->columns);
	free(a->about);
	free(a->metric);
	free(a->crossing);
	fl_conditions_release(&a->against);
	fl_strv_release(&a->workloads);
	memset(a, 0, sizeof(*a));
}
