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
	FILE *out;
	double zero_s;
	double most, least; /* MiB, while the new memory is not online */
	size_t n;
};

static int print_tick(void *arg, uint64_t t_ns, double value)
{
	struct ticks *t = arg;
	double at = (double)t_ns / 1e9 - t->zero_s;

	if (at < -BEFORE_S || at > AFTER_S)
		return 0;
	if (at < 0 || t->most < 0)
		t->most = value / 1024 > t->most ? value / 1024 : t->most;
	t->least = value / 1024 < t->least ? value / 1024 : t->least;
	fprintf(t->out, "%.4f %.2f\n", at, value / 1024);
	t->n++;
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

/* A block each: off, on, force; an empty one for what was not measured. */
static int print_panel(FILE *out, const struct fl_summary *s, const struct fl_stored_point *first,
		       struct fl_store *store, double *most, double *least, struct fl_error *err)
{
	static const char *const modes[] = { "off", "on", "force" };

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		struct ticks t = { .out = out, .most = *most, .least = *least };

		for (size_t i = 0; !t.n && i < s->n_rows; i++) {
			const struct fl_stored_point *p = boot_of(s, &s->rows[i]);

			if (!p || !same_panel(p, first) ||
			    strcmp(fl_summary_setting(p, MODE), modes[m]) != 0)
				continue;
			t.zero_s = metric_of(p, "step_add_start") / 1e9;
			if (fl_store_each_tick(store, p->id, "guest_free", print_tick, &t, err))
				return -1;
		}
		*most = t.most;
		*least = t.least;
		fputs(t.n ? "\n\n" : "NaN NaN\n\n\n", out);
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

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	(void)workload;
	for (size_t i = 0; i < s->n_rows && args->panels < PANELS_MAX; i++) {
		const struct fl_stored_point *p = boot_of(s, &s->rows[i]);
		cleanup_free char *title = NULL, *high = NULL, *low = NULL;
		double most = -1, least = 1e12;
		bool is_first;

		if (!p || count_panel(s, p, &is_first) < 2 || !is_first)
			continue;
		title = title_of(p);
		fl_figure_add(&args->names, title);
		args->panels++;
		if (print_panel(out, s, p, store, &most, &least, err))
			return -1;
		high = fl_asprintf("%.1f", most > least ? most : least + 1);
		low = fl_asprintf("%.1f", least);
		fl_figure_add(&args->labels, high);
		fl_figure_add(&args->labels, low);
	}
	return 0;
}

const struct fl_figure fl_figure_hotplug = {
	.name = "hotplug",
	.title = "Free memory around the add",
	.caption = "MemFree of the guest from just before a DIMM is added, for each place of its "
		   "memory map; a line that ends early is a guest that ran out of memory.  The "
		   "rise is the new memory coming online.",
	.data = data,
};
