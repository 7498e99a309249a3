// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
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

static struct latency *open_on(FILE *f, unsigned int tasks, const struct latency_class classes[],
			       unsigned int nr)
{
	struct latency *rec;
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", fileno(f));
	cr_assert_eq(latency_open(&rec, fd, tasks, classes, nr), 0);
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
	static const struct latency_class classes[] = { { "fork", 0, 0, 0, false },
							{ "write_before", 1, 1, 1, false } };
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 2, classes, 2);
	char *text;

	latency_record(latency_task(rec, 0), 1, 1000, 101000);
	latency_record(latency_task(rec, 1), 1, 1000, 101000);
	cr_assert_eq(latency_close(rec), 0);
	text = read_back(f);
	cr_assert_eq(strncmp(text, "faultline-latency 2\nclock ", 26), 0, "%s", text);
	cr_assert_not_null(strstr(text, " cost_ns "), "%s", text);
	cr_assert_not_null(strstr(text, "\nclass fork count 0 sum_ns 0 min_ns 0 max_ns 0\n"));
	cr_assert_not_null(strstr(text, "\nclass write_before count 2 "));
	cr_assert_eq(strcmp(text + strlen(text) - 5, "\nend\n"), 0);
	fclose(f);
}

static struct hist *merged(const struct latency *rec, unsigned int class)
{
	static struct hist h;

	memset(&h, 0, sizeof(h));
	latency_merge(rec, class, &h);
	return &h;
}

Test(workload_latency, a_counter_that_steps_back_is_no_time)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);

	latency_record(latency_task(rec, 0), LATENCY_BASE, 2000, 1000);
	cr_assert_eq(merged(rec, LATENCY_BASE)->max, 0);
	cr_assert_eq(merged(rec, LATENCY_BASE)->count, 1);
	latency_close(rec);
	fclose(f);
}

Test(workload_latency, the_cost_of_the_clock_is_taken_off)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);
	uint64_t cost = latency_cost(rec);

	cr_assert_gt(cost, 0);
	cr_assert_lt((double)cost * latency_ns_per_tick(rec), 10000);
	latency_record(task, LATENCY_BASE, 1, 1 + cost + 7);
	latency_record(task, LATENCY_BASE, 1, 1 + cost / 2);
	cr_assert_eq(merged(rec, LATENCY_BASE)->max, 7);
	cr_assert_eq(hist_min(merged(rec, LATENCY_BASE)), 0, "never below 0");
	latency_close(rec);
	fclose(f);
}

Test(workload_latency, forked_tasks_are_merged)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 4, NULL, 0);
	uint64_t cost = latency_cost(rec);

	for (unsigned int i = 0; i < 4; i++) {
		if (fork())
			continue;
		for (unsigned int n = 0; n <= i; n++)
			latency_record(latency_task(rec, i), LATENCY_REGION, 0, cost + 10 + i);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	/* latency_task() starts a task afresh, so each kept only its last record. */
	cr_assert_eq(merged(rec, LATENCY_REGION)->count, 4);
	cr_assert_eq(hist_min(merged(rec, LATENCY_REGION)), 10);
	cr_assert_eq(merged(rec, LATENCY_REGION)->max, 13);
	cr_assert_eq(latency_close(rec), 0);
	fclose(f);
}

static unsigned char *map_pages(size_t n)
{
	unsigned char *p = mmap(NULL, n * TOUCHED_PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(p, MAP_FAILED);
	madvise(p, n * TOUCHED_PAGE, MADV_NOHUGEPAGE);
	return p;
}

static void touch_pages(struct latency_task *task, unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		latency_touch(task, i ? LATENCY_BASE : LATENCY_REGION, p + i * TOUCHED_PAGE, 1);
	latency_settle(task);
}

/* By a tick or another task. */
static uint64_t disturbed(const struct latency *rec)
{
	uint64_t ticked = merged(rec, LATENCY_INTERRUPTED)->count;

	return ticked + merged(rec, LATENCY_PREEMPTED)->count;
}

Test(workload_latency, a_touch_that_faults_is_none_that_does_not)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);
	unsigned char *p = map_pages(1300);
	uint64_t interrupted;

	touch_pages(task, p, 1300);
	interrupted = disturbed(rec);
	cr_assert_eq(merged(rec, LATENCY_STORE)->count, 0);
	cr_assert_eq(merged(rec, LATENCY_BASE)->count + merged(rec, LATENCY_REGION)->count +
			     interrupted,
		     1300);
	cr_assert_leq(merged(rec, LATENCY_REGION)->count, 1);
	cr_assert_lt(interrupted, 100);

	touch_pages(task, p, 1300);
	cr_assert_eq(merged(rec, LATENCY_STORE)->count + disturbed(rec) - interrupted, 1300,
		     "the pages are there");
	munmap(p, 1300 * TOUCHED_PAGE);
	latency_close(rec);
	fclose(f);
}

/* Every fourth page of 400 is new: are 100 touches told to fault?  Moving a page away, as
 * compaction does, makes a touch fault that would not. */
static bool are_faults_told(void)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);
	unsigned char *p = map_pages(400);
	uint64_t base, store, interrupted;
	bool are;

	for (size_t i = 0; i < 400; i++)
		if (i % 4)
			p[i * TOUCHED_PAGE] = 1;
	for (size_t i = 0; i < 400; i++)
		latency_write(task, LATENCY_BASE, (unsigned long *)(void *)(p + i * TOUCHED_PAGE),
			      1);
	latency_settle(task);
	base = merged(rec, LATENCY_BASE)->count;
	store = merged(rec, LATENCY_STORE)->count;
	interrupted = disturbed(rec);
	cr_assert_eq(base + store + interrupted, 400);
	are = base <= 100 && base + interrupted >= 100 && store <= 300 &&
	      store + interrupted >= 300;
	if (!are)
		cr_log_info("%lu base, %lu stores, %lu interrupted", base, store, interrupted);
	munmap(p, 400 * TOUCHED_PAGE);
	latency_close(rec);
	fclose(f);
	return are;
}

Test(workload_latency, some_of_a_chunk_fault)
{
	int tries = 5;

	while (tries && !are_faults_told())
		tries--;
	cr_assert_neq(tries, 0, "100 faults among 400 touches");
}

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

/* A touch of 10 ms in which the task was preempted: is it among the preempted, not the stores? */
static bool is_kept_apart(unsigned char *p)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);
	uint64_t start, long_ticks = (uint64_t)(1e7 / latency_ns_per_tick(rec));
	long before;
	bool apart;

	for (int i = 0; i < 20; i++)
		latency_touch(task, LATENCY_BASE, p, 1);
	before = preemptions();
	start = latency_begin(task, LATENCY_BASE);
	while (preemptions() == before || latency_stamp(task) - start < long_ticks)
		;
	latency_end(task, LATENCY_BASE, start);
	latency_settle(task);
	apart = merged(rec, LATENCY_PREEMPTED)->max > long_ticks / 2 &&
		merged(rec, LATENCY_STORE)->max < long_ticks / 2;
	latency_close(rec);
	fclose(f);
	return apart;
}

/* Two processes on one CPU. One that leaves the CPU once more just after its touch can't tell when
 * it left: so one try in a few must do. */
Test(workload_latency, a_preempted_touch_is_kept_apart)
{
	unsigned char *p = map_pages(1);
	bool apart = false;
	cpu_set_t one;
	pid_t other;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	cr_assert_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	other = fork();
	if (!other)
		for (;;)
			;
	*p = 1;
	for (int i = 0; i < 20 && !apart; i++)
		apart = is_kept_apart(p);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	cr_assert(apart);
	munmap(p, TOUCHED_PAGE);
}

Test(workload_latency, a_child_does_not_settle_what_another_left)
{
	FILE *f = tmpfile();
	struct latency *rec = open_on(f, 1, NULL, 0);
	struct latency_task *task = latency_task(rec, 0);
	unsigned char *p = map_pages(2);

	latency_touch(task, LATENCY_BASE, p, 1);
	latency_adopt(task);
	latency_touch(task, LATENCY_BASE, p + TOUCHED_PAGE, 1);
	latency_settle(task);
	latency_settle(task);
	cr_assert_eq(merged(rec, LATENCY_BASE)->count + disturbed(rec), 1);
	munmap(p, 2 * TOUCHED_PAGE);
	latency_close(rec);
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
