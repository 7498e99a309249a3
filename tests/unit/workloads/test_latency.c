// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/lib/latency.h"
#include "workloads/lib/touched.h"

static char *read_back(FILE *f)
{
	static char text[65536];

	rewind(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	return text;
}

static struct latency *open_on(FILE *f, unsigned int tasks, const char *const names[],
			       unsigned int nr)
{
	struct latency *rec;
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", fileno(f));
	cr_assert_eq(latency_open(&rec, fd, tasks, names, nr), 0);
	cr_assert_not_null(rec);
	return rec;
}

Test(workload_latency, no_destination_is_no_recorder)
{
	struct latency *rec = (struct latency *)1;

	cr_assert_eq(latency_open(&rec, NULL, 1, NULL, 0), 0);
	cr_assert_null(rec);
	cr_assert_null(latency_task(rec, 0));
	cr_assert_eq(latency_close(rec), 0);
}

Test(workload_latency, bad_destinations)
{
	struct latency *rec;

	cr_assert_eq(latency_open(&rec, "/nonexistent/x", 1, NULL, 0), -ENOENT);
	cr_assert_eq(latency_open(&rec, "999", 1, NULL, 0), -EBADF);
	cr_assert_eq(latency_open(&rec, "99999999999", 1, NULL, 0), -EBADF);
	cr_assert_eq(latency_open(&rec, "1", 0, NULL, 0), -EINVAL);
	cr_assert_null(rec);
}

Test(workload_latency, a_full_disk_is_told)
{
	struct latency *rec;

	cr_assert_eq(latency_open(&rec, "/dev/full", 1, NULL, 0), 0);
	latency_record(latency_task(rec, 0), LATENCY_BASE, 1, 2);
	cr_assert_eq(latency_close(rec), -ENOSPC);
}

Test(workload_latency, file_has_every_class_and_an_end)
{
	static const char *const names[] = { "fork", "write_before" };
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 2, names, 2);
	char *text;

	latency_record(latency_task(rec, 0), 1, 1000, 1100);
	latency_record(latency_task(rec, 1), 1, 1000, 1100);
	cr_assert_eq(latency_close(rec), 0);
	text = read_back(f);
	cr_assert_eq(strncmp(text, "faultline-latency 1\nclock ", 26), 0, "%s", text);
	cr_assert_not_null(strstr(text, "\nclass fork count 0 sum_ns 0 min_ns 0 max_ns 0\n"));
	cr_assert_not_null(strstr(text, "\nclass write_before count 2 "));
	cr_assert_eq(strcmp(text + strlen(text) - 5, "\nend\n"), 0);
	fclose(f);
}

Test(workload_latency, a_counter_that_steps_back_is_no_time)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);

	latency_record(task, LATENCY_BASE, 2000, 1000);
	cr_assert_eq(task->class[LATENCY_BASE].max, 0);
	cr_assert_eq(task->class[LATENCY_BASE].count, 1);
	latency_close(rec);
	fclose(f);
}

Test(workload_latency, forked_tasks_are_merged)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 4, NULL, 0);
	static struct hist merged;

	for (unsigned int i = 0; i < 4; i++) {
		if (fork())
			continue;
		for (unsigned int n = 0; n <= i; n++)
			latency_record(latency_task(rec, i), LATENCY_REGION, 0, 10 + i);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	latency_merge(rec, LATENCY_REGION, &merged);
	/* latency_task() starts a task afresh, so each kept only its last record. */
	cr_assert_eq(merged.count, 4);
	cr_assert_eq(hist_min(&merged), 10);
	cr_assert_eq(merged.max, 13);
	cr_assert_eq(latency_close(rec), 0);
	fclose(f);
}

Test(workload_latency, the_clock_runs_at_the_frequency_told)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);
	uint64_t start = latency_stamp(task), mono = latency_ticks(false);
	double ns, ratio;

	usleep(50000);
	ns = (double)(latency_stamp(task) - start) * latency_ns_per_tick(rec);
	ratio = ns / (double)(latency_ticks(false) - mono);
	cr_assert(ratio > 0.99 && ratio < 1.01, "ratio %g", ratio);
	latency_close(rec);
	fclose(f);
}

Test(workload_touched, tells_first_touches_of_pages_and_regions)
{
	struct touched t;
	const char *p = (const char *)(3 * TOUCHED_REGION - 2 * TOUCHED_PAGE);

	cr_assert_eq(touched_init(&t, p, 4 * TOUCHED_PAGE), 0);
	cr_assert_eq(touched_note(&t, p + 5000), LATENCY_REGION);
	cr_assert_eq(touched_note(&t, p), LATENCY_BASE);
	cr_assert_eq(touched_note(&t, p + 100), TOUCHED_AGAIN);
	cr_assert_eq(touched_note(&t, p + 4 * TOUCHED_PAGE - 1), LATENCY_REGION);
	cr_assert_eq(touched_note(&t, p + 2 * TOUCHED_PAGE), LATENCY_BASE);
	touched_release(&t);
}
