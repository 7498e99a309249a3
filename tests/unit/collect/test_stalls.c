/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "harness/collect/metric.h"
#include "harness/collect/stalls.h"

Test(stall_counts, become_metrics)
{
	static const char text[] = "1318 160\n0 0\n";
	struct fl_stall_count counts[2];
	struct fl_stalls stalls;
	struct fl_result r = { 0 };
	struct fl_error err;

	cr_assert_eq(fl_stalls_parse(&stalls, "zap:1ms:1/8+unmap.isra.0:1ms", &err), 0);
	cr_assert_eq(fl_stall_counts_parse(counts, 2, text, sizeof(text) - 1), 0);
	fl_stall_counts_put(&r, &stalls, counts);
	cr_expect_eq(fl_result_find(&r, "stalls")->value, 160);
	cr_expect_eq(fl_result_find(&r, "stalls_zap")->value, 160);
	cr_expect_eq(fl_result_find(&r, "stall_entries_zap")->value, 1318);
	cr_expect_eq(fl_result_find(&r, "stalls_unmap.isra.0")->value, 0);
	for (size_t i = 0; i < r.n_values; i++)
		cr_expect_not_null(fl_metric_find(r.values[i].name), "%s", r.values[i].name);
	fl_result_release(&r);
}

Test(stall_counts, nonsense_is_refused)
{
	static const char *const bad[] = { "",
					   "1 1",
					   "1 1\n",
					   "1 2\n1 1\n",
					   "1\n1 1\n",
					   "a 1\n1 1\n",
					   "1 1\n1 1\n1 1\n",
					   "-1 0\n1 1\n",
					   "1 1 1\n1 1\n",
					   "1 1\n1 1\nx" };
	struct fl_stall_count counts[2];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(fl_stall_counts_parse(counts, 2, bad[i], strlen(bad[i])), -EPROTO,
			     "%s", bad[i]);
	cr_expect_eq(fl_stall_counts_parse(counts, 2, "1 1\n1 1\n\0x", 10), -EPROTO);
}
