/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/digest.h"

#include <stdlib.h>
#include <string.h>

#include "harness/experiment/crossing.h"
#include "harness/experiment/ini.h"

static const char word[] = "summary";

/* What follows the word; NULL: another section. */
static const char *name_of(const char *section)
{
	size_t n = strlen(word);

	if (strncmp(section, word, n) != 0 || (section[n] && section[n] != ' '))
		return NULL;
	return section + n + strspn(section + n, " ");
}

bool fl_digest_section(const char *section)
{
	return name_of(section) != NULL;
}

static int take_text(char **text, const char *value)
{
	free(*text);
	*text = fl_strdup(value);
	return 0;
}

static struct fl_digest_column *column_of(struct fl_digest *d, const char *name, unsigned int line)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->columns[i].name, name))
			return &d->columns[i];
	d->columns = fl_realloc(d->columns, (d->n + 1) * sizeof(*d->columns));
	d->columns[d->n] = (struct fl_digest_column){ .name = fl_strdup(name), .line = line };
	return &d->columns[d->n++];
}

static int take_column(struct fl_digest_column *c, const char *key, const char *value,
		       struct fl_error *err)
{
	if (!strcmp(key, "metric"))
		return take_text(&c->metric, value);
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

static int take_head(struct fl_digest *d, const char *key, const char *value, struct fl_error *err)
{
	if (!strcmp(key, "about"))
		return take_text(&d->about, value);
	if (!strcmp(key, "metric"))
		return take_text(&d->metric, value);
	if (!strcmp(key, "crossing"))
		return take_text(&d->crossing, value);
	if (!strcmp(key, "workloads")) {
		fl_strv_release(&d->workloads);
		return fl_strv_split_list(&d->workloads, value)
			       ? fl_fail(err, FL_USAGE, "workloads = %s: names separated by commas",
					 value)
			       : 0;
	}
	if (strcmp(key, "against") != 0)
		return fl_fail(err, FL_USAGE,
			       "unknown key %s in [summary]; allowed: about, metric, against, "
			       "crossing, workloads",
			       key);
	d->has_against = true;
	return fl_conditions_take(&d->against, key, value, err);
}

int fl_digest_take(struct fl_digest *d, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err)
{
	const char *name = name_of(section);

	if (*name)
		return take_column(column_of(d, name, line), key, value, err);
	if (!d->given)
		d->line = line;
	d->given = true;
	return take_head(d, key, value, err);
}

int fl_digest_check(const struct fl_digest *d, const struct fl_crossings *crossings,
		    const char *file, struct fl_error *err)
{
	size_t x = 0;

	if (d->given && !d->n)
		return fl_fail(err, FL_USAGE, "%s:%u: [summary] needs a column: [summary NAME]",
			       file, d->line);
	for (size_t i = 0; i < d->n; i++) {
		const struct fl_digest_column *c = &d->columns[i];

		if (!c->metric && !d->metric)
			return fl_fail(err, FL_USAGE,
				       "%s:%u: [summary %s] needs metric =, here or in [summary]",
				       file, c->line, c->name);
		if (!c->has_of)
			return fl_fail(err, FL_USAGE, "%s:%u: [summary %s] needs of =", file,
				       c->line, c->name);
	}
	while (d->crossing && x < crossings->n && strcmp(crossings->v[x].name, d->crossing))
		x++;
	if (d->crossing && x == crossings->n)
		return fl_fail(err, FL_USAGE, "%s:%u: [summary] crossing = %s: no such crossing",
			       file, d->line, d->crossing);
	return 0;
}

static int take_line(void *arg, const char *section, const char *key, const char *value,
		     unsigned int line, struct fl_error *err)
{
	return fl_digest_section(section) ? fl_digest_take(arg, section, key, value, line, err) : 0;
}

int fl_digest_parse(struct fl_digest *d, const char *text, struct fl_error *err)
{
	memset(d, 0, sizeof(*d));
	return fl_ini_read_text(text, "the stored experiment", take_line, d, err);
}

void fl_digest_release(struct fl_digest *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->columns[i].name);
		free(d->columns[i].metric);
		fl_conditions_release(&d->columns[i].of);
	}
	free(d->columns);
	free(d->about);
	free(d->metric);
	free(d->crossing);
	fl_conditions_release(&d->against);
	fl_strv_release(&d->workloads);
	memset(d, 0, sizeof(*d));
}
