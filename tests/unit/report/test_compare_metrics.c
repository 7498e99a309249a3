/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/compare.h"

static const struct fl_metric headline = { .name = "fault_path", .headline = true };
static const struct fl_metric other = { .name = "page_faults" };

static struct fl_judged judged(const struct fl_metric *m, enum fl_verdict v, double change)
{
	return (struct fl_judged){
		.metric = m->name, .meaning = m, .verdict = v, .change = change
	};
}

/* Of each metric: its rows, the ends of its changes, and the row of the largest. */
Test(compare_metrics, counts_rows_and_keeps_the_ends)
{
	struct fl_judged one[] = { judged(&other, FL_WORSE, 0.5),
				   judged(&headline, FL_WORSE, 0.05) };
	struct fl_judged two[] = { judged(&other, FL_WORSE, INFINITY),
				   judged(&headline, FL_BETTER, -0.28) };
	struct fl_judged three[] = { judged(&other, FL_SAME, 0), judged(&headline, FL_DIFFERS, 9) };
	struct fl_pair pairs[] = { { .name = (char *)"first", .judged = one, .n = 2 },
				   { .name = (char *)"second", .judged = two, .n = 2 },
				   { .name = (char *)"third", .judged = three, .n = 2 } };
	struct fl_comparison c = { .pairs = pairs, .n = 3 };
	char *text = NULL, *line;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fl_compare_by_metric(out, &c, 0);
	fclose(out);
	line = strstr(text, "\nfault_path");
	cr_assert(line && line < strstr(text, "\npage_faults"), "the headline is first: %s", text);
	cr_expect(strstr(line, "-28.00 % to +5.00 %  second"), "%s", text);
	cr_expect(strstr(text, "up from 0  second"), "%s", text);
	cr_expect_null(strstr(text, "third"), "what differs is said elsewhere: %s", text);
	free(text);
}

Test(compare_metrics, of_no_change_is_nothing)
{
	struct fl_comparison c = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fl_compare_by_metric(out, &c, 80);
	fclose(out);
	cr_expect_eq(len, 0);
	free(text);
}
