/* SPDX-License-Identifier: GPL-2.0 */
/* Free memory around the moment in which memory is added, a line for each place of its map. */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define MODE "hotplug.memmap_on_memory"
#define PANELS_MAX 6
#define BEFORE_S 0.3
#define AFTER_S 4.0

struct ticks {
	struct fl_chart_series *v;
	double zero_s;
};

static int add_tick(void *arg, uint64_t t_ns, double value)
{
	struct ticks *t = arg;
	double at = (double)t_ns / 1e9 - t->zero_s;

	if (at >= -BEFORE_S && at <= AFTER_S)
		fl_chart_point(t->v, at, value / 1024);
	return 0;
}

static double metric_of(const struct fl_stored_point *p, const char *name)
{
	for (size_t i = 0; i < p->n_metrics; i++)
		if (!strcmp(p->metrics[i].name, name))
			return p->metrics[i].value;
	return -1;
}

/* A guest that died is drawn up to its death; where the kernel puts it online at once, there is no
 * time between. */
static const struct fl_stored_point *boot_of(const struct fl_summary *s, const struct fl_row *row)
{
	const struct fl_stored_point *p = &s->points[row->points[0]];

	const char *online = fl_summary_setting(p, "hotplug.online");

	if (metric_of(p, "step_add_start") < 0 || !fl_summary_setting(p, MODE))
		return NULL;
	return online && !strcmp(online, "offline") ? p : NULL;
}

/* All settings but the mode agree. */
static bool same_panel(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	if (strcmp(a->workload_name, b->workload_name) != 0 || strcmp(a->kernel, b->kernel) != 0 ||
	    a->n_settings != b->n_settings)
		return false;
	for (size_t i = 0; i < a->n_settings; i++) {
		const char *other = fl_summary_setting(b, a->settings[i].name);

		if (!other || (strcmp(a->settings[i].name, MODE) != 0 &&
			       strcmp(a->settings[i].value, other) != 0))
			return false;
	}
	return true;
}

static char *title_of(const struct fl_stored_point *p)
{
	static const char *const told[] = { "guest.memory", "step.size", "step.zone", "step.node",
					    "hotplug.online" };
	char *text = fl_strdup("");

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const char *value = fl_summary_setting(p, told[i]);
		cleanup_free char *old = text;

		text = fl_asprintf("%s%s%s%s%s", old, value && *old ? " " : "",
				   value ? strchr(told[i], '.') + 1 : "", value ? "=" : "",
				   value ? value : "");
	}
	return text;
}

static const struct {
	const char *value, *name;
	enum fl_ink ink;
} modes[] = {
	{ "off", "off: memmap in memory online before", FL_INK_RED },
	{ "on", "on: memmap in the new memory", FL_INK_BLUE },
	{ "force", "force", FL_INK_GREEN },
};

static int fill_panel(struct fl_chart_panel *panel, const struct fl_summary *s,
		      const struct fl_stored_point *first, struct fl_store *store,
		      struct fl_error *err)
{
	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		struct ticks t = { 0 };

		for (size_t i = 0; i < s->n_rows; i++) {
			const struct fl_stored_point *p = boot_of(s, &s->rows[i]);

			if (!p || !same_panel(p, first) || (t.v && t.v->n) ||
			    strcmp(fl_summary_setting(p, MODE), modes[m].value) != 0)
				continue;
			if (!t.v)
				t.v = fl_chart_series(panel, modes[m].name, FL_DRAW_COURSE,
						      modes[m].ink);
			t.zero_s = metric_of(p, "step_add_start") / 1e9;
			if (fl_store_each_tick(store, p->id, "guest_free", add_tick, &t, err))
				return -1;
		}
		if (t.v && t.v->n)
			t.v->v[t.v->n - 1].tip =
				fl_asprintf("%s: %.0f MiB free at %.1f s", modes[m].name,
					    t.v->v[t.v->n - 1].y, t.v->v[t.v->n - 1].x);
	}
	return 0;
}

static size_t count_panel(const struct fl_summary *s, const struct fl_stored_point *first,
			  bool *is_first)
{
	size_t n = 0;

	*is_first = true;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_stored_point *p = boot_of(s, &s->rows[i]);

		if (!p || !same_panel(p, first))
			continue;
		*is_first = *is_first && (n || p == first);
		n++;
	}
	return n;
}

/* The new memory is larger than all that was there: up to what was free before, or nothing else is
 * seen. */
static void cut_rise(struct fl_chart_panel *p)
{
	double most = p->y.low;
	struct fl_chart cut = { .panels = p, .n = 1 };

	for (size_t k = 0; k < p->n; k++)
		for (size_t i = 0; i < p->v[k].n; i++)
			if (p->v[k].v[i].x < 0)
				most = p->v[k].v[i].y > most ? p->v[k].v[i].y : most;
	if (most > p->y.low)
		fl_chart_scale_to(&cut, p->y.low, most + 0.25 * (most - p->y.low));
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	for (size_t i = 0; i < s->n_rows && c->n < PANELS_MAX; i++) {
		const struct fl_stored_point *p = boot_of(s, &s->rows[i]);
		struct fl_chart_panel *panel;
		bool is_first;

		if (!p || count_panel(s, p, &is_first) < 2 || !is_first)
			continue;
		panel = fl_chart_panel(c, (unsigned int)(c->n / 2), (unsigned int)(c->n % 2));
		panel->title = title_of(p);
		panel->x.label = fl_strdup("time since the DIMM was added, s");
		panel->y.label = fl_strdup("MemFree of the guest, MiB");
		if (fill_panel(panel, s, p, store, err))
			return -1;
	}
	fl_chart_scale_x(c, -1, false);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart_panel *panel = &c->panels[i];
		struct fl_chart one = { .panels = panel, .n = 1 };

		fl_chart_scale_y(&one, -1, false);
		cut_rise(panel);
	}
	c->sub = fl_strdup(
		"A line that ends early is a guest that ran out of memory.  The rise is the "
		"new memory coming online.  One boot of each setting.");
	c->key = true;
	return 0;
}

const struct fl_figure fl_figure_hotplug = {
	.name = "hotplug",
	.title = "What does adding a DIMM take from the guest's free memory?",
	.caption = "MemFree of the guest from just before a DIMM is added, for each place of its "
		   "memory map.",
	.fill = fill,
};
