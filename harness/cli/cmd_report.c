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

enum { OPT_OPEN };

static const struct fl_option options[] = {
	[OPT_OPEN] = { 0, "open", NULL, "show the page with xdg-open" },
	{ 0 },
};

extern char **environ;

static int open_page(FILE *out, struct fl_store *s, const int64_t *runs, size_t n,
		     struct fl_error *err)
{
	struct fl_stored_run run;
	char *argv[3] = { "xdg-open", NULL, NULL };
	pid_t pid;
	int status;

	if (fl_report(out, s, runs, n, err) || fl_store_run(s, runs[0], &run, err))
		return -1;
	argv[1] = fl_asprintf("%s/%s/report.html", fl_results(), run.name);
	fl_stored_run_release(&run);
	status = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (!status)
		waitpid(pid, NULL, 0);
	free(argv[1]);
	return status ? fl_fail(err, FL_MACHINE,
				"xdg-open cannot be started: apt install xdg-utils")
		      : 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	bool open = false;
	const char *value;
	int next = 1, option;

	while ((option = fl_next_option(&fl_cmd_report, argc, argv, &next, &value, err)) >= 0)
		open |= option == OPT_OPEN;
	if (option < -1)
		return -1;
	return fl_with_stored_runs("report", argc - next, argv + next, open ? open_page : fl_report,
				   err);
}

const struct fl_command fl_cmd_report = {
	.name = "report",
	.summary = "write a run's page: table, figures, provenance",
	.synopsis = "report RUN... [--open]",
	.examples = "report latest --open",
	.first = true,
	.options = options,
	.catches = true,
	.run = run,
};
