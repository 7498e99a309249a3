/* SPDX-License-Identifier: GPL-2.0 */
/* The largest added memory that a guest survives, over its own: a search's edge. */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/units.h"
#include "harness/report/figures.h"

#define MODE "hotplug.memmap_on_memory"
#define GIB_IN_KIB (1024.0 * 1024)

static const struct {
	const char *value, *name;
	enum fl_ink ink;
} modes[] = {
	{ "off", "memmap in memory that was online before (off): largest that worked", FL_INK_RED },
	{ "on", "memmap in the new memory (on): largest that was tried, and worked", FL_INK_BLUE },
	{ "force", "force: largest that was tried, and worked", FL_INK_GREEN },
};
#define MODES (sizeof(modes) / sizeof(modes[0]))

static void add(struct fl_chart_panel *p, size_t mode, const struct fl_summary *s,
		const struct fl_row *row)
{
	struct fl_spread good = fl_summary_metric(s, row, "search_largest", NULL);
	struct fl_spread bad = fl_summary_metric(s, row, "search_least_bad", NULL);
	struct fl_spread before = fl_summary_metric(s, row, "guest_free_at_before", NULL);
	const char *memory = fl_summary_value(s, row, "guest.memory");
	struct fl_chart_point *at;
	uint64_t bytes;
	double gib;

	if (!good.n || !before.n || !memory || fl_parse_size(memory, &bytes))
		return;
	gib = (double)bytes / 1024 / GIB_IN_KIB;
	at = fl_chart_point(&p->v[1 + mode], gib, good.median / GIB_IN_KIB);
	at->hollow = !bad.n;
	at->label = bad.n ? fl_asprintf("%g GiB, not %g", good.median / GIB_IN_KIB,
					bad.median / GIB_IN_KIB)
			  : fl_asprintf("%g GiB", good.median / GIB_IN_KIB);
	at->tip = fl_asprintf("guest of %g GiB, %s: %s", gib, modes[mode].value, at->label);
	if (!mode)
		fl_chart_point(&p->v[0], gib, before.median * FL_BYTES_PER_MAP_BYTE / GIB_IN_KIB);
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_chart_panel *p = fl_chart_panel(c, 0, 0);
	size_t n = 0;

	(void)store;
	(void)err;
	fl_chart_series(p,
			"predicted for off: 64 bytes of memmap for each 4 KiB, out of free memory",
			FL_DRAW_REFERENCE, FL_INK_TEXT);
	for (size_t m = 0; m < MODES; m++) {
		fl_chart_series(p, modes[m].name, FL_DRAW_MARKS, modes[m].ink);
		for (size_t i = 0; i < s->n_rows; i++) {
			const char *mode = fl_summary_value(s, &s->rows[i], MODE);

			if (mode && !strcmp(mode, modes[m].value))
				add(p, m, s, &s->rows[i]);
		}
		n += p->v[1 + m].n;
	}
	p->x.log = p->y.log = true;
	p->x.low = 0.5;
	p->x.high = 1;
	for (size_t m = 1; m <= MODES; m++)
		for (size_t i = 0; i < p->v[m].n; i++) {
			p->x.low = p->v[m].v[i].x < p->x.low ? p->v[m].v[i].x : p->x.low;
			p->x.high = p->v[m].v[i].x > p->x.high ? p->v[m].v[i].x : p->x.high;
		}
	for (double gib = 0.25; gib <= p->x.high; gib *= 2) {
		char text[24];

		fl_chart_tic(&p->x, gib, fl_chart_number(gib, text));
	}
	fl_chart_scale_y(c, -1, false);
	p->x.label = fl_strdup("memory of the guest, GiB");
	p->y.label = fl_strdup("memory added, GiB");
	c->sub = fl_strdup(
		"Found by bisection, each try in a fresh guest.  Hollow: the largest size "
		"that was tried; none failed.");
	c->key = true;
	c->plot_height = 330;
	if (!n)
		fl_chart_release(c);
	return 0;
}

const struct fl_figure fl_figure_limit = {
	.name = "limit",
	.title = "How much memory can be added before the guest runs out?",
	.caption = "The largest added memory that a guest survives, by bisection, and what the "
		   "arithmetic predicts.",
	.fill = fill,
};
