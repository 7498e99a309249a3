/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A point whose setting is LOW..HIGH/STEP: finds the largest size that its guest survives, by
 * bisection, each try in a fresh guest.  The point gets the values of the largest size that worked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/run/point.h"

struct search {
	const struct fl_point_config *c;
	struct fl_bisection b;
	struct fl_outcome good, bad; /* of the largest that worked, the smallest that failed */
	unsigned int tries;
	double wall_s;
	struct fl_error *err;
};

/* With one size in place of the range. */
static int run_one(struct search *s, const char *size, const char *dir, struct fl_outcome *o)
{
	const struct fl_point *p = s->c->point;
	cleanup_free struct fl_point_setting *settings =
		fl_calloc(p->n_settings, sizeof(*settings));
	struct fl_point_config c = *s->c;
	struct fl_point one = *p;
	int bad;

	for (size_t i = 0; i < p->n_settings; i++) {
		settings[i] = p->settings[i];
		if (!strcmp(settings[i].name, p->searched))
			settings[i].value = size;
	}
	one.settings = settings;
	c.point = &one;
	c.dir = dir;
	bad = fl_point_resolve(&one, c.experiment, s->err) || fl_point_run_booted(o, &c, s->err);
	fl_point_release(&one);
	return bad ? -1 : 0;
}

static void note(const struct search *s, const char *size, const struct fl_outcome *o)
{
	cleanup_free char *path = fl_asprintf("%s/search", s->c->dir);
	cleanup_file FILE *f = fopen(path, "ae");

	if (f)
		fprintf(f, "%s=%s %s %.1f s%s%s\n", s->c->point->searched, size,
			fl_status_names[o->status], o->wall_s, o->reason[0] ? ": " : "", o->reason);
}

/*
 * Can the size be the cause of this outcome?  A feature missing in the kernel or the machine, or a
 * failed boot, is not caused by the size.
 */
static bool tells(const struct fl_outcome *o)
{
	for (size_t i = 0; i < o->result.n_values; i++)
		if (!strcmp(o->result.values[i].name, "survived"))
			return true;
	return false;
}

/* 0: go on; 1: the try is the point's outcome; -1. */
static int try_size(struct search *s, uint64_t size, struct fl_outcome *out)
{
	cleanup_free char *dir = fl_asprintf("%s/try-%02u", s->c->dir, ++s->tries);
	struct fl_outcome o = { 0 }, *kept;
	char text[32];

	fl_format_size(size, text, sizeof(text));
	if (run_one(s, text, dir, &o)) {
		fl_outcome_release(&o);
		return -1;
	}
	s->wall_s += o.wall_s;
	note(s, text, &o);
	if (!tells(&o)) {
		*out = o;
		return 1;
	}
	fl_bisection_took(&s->b, size, o.status == FL_OK);
	kept = o.status == FL_OK ? &s->good : &s->bad;
	fl_outcome_release(kept);
	*kept = o;
	return 0;
}

static void put(struct fl_outcome *o, const char *name, uint64_t bytes)
{
	if (bytes)
		fl_result_put(&o->result, name, (double)bytes / 1024, FL_UNIT_KIB);
}

static void conclude(struct search *s, struct fl_outcome *out)
{
	bool any = s->b.good;
	char size[32];

	*out = any ? s->good : s->bad;
	fl_outcome_release(any ? &s->bad : &s->good);
	if (any && s->b.bad)
		snprintf(out->reason, sizeof(out->reason), "%s=%s: %s: %.400s",
			 s->c->point->searched, fl_format_size(s->b.bad, size, sizeof(size)),
			 fl_status_names[s->bad.status], s->bad.reason);
	put(out, "search_largest", s->b.good);
	put(out, "search_least_bad", s->b.bad);
	fl_result_put(&out->result, "search_tries", s->tries, FL_UNIT_COUNT);
}

static int search(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	struct search s = { .c = c, .b = { .sizes = c->point->sizes }, .err = err };
	uint64_t size;
	int r = 0;

	memset(o, 0, sizeof(*o));
	if (fl_make_folder(c->dir, err))
		return -1;
	while (!r && fl_bisection_next(&s.b, &size))
		r = try_size(&s, size, o);
	if (!r) {
		conclude(&s, o);
	} else {
		fl_outcome_release(&s.good);
		fl_outcome_release(&s.bad);
	}
	o->wall_s = s.wall_s;
	return r < 0 ? -1 : 0;
}

int fl_point_run_here(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	return c->point->searched ? search(o, c, err) : fl_point_run_booted(o, c, err);
}
