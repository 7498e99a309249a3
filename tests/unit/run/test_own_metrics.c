/* SPDX-License-Identifier: GPL-2.0 */
/* Names that [metric NAME] may not take. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/own_metrics.h"

static int check(char *name, struct fl_error *err)
{
	struct fl_step step = { .name = (char *)"peak" };
	struct fl_steps steps = { .v = &step, .n = 1 };
	struct fl_own_metric m = { .name = name, .line = 7 };
	struct fl_experiment e = {
		.file = (char *)"e.ini",
		.metrics = { &m, 1 },
		.steps = &steps,
		.n_steps = 1,
	};

	return fl_own_metrics_names(&e, err);
}

Test(own_metrics, names_that_are_taken)
{
	static const char *const taken[] = {
		"n",
		"kernel",
		"workload",
		"setting",
		"row",
		"run",
		"point",
		"repeat",
		"status",
		"unit",
		"value",
		"metric",
		"clock",
		"fault_count",
		"host_anon_huge_at_x",
		"rate_at_peak",
	};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		struct fl_error err = { 0 };

		cr_expect_neq(check((char *)taken[i], &err), 0, "%s", taken[i]);
		cr_expect_eq(strncmp(err.text, "e.ini:7: [metric ", 17), 0, "%s", err.text);
	}
}

Test(own_metrics, names_that_are_free)
{
	static const char *const names[] = { "rate", "runs", "at_peak", "rate_at_hold",
					     "_at_peak" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct fl_error err = { 0 };

		cr_expect_eq(check((char *)names[i], &err), 0, "%s", err.text);
	}
}
