/* SPDX-License-Identifier: GPL-2.0 */
/* The largest added memory that a guest bears, over its own. */
#include <string.h>

#include "harness/base/units.h"
#include "harness/report/figures.h"

#define MODE "hotplug.memmap_on_memory"
#define GIB_IN_KIB (1024.0 * 1024)

static bool print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row)
{
	struct fl_spread good = fl_summary_metric(s, row, "search_largest", NULL);
	struct fl_spread bad = fl_summary_metric(s, row, "search_least_bad", NULL);
	struct fl_spread before = fl_summary_metric(s, row, "guest_free_at_before", NULL);
	const char *memory = fl_summary_value(s, row, "guest.memory");
	uint64_t bytes;

	if (!good.n || !before.n || !memory || fl_parse_size(memory, &bytes))
		return false;
	fprintf(out, "%g %g ", (double)bytes / 1024 / GIB_IN_KIB, good.median / GIB_IN_KIB);
	if (bad.n)
		fprintf(out, "%g ", bad.median / GIB_IN_KIB);
	else
		fputs("NaN ", out);
	fprintf(out, "%g\n", before.median * FL_BYTES_PER_MAP_BYTE / GIB_IN_KIB);
	return true;
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	static const char *const modes[] = { "off", "on", "force" };
	bool any = false;

	(void)store;
	(void)workload;
	(void)err;
	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		bool some = false;

		for (size_t i = 0; i < s->n_rows; i++) {
			const char *mode = fl_summary_value(s, &s->rows[i], MODE);

			if (mode && !strcmp(mode, modes[m]))
				some |= print_row(out, s, &s->rows[i]);
		}
		fputs(some ? "\n\n" : "NaN NaN NaN NaN\n\n\n", out);
		any |= some;
	}
	args->panels = any;
	return 0;
}

const struct fl_figure fl_figure_threshold = {
	.name = "threshold",
	.title = "Largest added memory that a guest bears",
	.caption = "By bisection over sizes, each try in a fresh guest: the bar ends at the least "
		   "size that failed; a triangle is the largest that was tried, and it went well.  "
		   "The line is the arithmetic: 64 bytes for each page of 4 KiB, out of the memory "
		   "that was free before.",
	.data = data,
};
