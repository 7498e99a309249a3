/* SPDX-License-Identifier: GPL-2.0 */
/* Several guests on one host: what each holds over time, one above the other. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/units.h"
#include "harness/report/figures.h"

#define GUESTS_MAX 16
#define MIB(bytes) ((double)(bytes) / (1 << 20))

struct stack {
	double *t, *sum; /* s; MiB up to the guest that is added next */
	size_t n, at;
	FILE *out;
};

static int take_time(void *arg, uint64_t t_ns, double value)
{
	struct stack *k = arg;

	(void)value;
	k->t = fl_realloc(k->t, (k->n + 1) * sizeof(*k->t));
	k->sum = fl_realloc(k->sum, (k->n + 1) * sizeof(*k->sum));
	k->t[k->n] = (double)t_ns / 1e9;
	k->sum[k->n++] = 0;
	return 0;
}

static int add_guest(void *arg, uint64_t t_ns, double value)
{
	struct stack *k = arg;

	(void)t_ns;
	if (k->at == k->n)
		return 0;
	fprintf(k->out, "%.4f %.2f", k->t[k->at], k->sum[k->at]);
	k->sum[k->at] += value / 1024;
	fprintf(k->out, " %.2f\n", k->sum[k->at++]);
	return 0;
}

/* A block for each guest, then the limit; *guests: how many there are. */
static int print_point(FILE *out, const struct fl_stored_point *p, struct fl_store *store,
		       unsigned int *guests, struct fl_error *err)
{
	const char *limit = fl_summary_setting(p, "host.memory_limit");
	struct stack k = { .out = out };
	uint64_t bytes;
	int bad = fl_store_each_tick(store, p->id, "stack_rss", take_time, &k, err);

	*guests = 0;
	for (unsigned int i = 1; !bad && k.n && i <= GUESTS_MAX; i++) {
		cleanup_free char *name = fl_asprintf("stack_rss_%u", i);

		k.at = 0;
		bad = fl_store_each_tick(store, p->id, name, add_guest, &k, err);
		if (!k.at)
			break;
		*guests = i;
		fputs("\n\n", out);
	}
	if (*guests && (!limit || fl_parse_size(limit, &bytes)))
		fputs("NaN NaN NaN\n\n\n", out);
	else if (*guests)
		fprintf(out, "%g %g %g\n%g %g %g\n\n\n", k.t[0], MIB(bytes), MIB(bytes),
			k.t[k.n - 1], MIB(bytes), MIB(bytes));
	free(k.t);
	free(k.sum);
	return bad;
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	unsigned int guests = 0;

	(void)workload;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];
		const struct fl_stored_point *p = fl_summary_good_boot(s, row);
		cleanup_free char *label = fl_figure_label(s, row);
		cleanup_free char *title =
			s->workloads.n > 1 ? fl_asprintf("%s: %s", row->workload_name, label)
					   : fl_strdup(label);
		unsigned int mine = 0;

		if (!p || !fl_summary_metric(s, row, "guests_fit", NULL).n)
			continue;
		if (print_point(out, p, store, &mine, err))
			return -1;
		if (!mine)
			continue;
		guests = mine;
		fl_figure_add(&args->names, title);
		args->panels++;
	}
	for (unsigned int i = 1; i <= guests; i++) {
		cleanup_free char *name = fl_asprintf("guest %u", i);

		fl_figure_add(&args->labels, name);
	}
	return 0;
}

const struct fl_figure fl_figure_stack = {
	.name = "stack",
	.title = "Guests stacked: what they hold of the host",
	.caption = "Rss of each guest's memory on the host over the rounds, one guest above the "
		   "other; a panel for each setting, one boot of each. Dashed: the limit of all "
		   "together. A guest that the limit killed ends.",
	.data = data,
};
