/* SPDX-License-Identifier: GPL-2.0 */
/* What [metric NAME] means, and its value in a program's output. */
#include "harness/collect/foreign.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/nearest.h"
#include "harness/collect/picking.h"

/* --- units --- */

static const struct time_unit {
	const char *word;
	double ns;
	const char *printed[4]; /* by timebase */
} times[] = {
	{ "ns", 1, { "ns", "ns-tcg", "insn", "ns-tcg-multi" } },
	{ "nsec", 1, { "ns", "ns-tcg", "insn", "ns-tcg-multi" } },
	{ "nanoseconds", 1, { "ns", "ns-tcg", "insn", "ns-tcg-multi" } },
	{ "nsecs", 1, { "ns", "ns-tcg", "insn", "ns-tcg-multi" } },
	{ "us", 1e3, { "us", "us-tcg", "kinsn", "us-tcg-multi" } },
	{ "usec", 1e3, { "us", "us-tcg", "kinsn", "us-tcg-multi" } },
	{ "microseconds", 1e3, { "us", "us-tcg", "kinsn", "us-tcg-multi" } },
	{ "usecs", 1e3, { "us", "us-tcg", "kinsn", "us-tcg-multi" } },
	{ "\xc2\xb5s", 1e3, { "us", "us-tcg", "kinsn", "us-tcg-multi" } },
	{ "\xce\xbcs", 1e3, { "us", "us-tcg", "kinsn", "us-tcg-multi" } },
	{ "ms", 1e6, { "ms", "ms-tcg", "Minsn", "ms-tcg-multi" } },
	{ "msec", 1e6, { "ms", "ms-tcg", "Minsn", "ms-tcg-multi" } },
	{ "milliseconds", 1e6, { "ms", "ms-tcg", "Minsn", "ms-tcg-multi" } },
	{ "msecs", 1e6, { "ms", "ms-tcg", "Minsn", "ms-tcg-multi" } },
	{ "s", 1e9, { "s", "s-tcg", "Ginsn", "s-tcg-multi" } },
	{ "sec", 1e9, { "s", "s-tcg", "Ginsn", "s-tcg-multi" } },
	{ "seconds", 1e9, { "s", "s-tcg", "Ginsn", "s-tcg-multi" } },
	{ "secs", 1e9, { "s", "s-tcg", "Ginsn", "s-tcg-multi" } },
};

static const struct time_unit *find_time(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (strlen(times[i].word) == len && !strncmp(times[i].word, word, len))
			return &times[i];
	return NULL;
}

double fl_foreign_time(const char *word, size_t len)
{
	const struct time_unit *t = find_time(word, len);

	return t ? t->ns : 0;
}

const char *fl_foreign_unit(const char *unit, enum fl_timebase base, char *out, size_t room)
{
	size_t len = strcspn(unit, "/");
	const char *per = unit[len] ? unit + len + 1 : "";
	const struct time_unit *over = find_time(unit, len), *under = find_time(per, strlen(per));

	snprintf(out, room, "%.*s%s%s", over ? (int)strlen(over->printed[base]) : (int)len,
		 over ? over->printed[base] : unit, unit[len] ? "/" : "",
		 under ? under->printed[base] : per);
	return out;
}

struct fl_metric fl_foreign_meaning(const struct fl_own_metric *own)
{
	static const enum fl_better better[] = {
		[FL_OWN_NEITHER] = FL_NEITHER,
		[FL_OWN_LESS] = FL_LESS,
		[FL_OWN_MORE] = FL_MORE,
	};

	static const enum fl_class classes[] = {
		[FL_OWN_NOISY] = FL_NOISY,
		[FL_OWN_EXACT] = FL_EXACT,
		[FL_OWN_TAIL] = FL_TAIL,
	};

	return (struct fl_metric){
		.name = own->name,
		.unit = FL_UNIT_OWN,
		.better = better[own->better],
		.class = classes[own->class],
		.owner = FL_OWNER_EXPERIMENT,
		.headline = true,
		.beside_steps = true,
		.about = own->about,
	};
}

/* --- values --- */

void fl_picking_take(struct fl_picking *p, double value)
{
	if (!isfinite(value))
		return fl_picking_refuse(p, "%g (no finite number)", value);
	if (p->how == FL_PICK_LAST)
		*p->why = '\0';
	if (!p->n++)
		p->first = p->least = p->most = value;
	p->least = value < p->least ? value : p->least;
	p->most = value > p->most ? value : p->most;
	p->last = value;
	p->sum += value;
}

void fl_picking_refuse(struct fl_picking *p, const char *fmt, ...)
{
	va_list args;

	if (p->how == FL_PICK_FIRST && (p->n || *p->why))
		return;
	va_start(args, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, args);
	va_end(args);
}

static double pick(const struct fl_picking *p, enum fl_pick how)
{
	switch (how) {
	case FL_PICK_LAST:
		return p->last;
	case FL_PICK_FIRST:
		return p->first;
	case FL_PICK_MAX:
		return p->most;
	case FL_PICK_MEAN:
		return p->sum / (double)p->n;
	case FL_PICK_MIN:
		return p->least;
	case FL_PICK_SUM:
		break;
	}
	return p->sum;
}

static void say_where(const struct fl_own_metric *m, const char *trouble, char *why, size_t room)
{
	const char *where = *trouble ? trouble : "no number";

	switch (m->find) {
	case FL_FIND_AFTER:
		snprintf(why, room, "%s after \"%s\" in %s", where, m->text, m->from);
		break;
	case FL_FIND_BEFORE:
		snprintf(why, room, "%s before \"%s\" in %s", where, m->text, m->from);
		break;
	case FL_FIND_CSV:
		snprintf(why, room, "%s in row \"%s\", column \"%s\" of %s", where, m->text,
			 m->column, m->from);
		break;
	case FL_FIND_JSON:
		snprintf(why, room, "%s at %s in JSON of %s", where, m->text, m->from);
		break;
	}
}

int fl_foreign_value(const struct fl_own_metric *m, const char *text, size_t len, double *value,
		     char *why, size_t room)
{
	struct fl_picking p = { .how = m->pick };

	if (m->find == FL_FIND_JSON)
		fl_foreign_json(&p, m, text, len);
	else if (m->find == FL_FIND_CSV)
		fl_foreign_csv(&p, m, text, len);
	else
		fl_foreign_words(&p, m, text, len);
	*value = p.n ? pick(&p, m->pick) : 0;
	if (p.n && !*p.why && isfinite(*value))
		return 0;
	say_where(m, p.why, why, room);
	return -1;
}

const char *fl_own_metrics_unknown(const struct fl_own_metrics *own, const char *name, char *buf,
				   size_t len)
{
	struct fl_strv names = { 0 };
	const struct fl_metric *m;

	for (size_t i = 0; (m = fl_metric_at(i)); i++)
		fl_strv_push(&names, m->name);
	for (size_t i = 0; i < own->n; i++)
		fl_strv_push(&names, own->v[i].name);
	if (!*fl_did_you_mean(name, &names, buf, len))
		snprintf(buf, len, "; see faultline list metrics");
	fl_strv_release(&names);
	return buf;
}
