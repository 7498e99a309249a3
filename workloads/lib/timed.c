/* SPDX-License-Identifier: GPL-2.0 */
#include "lib/timed.h"

#include <stdio.h>
#include <string.h>

int timed_run(const struct program *program, const void *options, unsigned int tasks,
	      int (*run)(const void *options, struct latency *latency))
{
	const struct options_common *common = options;
	struct latency *latency;
	int status, err = latency_open(&latency, common->latency, tasks, NULL, 0);

	if (err) {
		options_error(program, "--latency '%s': %s", common->latency, strerror(-err));
		return 2;
	}
	status = run(options, latency);
	if (latency_close(latency) && !status) {
		fprintf(stderr, "%s: %s: cannot be written\n", program->name, common->latency);
		status = 1;
	}
	if ((fflush(stdout) || ferror(stdout)) && !status)
		status = 1;
	return status;
}
