/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/claim.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/experiment/ini.h"
#include "harness/experiment/keys.h"

const char *const fl_claim_op_names[] = {
	[FL_AT_LEAST] = ">=", [FL_AT_MOST] = "<=", [FL_ABOVE] = ">",
	[FL_BELOW] = "<",     [FL_EQUALS] = "=",   [FL_WITHIN] = "within",
};

#define N_OPS (sizeof(fl_claim_op_names) / sizeof(fl_claim_op_names[0]))

static int take_number(const char *text, double *number)
{
	char *end;

	errno = 0;
	*number = strtod(text, &end);
	return errno || end == text || *end || !isfinite(*number) ? -1 : 0;
}

/* ">= 20 x", "<= 0.5", "= 0", "within 15 %" */
static int take_holds(struct fl_claim *c, const char *value, struct fl_error *err)
{
	struct fl_strv words = { 0 };
	bool good = false;

	if (!fl_strv_split_words(&words, value) && words.n >= 2 && words.n <= 3) {
		const char *unit = words.n == 3 ? words.v[2] : "";

		for (enum fl_claim_op op = 0; op < N_OPS; op++) {
			if (strcmp(fl_claim_op_names[op], words.v[0]) != 0)
				continue;
			c->op = op;
			good = !strcmp(unit, c->op == FL_WITHIN ? "%" : *unit ? "x" : "");
		}
		c->relative = *unit;
		good = good && !take_number(words.v[1], &c->bound);
	}
	fl_strv_release(&words);
	return good ? 0
		    : fl_fail(err, FL_USAGE,
			      "holds = %s: expected a bound such as \">= 20 x\", \"<= 0.5\", \"= "
			      "0\", \"within 15 %%\"",
			      value);
}

static int take_claim(struct fl_claim *c, const char *key, const char *value, struct fl_error *err)
{
	if (!strcmp(key, "about"))
		return fl_ini_text(&c->about, value);
	if (!strcmp(key, "answer"))
		return fl_ini_text(&c->answer, value);
	if (!strcmp(key, "metric"))
		return fl_ini_text(&c->metric, value);
	if (!strcmp(key, "than"))
		return fl_ini_text(&c->than, value);
	if (!strcmp(key, "of"))
		return fl_conditions_take(&c->of, key, value, err);
	if (!strcmp(key, "against")) {
		c->has_against = true;
		return fl_conditions_take(&c->against, key, value, err);
	}
	if (!strcmp(key, "holds")) {
		c->has_holds = true;
		return take_holds(c, value, err);
	}
	if (!strcmp(key, "floor")) {
		c->has_floor = true;
		return take_number(value, &c->floor)
			       ? fl_fail(err, FL_USAGE, "floor = %s: a number", value)
			       : 0;
	}
	if (strcmp(key, "control") != 0)
		return fl_key_unknown("claim NAME", c->name, key, err);
	c->control = !strcmp(value, "yes");
	return c->control || !strcmp(value, "no")
		       ? 0
		       : fl_fail(err, FL_USAGE, "control = %s: yes or no", value);
}

static int take_published(struct fl_published *p, const char *key, const char *value,
			  struct fl_error *err)
{
	if (!strcmp(key, "about"))
		return fl_ini_text(&p->about, value);
	if (!strcmp(key, "metric"))
		return fl_ini_text(&p->metric, value);
	if (!strcmp(key, "of"))
		return fl_conditions_take(&p->of, key, value, err);
	if (strcmp(key, "value") != 0)
		return fl_key_unknown("published NAME", p->name, key, err);
	p->has_value = true;
	return take_number(value, &p->value) ? fl_fail(err, FL_USAGE, "value = %s: a number", value)
					     : 0;
}

static struct fl_claim *claim_of(struct fl_claims *c, const char *name, unsigned int line)
{
	for (size_t i = 0; i < c->n_claims; i++)
		if (!strcmp(c->claims[i].name, name))
			return &c->claims[i];
	c->claims = fl_realloc(c->claims, (c->n_claims + 1) * sizeof(*c->claims));
	c->claims[c->n_claims] = (struct fl_claim){ .name = fl_strdup(name), .line = line };
	return &c->claims[c->n_claims++];
}

static struct fl_published *published_of(struct fl_claims *c, const char *name, unsigned int line)
{
	for (size_t i = 0; i < c->n_published; i++)
		if (!strcmp(c->published[i].name, name))
			return &c->published[i];
	c->published = fl_realloc(c->published, (c->n_published + 1) * sizeof(*c->published));
	c->published[c->n_published] =
		(struct fl_published){ .name = fl_strdup(name), .line = line };
	return &c->published[c->n_published++];
}

static struct fl_explained *explained_of(struct fl_claims *c, const char *name, unsigned int line)
{
	for (size_t i = 0; i < c->n_explained; i++)
		if (!strcmp(c->explained[i].name, name))
			return &c->explained[i];
	c->explained = fl_realloc(c->explained, (c->n_explained + 1) * sizeof(*c->explained));
	c->explained[c->n_explained] =
		(struct fl_explained){ .name = fl_strdup(name), .line = line };
	return &c->explained[c->n_explained++];
}

static int take_explained(struct fl_explained *e, const char *key, const char *value,
			  struct fl_error *err)
{
	static const char *const outcomes[] = { "pass", "fail", "skip", "gone" };

	if (!strcmp(key, "about"))
		return fl_ini_text(&e->about, value);
	if (!strcmp(key, "cases"))
		return fl_ini_text(&e->cases, value);
	if (!strcmp(key, "says"))
		return fl_ini_text(&e->says, value);
	if (!strcmp(key, "of"))
		return fl_conditions_take(&e->of, key, value, err);
	if (strcmp(key, "is") != 0)
		return fl_key_unknown("explained NAME", e->name, key, err);
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (!strcmp(value, outcomes[i]))
			return fl_ini_text(&e->is, value);
	return fl_fail(err, FL_USAGE, "is = %s: one of pass, fail, skip, gone", value);
}

static const char *const kinds[] = { "claim", "explained", "published" };

/* Index in kinds, *name is set to what follows the word; -1: another section. */
static int kind_of(const char *section, const char **name)
{
	for (int i = 0; i < 3; i++) {
		size_t n = strlen(kinds[i]);

		if (strncmp(section, kinds[i], n) != 0 || (section[n] && section[n] != ' '))
			continue;
		*name = section + n + strspn(section + n, " ");
		return i;
	}
	return -1;
}

bool fl_claims_section(const char *section)
{
	const char *name;

	return kind_of(section, &name) >= 0;
}

int fl_claims_take(struct fl_claims *c, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err)
{
	const char *name;
	int kind = kind_of(section, &name);

	if (!*name)
		return fl_fail(err, FL_USAGE, "[%s] needs a name: [%s NAME]", kinds[kind],
			       kinds[kind]);
	if (kind == 0)
		return take_claim(claim_of(c, name, line), key, value, err);
	if (kind == 1)
		return take_explained(explained_of(c, name, line), key, value, err);
	return take_published(published_of(c, name, line), key, value, err);
}

/* @value@, @reference@ and @change@; the last two want a reference. */
static int check_answer(const struct fl_claim *c, struct fl_error *err)
{
	static const char *const words[] = { "@value@", "@reference@", "@change@" };
	size_t known = c->has_against || c->than ? 3 : 1;

	for (const char *at = c->answer ? strchr(c->answer, '@') : NULL; at;) {
		size_t i = 0;

		while (i < known && strncmp(at, words[i], strlen(words[i])) != 0)
			i++;
		if (i == known)
			return fl_fail(err, FL_USAGE, "[claim %s] answer: an @ stands in @value@%s",
				       c->name,
				       known == 3 ? ", @reference@ or @change@"
						  : " alone, as it has no against or than");
		at = strchr(at + strlen(words[i]), '@');
	}
	return 0;
}

static int check_claim(const struct fl_claim *c, struct fl_error *err)
{
	bool reference = c->has_against || c->than;

	if (!c->about || !c->metric || !c->has_holds)
		return fl_fail(err, FL_USAGE, "[claim %s] needs %s =", c->name,
			       !c->about    ? "about"
			       : !c->metric ? "metric"
					    : "holds");
	if (c->relative == reference)
		return check_answer(c, err);
	return fl_fail(err, FL_USAGE,
		       reference ? "[claim %s] has a reference, so holds must be relative: >= N x, "
				   "or within N %%"
				 : "[claim %s] needs against = or than = for a bound in x or %%",
		       c->name);
}

static int check_published(const struct fl_published *p, struct fl_error *err)
{
	if (p->about && p->metric && p->has_value)
		return 0;
	return fl_fail(err, FL_USAGE, "[published %s] needs %s =", p->name,
		       !p->about    ? "about"
		       : !p->metric ? "metric"
				    : "value");
}

static int check_explained(const struct fl_explained *e, struct fl_error *err)
{
	if (e->about && e->cases)
		return 0;
	return fl_fail(err, FL_USAGE, "[explained %s] needs %s =", e->name,
		       e->about ? "cases" : "about");
}

int fl_claims_check(const struct fl_claims *c, const char *file, struct fl_error *err)
{
	for (size_t i = 0; i < c->n_claims; i++)
		if (check_claim(&c->claims[i], err))
			return fl_prefix(err, "%s:%u", file, c->claims[i].line);
	for (size_t i = 0; i < c->n_published; i++)
		if (check_published(&c->published[i], err))
			return fl_prefix(err, "%s:%u", file, c->published[i].line);
	for (size_t i = 0; i < c->n_explained; i++)
		if (check_explained(&c->explained[i], err))
			return fl_prefix(err, "%s:%u", file, c->explained[i].line);
	return 0;
}

static int take_line(void *arg, const char *section, const char *key, const char *value,
		     unsigned int line, struct fl_error *err)
{
	return fl_claims_section(section) ? fl_claims_take(arg, section, key, value, line, err) : 0;
}

int fl_claims_parse(struct fl_claims *c, const char *text, struct fl_error *err)
{
	memset(c, 0, sizeof(*c));
	return fl_ini_read_text(text, "the stored experiment", take_line, c, err);
}

void fl_claims_release(struct fl_claims *c)
{
	for (size_t i = 0; i < c->n_claims; i++) {
		free(c->claims[i].name);
		free(c->claims[i].about);
		free(c->claims[i].answer);
		free(c->claims[i].metric);
		free(c->claims[i].than);
		fl_conditions_release(&c->claims[i].of);
		fl_conditions_release(&c->claims[i].against);
	}
	for (size_t i = 0; i < c->n_published; i++) {
		free(c->published[i].name);
		free(c->published[i].about);
		free(c->published[i].metric);
		fl_conditions_release(&c->published[i].of);
	}
	for (size_t i = 0; i < c->n_explained; i++) {
		free(c->explained[i].name);
		free(c->explained[i].about);
		free(c->explained[i].cases);
		free(c->explained[i].says);
		free(c->explained[i].is);
		fl_conditions_release(&c->explained[i].of);
	}
	free(c->claims);
	free(c->published);
	free(c->explained);
	memset(c, 0, sizeof(*c));
}
