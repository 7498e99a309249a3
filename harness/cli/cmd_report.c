/* SPDX-License-Identifier: GPL-2.0 */
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/cli/cli.h"
#include "harness/cli/commands.h"
#include "harness/cli/stored_runs.h"
#include "harness/report/report.h"

enum { OPT_INDEX, OPT_OPEN };

static const struct fl_option options[] = {
	[OPT_INDEX] = { 0, "index", NULL, "the page over all runs: results/index.html" },
	[OPT_OPEN] = { 0, "open", NULL, "show the page with xdg-open" },
	{ 0 },
};

extern char **environ;

static int open_page(const char *path, struct fl_error *err)
{
	cleanup_free char *copy = fl_strdup(path);
	char *argv[3] = { "xdg-open", copy, NULL };
	pid_t pid;
	int status = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);

	if (!status)
		waitpid(pid, NULL, 0);
	return status ? fl_fail(err, FL_MACHINE,
				"xdg-open cannot be started: apt install xdg-utils")
		      : 0;
}

static int report_and_open(FILE *out, struct fl_store *s, const int64_t *runs, size_t n,
			   struct fl_error *err)
{
	cleanup_free char *path = NULL;
	struct fl_stored_run run;

	if (fl_report(out, s, runs, n, err) || fl_store_run(s, runs[0], &run, err))
		return -1;
	path = fl_asprintf("%s/%s/report.html", fl_results(), run.name);
	fl_stored_run_release(&run);
	return open_page(path, err);
}

static int make_index(bool open, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/index.html", fl_results());
	struct fl_store *store;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_report_index(stdout, store, err);
	fl_store_close(store);
	return !bad && open ? open_page(path, err) : bad;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	bool open = false, index = false;
	const char *value;
	int next = 1, option;

	while ((option = fl_next_option(&fl_cmd_report, argc, argv, &next, &value, err)) >= 0) {
		open |= option == OPT_OPEN;
		index |= option == OPT_INDEX;
	}
	if (option < -1)
		return -1;
	if (index && next < argc)
		return fl_fail(err, FL_USAGE, "report --index is of all runs: it takes no RUN (%s)",
			       argv[next]);
	if (index)
		return make_index(open, err);
	return fl_with_stored_runs("report", argc - next, argv + next,
				   open ? report_and_open : fl_report, err);
}

const struct fl_command fl_cmd_report = {
	.name = "report",
	.summary = "write a run's page, or one over all runs",
	.synopsis = "report RUN... | --index [--open]",
	.examples = "report latest --open\nreport --index --open",
	.first = true,
	.options = options,
	.catches = true,
	.run = run,
};
