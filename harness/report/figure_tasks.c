/* SPDX-License-Identifier: GPL-2.0 */
/* Pages touched, against the first setting, over the number of tasks: for programs that a run
 * starts with -t N. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define LINES_MAX 8

static unsigned int tasks_of(const struct fl_row *row)
{
	const char *at = strstr(row->workload, " -t ");

	return at ? (unsigned int)strtoul(at + 4, NULL, 10) : 0;
}

static bool is_program(const struct fl_row *row, const char *program)
{
	size_t len = strcspn(row->workload, " ");

	return strlen(program) == len && !strncmp(row->workload, program, len);
}

static bool measured(const struct fl_summary *s, const struct fl_row *row)
{
	return tasks_of(row) && fl_summary_metric(s, row, "touch_rate", NULL).n;
}

static void list_lines(const struct fl_summary *s, struct fl_strv *programs, struct fl_strv *labels)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];
		cleanup_free char *label = fl_figure_label(s, row);
		cleanup_free char *program = strndup(row->workload, strcspn(row->workload, " "));

		if (!measured(s, row))
			continue;
		if (labels->n < LINES_MAX)
			fl_strv_add(labels, label);
		fl_strv_add(programs, program);
	}
}

/* One number of tasks is no course. */
static bool varies(const struct fl_summary *s, const char *program)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < s->n_rows; i++) {
		unsigned int tasks = tasks_of(&s->rows[i]);

		if (!measured(s, &s->rows[i]) || !is_program(&s->rows[i], program))
			continue;
		if (seen && tasks != seen)
			return true;
		seen = tasks;
	}
	return false;
}

static bool on_line(const struct fl_summary *s, const struct fl_row *row, const char *program,
		    const char *label)
{
	cleanup_free char *mine = fl_figure_label(s, row);

	return measured(s, row) && is_program(row, program) && !strcmp(mine, label);
}

static double rate_of(const struct fl_summary *s, const char *program, const char *label,
		      unsigned int tasks)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (on_line(s, row, program, label) && tasks_of(row) == tasks)
			return fl_summary_metric(s, row, "touch_rate", NULL).median;
	}
	return 0;
}

/* Against the first label's rate with as many tasks, in percent. */
static void print_line(FILE *out, const struct fl_summary *s, const char *program,
		       const char *label, const char *first)
{
	bool any = false;

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];
		double than;

		if (!on_line(s, row, program, label))
			continue;
		than = rate_of(s, program, first, tasks_of(row));
		if (than <= 0)
			continue;
		fprintf(out, "%u %.4f\n", tasks_of(row),
			100 * (fl_summary_metric(s, row, "touch_rate", NULL).median / than - 1));
		any = true;
	}
	fputs(any ? "\n\n" : "NaN NaN\n\n\n", out);
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	struct fl_strv programs = { 0 }, labels = { 0 };

	(void)store;
	(void)workload;
	(void)err;
	list_lines(s, &programs, &labels);
	for (size_t p = 0; p < programs.n; p++) {
		if (!varies(s, programs.v[p]))
			continue;
		fl_figure_add(&args->names, programs.v[p]);
		args->panels++;
		for (size_t i = 0; i < labels.n; i++)
			print_line(out, s, programs.v[p], labels.v[i], labels.v[0]);
	}
	for (size_t i = 0; args->panels && i < labels.n; i++)
		fl_figure_add(&args->labels, labels.v[i]);
	args->unit = strcmp(s->run.timebase, "insn") ? "second" : "instruction";
	fl_strv_release(&programs);
	fl_strv_release(&labels);
	return 0;
}

const struct fl_figure fl_figure_tasks = {
	.name = "tasks",
	.title = "Pages touched, against the first setting, over the number of tasks",
	.caption = "Change of the pages touched per second, or per instruction, against the first "
		   "setting with as many tasks, medians over boots; a panel for each program.",
	.data = data,
};
