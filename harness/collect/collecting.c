/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw texts in order of time -> values.  Texts of one sample add up (the
 * processes of a workload) until the tick that ends it.
 */
#include "harness/collect/collect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

struct track {
	const struct fl_collector *collector;
	const struct fl_series *series; /* of a family's member: the family */
	char name[64];
	double sum; /* of the sample under way */
	bool seen;
	unsigned int n;
	double first, last, peak, least, total;
	double after; /* when the workload was gone */
	bool has_after;
};

struct fl_collecting {
	struct fl_range ram;
	struct track *tracks;
	size_t n_tracks;
	struct fl_tick *ticks;
	size_t n_ticks;
	bool cut;              /* more came */
	char step[32];         /* "": none */
	struct fl_result kept; /* values at steps */
};

/* A guest can send any names. */
#define TRACKS_MAX 4096

bool fl_series_is_family(const struct fl_series *s)
{
	return s->name[strcspn(s->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0';
}

static struct track *add_track(struct fl_collecting *c, const struct fl_collector *collector,
			       const struct fl_series *series, const char *name)
{
	struct track *t;

	c->tracks = fl_realloc(c->tracks, (c->n_tracks + 1) * sizeof(*c->tracks));
	t = &c->tracks[c->n_tracks++];
	*t = (struct track){ .collector = collector, .series = series };
	snprintf(t->name, sizeof(t->name), "%s", name);
	return t;
}

struct fl_collecting *fl_collect_new(void)
{
	struct fl_collecting *c = fl_calloc(1, sizeof(*c));

	for (const struct fl_collector *const *at = fl_collectors(); *at; at++)
		for (const struct fl_series *s = (*at)->series; s->name; s++)
			if (!fl_series_is_family(s))
				add_track(c, *at, s, s->name);
	return c;
}

void fl_collect_ram_range(struct fl_collecting *c, uint64_t start, uint64_t end)
{
	c->ram = (struct fl_range){ start, end };
}

/* "/proc/PID/FILE" for a process's file, "host:FILE" for QEMU's, else the path itself. */
static bool is_for(const struct fl_collector *c, const char *path)
{
	int at = 0;

	switch (c->side) {
	case FL_SIDE_GUEST:
		return !strcmp(path, c->file);
	case FL_SIDE_PROCESS:
		return sscanf(path, "/proc/%*[0-9]/%n", &at) == 0 && at &&
		       !strcmp(path + at, c->file);
	case FL_SIDE_HOST:
		return !strncmp(path, "host:", 5) && !strcmp(path + 5, c->file);
	case FL_SIDE_QMP:
		return !strncmp(path, "qmp:", 4) && !strcmp(path + 4, c->file);
	case FL_SIDE_STEP:
		return !strncmp(path, "step:", 5) && !strcmp(path + 5, c->file);
	}
	return false;
}

struct finding {
	struct fl_collecting *c;
	const struct fl_collector *collector;
};

static void found(void *arg, const struct fl_series *family, const char *name, double value)
{
	struct finding *f = arg;
	struct fl_collecting *c = f->c;
	struct track *t = NULL;

	for (size_t i = 0; i < c->n_tracks && !t; i++)
		if (c->tracks[i].collector == f->collector && !strcmp(c->tracks[i].name, name))
			t = &c->tracks[i];
	if (!t && (c->n_tracks == TRACKS_MAX || strlen(name) >= sizeof(t->name)))
		return;
	if (!t)
		t = add_track(c, f->collector, family, name);
	t->sum += value;
	t->seen = true;
}

static void discover(struct fl_collecting *c, const char *path, const char *text, size_t len)
{
	for (const struct fl_collector *const *at = fl_collectors(); *at; at++) {
		struct finding f = { c, *at };

		if ((*at)->discover && is_for(*at, path))
			(*at)->discover(text, len, (*at)->series, found, &f);
	}
}

void fl_collect_text(struct fl_collecting *c, const char *path, const char *text, size_t len,
		     uint64_t t_ns)
{
	const struct fl_collector *checked = NULL;
	bool fits = false;

	(void)t_ns;
	discover(c, path, text, len);
	for (size_t i = 0; i < c->n_tracks; i++) {
		struct track *t = &c->tracks[i];
		double value;

		if (t->collector != checked) {
			checked = t->collector;
			fits = is_for(checked, path);
		}
		if (!fits || !t->collector->value || fl_series_is_family(t->series) ||
		    t->collector->value(text, len, t->series->key, &c->ram, &value))
			continue;
		t->sum += value;
		t->seen = true;
	}
}

void fl_collect_after(struct fl_collecting *c, const char *path, const char *text, size_t len)
{
	for (size_t i = 0; i < c->n_tracks; i++) {
		struct track *t = &c->tracks[i];

		if (t->collector->side == FL_SIDE_GUEST && t->collector->value &&
		    is_for(t->collector, path) &&
		    !t->collector->value(text, len, t->series->key, &c->ram, &t->after))
			t->has_after = true;
	}
}

static void add_tick(struct fl_collecting *c, size_t track, uint64_t t_ns, double value)
{
	if (c->n_ticks == FL_TICKS_MAX) {
		c->cut = true;
		return;
	}
	if (!(c->n_ticks & (c->n_ticks - 1)))
		c->ticks =
			fl_realloc(c->ticks, (c->n_ticks ? 2 * c->n_ticks : 1) * sizeof(*c->ticks));
	c->ticks[c->n_ticks++] = (struct fl_tick){ (uint16_t)track, t_ns, value };
}

static void take_value(struct track *t, double value)
{
	if (!t->n++) {
		t->first = t->peak = t->least = value;
	} else {
		t->peak = value > t->peak ? value : t->peak;
		t->least = value < t->least ? value : t->least;
	}
	t->last = value;
	t->total += value;
}

int fl_collect_last(const struct fl_collecting *c, const char *series, double *value)
{
	for (size_t i = 0; i < c->n_tracks; i++) {
		const struct track *t = &c->tracks[i];

		if (!t->n || strcmp(t->name, series) != 0)
			continue;
		*value = t->last;
		return 0;
	}
	return -ENOENT;
}

void fl_collect_at(struct fl_collecting *c, const char *step)
{
	snprintf(c->step, sizeof(c->step), "%s", step ? step : "");
}

static void keep_value(struct fl_collecting *c, const struct track *t, double value)
{
	char name[64];

	if (snprintf(name, sizeof(name), "%s_at_%s", t->name, c->step) >= (int)sizeof(name))
		return;
	for (size_t i = 0; i < c->kept.n_values; i++) {
		if (!strcmp(c->kept.values[i].name, name)) {
			c->kept.values[i].value = value;
			return;
		}
	}
	fl_result_put(&c->kept, name, value, t->series->unit);
}

static void end_sample(struct fl_collecting *c, bool host, uint64_t t_ns)
{
	for (size_t i = 0; i < c->n_tracks; i++) {
		struct track *t = &c->tracks[i];
		enum fl_side side = t->collector->side;

		if (!t->seen || host != (side >= FL_SIDE_HOST))
			continue;
		take_value(t, t->sum);
		if (t->series->timeline)
			add_tick(c, i, t_ns, t->sum);
		if (t->series->timeline && c->step[0])
			keep_value(c, t, t->sum);
		t->sum = 0;
		t->seen = false;
	}
}

void fl_collect_tick(struct fl_collecting *c, uint64_t t_ns)
{
	end_sample(c, false, t_ns);
}

void fl_collect_tick_host(struct fl_collecting *c, uint64_t t_ns)
{
	end_sample(c, true, t_ns);
}

static double reduce(const struct track *t, enum fl_reduce how)
{
	switch (how) {
	case FL_PEAK:
		return t->peak;
	case FL_LAST:
		return t->last;
	case FL_DELTA:
		return t->last - t->first;
	case FL_DROP:
		return t->first - t->least;
	case FL_GONE:
		return t->first - t->after;
	case FL_MEAN:
		break;
	}
	return t->total / t->n;
}

/* all - part, if both were counted; a kernel without reservations promotes nothing in place. */
static void put_rest(struct fl_result *r, const char *name, const char *all, const char *part)
{
	const struct fl_value *a = fl_result_find(r, all), *p = fl_result_find(r, part);

	if (a)
		fl_result_put(r, name, a->value - (p ? p->value : 0), FL_UNIT_COUNT);
}

/* Two samples have no peak and no mean; the first one is taken before the start. */
static bool is_enough(const struct track *t, enum fl_reduce how)
{
	bool between = how == FL_PEAK || how == FL_MEAN || how == FL_DROP;

	if (how == FL_GONE)
		return t->has_after;
	return !between || t->n > FL_SAMPLES_MIN;
}

/* A family's metric has the name of its series. */
static void put_metrics(const struct track *t, struct fl_result *r)
{
	bool family = fl_series_is_family(t->series);

	for (const struct fl_metric *m = t->collector->metrics; m->name; m++)
		if (t->n && m->series && !strcmp(m->series, t->series->name) &&
		    is_enough(t, m->reduce))
			fl_result_put(r, family ? t->name : m->name, reduce(t, m->reduce), m->unit);
}

/* Series that have samples move over with new numbers. */
static void put_ticks(struct fl_collecting *c, struct fl_result *r)
{
	uint16_t *number = fl_calloc(c->n_tracks, sizeof(*number));

	r->series_names = fl_calloc(c->n_tracks, sizeof(*r->series_names));
	r->series_units = fl_calloc(c->n_tracks, sizeof(*r->series_units));
	for (size_t i = 0; i < c->n_tracks; i++) {
		const struct track *t = &c->tracks[i];

		if (!t->n || !t->series->timeline)
			continue;
		number[i] = (uint16_t)r->n_series;
		snprintf(r->series_names[r->n_series], sizeof(r->series_names[0]), "%s", t->name);
		r->series_units[r->n_series++] = t->series->unit;
	}
	for (size_t i = 0; i < c->n_ticks; i++)
		c->ticks[i].series = number[c->ticks[i].series];
	r->ticks = c->ticks;
	r->n_ticks = c->n_ticks;
	r->ticks_cut = c->cut;
	free(number);
}

void fl_collect_finish(struct fl_collecting *c, struct fl_result *r)
{
	for (size_t i = 0; i < c->n_tracks; i++)
		put_metrics(&c->tracks[i], r);
	put_rest(r, "promotions_copy", "promotions_khugepaged", "promotions_in_place_khugepaged");
	if (fl_result_find(r, "promotions_in_place_khugepaged"))
		put_rest(r, "promotions_in_place_fault", "promotions_in_place_total",
			 "promotions_in_place_khugepaged");
	for (size_t i = 0; i < c->kept.n_values; i++)
		fl_result_put(r, c->kept.values[i].name, c->kept.values[i].value,
			      c->kept.values[i].unit);
	fl_result_release(&c->kept);
	put_ticks(c, r);
	free(c->tracks);
	free(c);
}
