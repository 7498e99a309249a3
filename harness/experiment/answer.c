/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/answer.h"

#include <stdlib.h>
#include <string.h>

#include "harness/experiment/crossing.h"
#include "harness/experiment/ini.h"
#include "harness/experiment/keys.h"

static const char word[] = "summary", line_word[] = "summary-line";

bool fl_answer_section(const char *section)
{
	return fl_ini_after(section, word) || fl_ini_after(section, line_word);
}

static int take_line_key(struct fl_answer *a, const char *name, const char *key, const char *value,
			 unsigned int line, struct fl_error *err)
{
	struct fl_answer_line *l;
	size_t i = 0;

	if (!*name)
		return fl_fail(err, FL_USAGE, "[summary-line] needs a name: [summary-line NAME]");
	if (strcmp(key, "of") != 0)
		return fl_key_unknown("summary-line NAME", name, key, err);
	while (i < a->n_lines && strcmp(a->lines[i].name, name) != 0)
		i++;
	if (i == a->n_lines) {
		a->lines = fl_realloc(a->lines, (i + 1) * sizeof(*a->lines));
		a->lines[a->n_lines++] =
			(struct fl_answer_line){ .name = fl_strdup(name), .line = line };
	}
	l = &a->lines[i];
	fl_conditions_release(&l->of);
	return fl_conditions_take(&l->of, key, value, err);
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

static int take_over(struct fl_answer_column *c, const char *value, struct fl_error *err)
{
	static const char *const words[] = {
		[FL_OVER_FIRST] = "first",
		[FL_OVER_SUM] = "sum",
		[FL_OVER_LEAST] = "least",
		[FL_OVER_MOST] = "most",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) != 0)
			continue;
		c->over = (enum fl_answer_over)i;
		c->plain |= i > 0; /* a sum is not compared with a reference */
		return 0;
	}
	return fl_fail(err, FL_USAGE, "over = %s: one of first, sum, least, most", value);
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
	if (!strcmp(key, "over"))
		return take_over(c, value, err);
	if (!strcmp(key, "fold")) {
		c->adds = c->plain = !strcmp(value, "sum");
		return c->adds ? 0 : fl_fail(err, FL_USAGE, "fold = %s: sum", value);
	}
	if (strcmp(key, "show") != 0)
		return fl_key_unknown("summary COLUMN", c->name, key, err);
	c->yes_no = !strcmp(value, "yes-no");
	c->plain = c->yes_no || !strcmp(value, "value");
	return c->plain || !strcmp(value, "change")
		       ? 0
		       : fl_fail(err, FL_USAGE, "show = %s: one of change, value, yes-no", value);
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
	if (!strcmp(key, "since")) {
		a->since_last = !strcmp(value, "last");
		return a->since_last ? 0 : fl_fail(err, FL_USAGE, "since = %s: last", value);
	}
	if (strcmp(key, "against") != 0)
		return fl_key_unknown("summary", NULL, key, err);
	a->has_against = true;
	return fl_conditions_take(&a->against, key, value, err);
}

int fl_answer_take(struct fl_answer *a, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err)
{
	const char *name = fl_ini_after(section, line_word);

	if (name)
		return take_line_key(a, name, key, value, line, err);
	name = fl_ini_after(section, word);
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

	if (a->n_lines && !a->given)
		return fl_fail(err, FL_USAGE, "%s:%u: [summary-line %s] needs a [summary]", file,
			       a->lines[0].line, a->lines[0].name);
	if (a->given && !a->n && !a->since_last)
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
	for (size_t i = 0; i < a->n_lines; i++) {
		free(a->lines[i].name);
		fl_conditions_release(&a->lines[i].of);
	}
	free(a->lines);
	free(a->columns);
	free(a->about);
	free(a->metric);
	free(a->crossing);
	fl_conditions_release(&a->against);
	fl_strv_release(&a->workloads);
	memset(a, 0, sizeof(*a));
}
