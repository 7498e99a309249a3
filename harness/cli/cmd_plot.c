/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/report/report.h"

static const struct fl_option options[] = { { 0 } };

static int run(int argc, char **argv, struct fl_error *err)
{
	const char *value;
	int next = 1;

	if (fl_next_option(&fl_cmd_plot, argc, argv, &next, &value, err) < -1)
		return -1;
	return fl_with_stored_runs("plot", argc - next, argv + next, fl_plot, err);
}

const struct fl_command fl_cmd_plot = {
	.name = "plot",
	.summary = "draw a run's figures as SVG and PNG",
	.synopsis = "plot RUN...",
	.examples = "plot latest",
	.options = options,
	.catches = true,
	.run = run,
};
