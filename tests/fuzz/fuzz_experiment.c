/* SPDX-License-Identifier: GPL-2.0 */
/* An experiment file of any bytes: read, planned, released; or one line that says why not. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/experiment/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	struct fl_experiment e;
	struct fl_plan plan = { 0 };
	struct fl_error err = { 0 };
	FILE *f;

	snprintf(path, sizeof(path), "/tmp/faultline-fuzz-%d.ini", (int)getpid());
	f = fopen(path, "w");
	if (!f)
		abort();
	fwrite(data, 1, size, f);
	fclose(f);
	for (int quick = 0; quick < 2; quick++) {
		if (fl_experiment_load(&e, path, quick, &err)) {
			if (strchr(err.text, '\n') && !memchr(data, '\n', size))
				__builtin_trap();
		} else if (e.repeat < 100) {
			fl_plan_make(&plan, &e, 1, &err);
			fl_plan_release(&plan);
		}
		fl_experiment_release(&e);
	}
	unlink(path);
	return 0;
}
