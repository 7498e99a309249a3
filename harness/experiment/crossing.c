/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/crossing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/experiment/ini.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/setting.h"

static const char word[] = "crossing";

bool fl_crossings_section(const char *section)
{
	return fl_ini_after(section, word) != NULL;
}

/* A positive number; *rest, if not NULL, is set to what follows it, else nothing may follow. */
static int take_number(const char *text, double *number, char **rest)
{
	errno = 0;
	*number = strtod(text, rest);
	return errno || *rest == text || !isfinite(*number) || *number <= 0 ? -1 : 0;
}

/* "thp.promotion_threshold", "512 - khugepaged.max_ptes_none" */
static int take_axis(struct fl_crossing *c, const char *value, struct fl_error *err)
{
	const char *name = value;
	char *rest;

	c->reverse = !take_number(value, &c->from, &rest);
	if (c->reverse) {
		rest += strspn(rest, " ");
		name = *rest == '-' ? rest + 1 + strspn(rest + 1, " ") : "";
	} else {
		c->from = 0;
	}
	if (!fl_setting_find(name))
		return fl_fail(err, FL_USAGE, "axis = %s: SETTING or NUMBER - SETTING", value);
	return fl_ini_text(&c->axis, name);
}

static int take_worth(struct fl_crossing *c, const char *value, struct fl_error *err)
{
	char *rest;

	if (take_number(value, &c->worth, &rest) || *rest)
		return fl_fail(err, FL_USAGE, "worth = %s: a number above 0", value);
	return 0;
}

static struct fl_crossing *crossing_of(struct fl_crossings *c, const char *name, unsigned int line)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->v[i].name, name))
			return &c->v[i];
	c->v = fl_realloc(c->v, (c->n + 1) * sizeof(*c->v));
	c->v[c->n] = (struct fl_crossing){ .name = fl_strdup(name), .line = line };
	return &c->v[c->n++];
}

static int take_key(struct fl_crossing *c, const char *key, const char *value, struct fl_error *err)
{
	if (!strcmp(key, "about"))
		return fl_ini_text(&c->about, value);
	if (!strcmp(key, "axis"))
		return take_axis(c, value, err);
	if (!strcmp(key, "price"))
		return fl_ini_list(&c->price, key, value, err);
	if (!strcmp(key, "saving"))
		return fl_ini_list(&c->saving, key, value, err);
	if (!strcmp(key, "needs"))
		return fl_ini_list(&c->needs, key, value, err);
	if (!strcmp(key, "workloads"))
		return fl_ini_list(&c->workloads, key, value, err);
	if (!strcmp(key, "per"))
		return fl_ini_text(&c->per, value);
	if (!strcmp(key, "whole"))
		return fl_ini_text(&c->whole, value);
	if (!strcmp(key, "of"))
		return fl_conditions_take(&c->of, key, value, err);
	if (!strcmp(key, "worth"))
		return take_worth(c, value, err);
	if (strcmp(key, "against") != 0)
		return fl_key_unknown("crossing NAME", c->name, key, err);
	c->has_against = true;
	return fl_conditions_take(&c->against, key, value, err);
}

int fl_crossings_take(struct fl_crossings *c, const char *section, const char *key,
		      const char *value, unsigned int line, struct fl_error *err)
{
	const char *name = fl_ini_after(section, word);

	if (!*name)
		return fl_fail(err, FL_USAGE, "[crossing] needs a name: [crossing NAME]");
	return take_key(crossing_of(c, name, line), key, value, err);
}

int fl_crossings_check(const struct fl_crossings *c, const char *file, struct fl_error *err)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_crossing *x = &c->v[i];
		const char *missing = !x->about         ? "about"
				      : !x->axis        ? "axis"
				      : !x->price.n     ? "price"
				      : !x->saving.n    ? "saving"
				      : !x->has_against ? "against"
							: NULL;

		if (missing)
			return fl_fail(err, FL_USAGE, "%s:%u: [crossing %s] needs %s =", file,
				       x->line, x->name, missing);
	}
	return 0;
}

static int take_line(void *arg, const char *section, const char *key, const char *value,
		     unsigned int line, struct fl_error *err)
{
	return fl_crossings_section(section)
		       ? fl_crossings_take(arg, section, key, value, line, err)
		       : 0;
}

int fl_crossings_parse(struct fl_crossings *c, const char *text, struct fl_error *err)
{
	memset(c, 0, sizeof(*c));
	return fl_ini_read_text(text, "the stored experiment", take_line, c, err);
}

void fl_crossings_release(struct fl_crossings *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct fl_crossing *x = &c->v[i];

		free(x->name);
		free(x->about);
		free(x->axis);
		free(x->per);
		free(x->whole);
		fl_strv_release(&x->price);
		fl_strv_release(&x->saving);
		fl_strv_release(&x->needs);
		fl_strv_release(&x->workloads);
		fl_conditions_release(&x->of);
		fl_conditions_release(&x->against);
	}
	free(c->v);
	memset(c, 0, sizeof(*c));
}
