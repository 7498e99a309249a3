// SPDX-License-Identifier: GPL-2.0
/* A task looks at the phase once a pass, never in the loop over the pages. */
#include "fault_loop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bind.h"
#include "gate.h"
#include "held.h"
#include "latency.h"
#include "options.h"
#include "pace.h"
#include "task.h"
#include "touched.h"

#define TASKS_MAX LATENCY_TASKS_MAX
#define DEFAULT_SIZE ((uint64_t)128 << 20)
#define DEFAULT_WARMUP 6
#define SECONDS_MAX 1000000

struct fault_options {
	struct options_common common;
	uint64_t tasks, seconds, warmup, size, passes;
	bool threads, processes, smt, unbound, verbose;
};

enum phase {
	PHASE_WARMUP,
	PHASE_MEASURE,
	PHASE_STOP,
};

struct counter {
	unsigned long long touches;
	unsigned long long faults, unmap_ns; /* written once, when the task stops */
	struct held held;                    /* before it unmaps for the last time */
} __attribute__((aligned(256)));

/* In memory that all tasks share. */
struct shared {
	_Atomic int phase;
	struct counter counter[];
};

struct run {
	const struct fault_case *test;
	const struct fault_options *options;
	struct shared *shared;
	size_t shared_bytes;
	struct gate *gate;
	struct latency *latency;
	struct tasks *tasks;
	size_t page;
	unsigned long long previous[TASKS_MAX];
};

#define AT(field) offsetof(struct fault_options, field)

static const struct option_spec specs[] = {
	{ NULL, 't', "TASKS", "number of processes or threads (default 1)", OPTION_NUMBER,
	  AT(tasks), 1, TASKS_MAX },
	{ NULL, 's', "SECONDS", "seconds to measure (default: for ever)", OPTION_NUMBER,
	  AT(seconds), 0, SECONDS_MAX },
	{ NULL, 'm', NULL, "bind tasks to hardware threads (default: cores)", OPTION_FLAG, AT(smt),
	  0, 0 },
	{ NULL, 'n', NULL, "do not bind tasks", OPTION_FLAG, AT(unbound), 0, 0 },
	{ NULL, 'v', NULL, "also print each task's count, each second", OPTION_FLAG, AT(verbose), 0,
	  0 },
	{ "passes", 0, "N", "N passes a task and no clock: the same work in every run",
	  OPTION_NUMBER, AT(passes), 0, UINT32_MAX },
	{ "processes", 0, NULL, "tasks are processes (default; or a program name in _processes)",
	  OPTION_FLAG, AT(processes), 0, 0 },
	{ "size", 0, "SIZE", "bytes to map (default 128m)", OPTION_SIZE, AT(size), 4096, 0 },
	{ "threads", 0, NULL, "tasks are threads (or a program name in _threads)", OPTION_FLAG,
	  AT(threads), 0, 0 },
	{ "warmup", 0, "SECONDS", "seconds before the measurement (default 6)", OPTION_NUMBER,
	  AT(warmup), 0, SECONDS_MAX },
	{ 0 },
};

static const char notes[] =
	"The lines are will-it-scale's, then of the whole run touches:, faults:, elapsed_ns:\n"
	"and unmap_ns: (in munmap, all tasks together).  Unlike there, tasks wrap when there are\n"
	"more than CPUs, and a task that dies ends the run with exit status 1.  Latencies are\n"
	"of the measurement only: base and region (first touch of an aligned 2 MiB) faulted,\n"
	"store did not, interrupted had a tick or a preemption in them.\n";

static void touch(char *c, size_t size, size_t page, unsigned long long *touches)
{
	for (size_t i = 0; i < size; i += page) {
		c[i] = 0;
		(*touches)++;
	}
}

static void touch_timed(char *c, size_t size, size_t page, unsigned long long *touches,
			struct latency_task *latency)
{
	for (size_t i = 0; i < size; i += page) {
		bool first = !i || !((uintptr_t)(c + i) % TOUCHED_REGION);

		latency_touch(latency, first ? LATENCY_REGION : LATENCY_BASE,
			      (unsigned char *)c + i, 0);
		(*touches)++;
	}
	latency_settle(latency);
}

static long thread_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

static bool is_last(const struct run *run, uint64_t pass)
{
	if (run->options->passes)
		return pass + 1 == run->options->passes;
	return run->latency && run->shared->phase == PHASE_STOP;
}

/* Threads hold the same: the first one looks. */
static void look(const struct run *run, unsigned int nr)
{
	struct held *held = &run->shared->counter[nr].held;

	if (run->options->threads && nr)
		return;
	held_add_process(held, getpid());
	held_take_charge(held);
}

static int task_main(unsigned int nr, void *arg)
{
	const struct run *run = arg;
	struct counter *counter = &run->shared->counter[nr];
	struct latency_task *latency = latency_task(run->latency, nr);
	size_t size = run->options->size;
	uint64_t passes = run->options->passes;
	int fd = run->test->open ? run->test->open(size) : -1;
	uint64_t unmap_ns = 0;
	long faults;

	if ((run->test->open && fd < 0) || gate_wait(run->gate))
		return 1;
	faults = thread_faults();
	for (uint64_t pass = 0; !passes || pass < passes; pass++) {
		int phase = run->shared->phase;
		char *c;

		if (phase == PHASE_STOP)
			break;
		c = mmap(NULL, size, PROT_READ | PROT_WRITE, run->test->flags, fd, 0);
		if (c == MAP_FAILED) {
			fprintf(stderr, "%s: cannot map %zu bytes: %s\n", run->test->name, size,
				strerror(errno));
			return 1;
		}
		if (latency && phase == PHASE_MEASURE)
			touch_timed(c, size, run->page, &counter->touches, latency);
		else
			touch(c, size, run->page, &counter->touches);
		if (is_last(run, pass))
			look(run, nr);
		unmap_ns -= pace_now_ns();
		munmap(c, size);
		unmap_ns += pace_now_ns();
	}
	counter->faults = (unsigned long long)(thread_faults() - faults);
	counter->unmap_ns = unmap_ns;
	if (fd >= 0)
		close(fd);
	return 0;
}

/* One second's line; returns the touches of all tasks in it. */
static unsigned long long print_second(struct run *run)
{
	unsigned long long min = -1ULL, max = 0, sum = 0;

	for (unsigned int i = 0; i < run->options->tasks; i++) {
		unsigned long long now =
			*(volatile unsigned long long *)&run->shared->counter[i].touches;
		unsigned long long diff = now - run->previous[i];

		run->previous[i] = now;
		min = diff < min ? diff : min;
		max = diff > max ? diff : max;
		sum += diff;
		if (run->options->verbose)
			printf("task:%u touches:%llu\n", i, diff);
	}
	printf("min:%llu max:%llu total:%llu\n", min, max, sum);
	return sum;
}

static int run_seconds(struct run *run)
{
	const struct fault_options *o = run->options;
	uint64_t start = pace_now_ns(), warmup_ns = 0;
	unsigned long long total = 0;

	printf("warmup\n");
	for (uint64_t second = 0; !o->seconds || second < o->warmup + o->seconds; second++) {
		unsigned long long sum;

		if (second == o->warmup) {
			run->shared->phase = PHASE_MEASURE;
			warmup_ns = pace_now_ns() - start;
			printf("measurement\n");
		}
		sleep(1);
		if (!tasks_running(run->tasks)) {
			tasks_kill(run->tasks);
			return 1;
		}
		sum = print_second(run);
		if (second >= o->warmup)
			total += sum;
	}
	printf("average:%llu\nwarmup_ns %" PRIu64 "\n", total / o->seconds, warmup_ns);
	run->shared->phase = PHASE_STOP;
	return 0;
}

static void print_totals(const struct run *run, const struct timespec *start)
{
	unsigned long long touches = 0, faults = 0, unmap_ns = 0;
	struct held held = { 0 };
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	for (unsigned int i = 0; i < run->options->tasks; i++) {
		touches += run->shared->counter[i].touches;
		faults += run->shared->counter[i].faults;
		unmap_ns += run->shared->counter[i].unmap_ns;
		held_add(&held, &run->shared->counter[i].held);
	}
	printf("touches:%llu\nfaults:%llu\nelapsed_ns:%lld\nunmap_ns:%llu\n", touches, faults,
	       (end.tv_sec - start->tv_sec) * 1000000000LL + end.tv_nsec - start->tv_nsec -
		       (long long)held.looked_ns,
	       unmap_ns);
	held_print(&held);
}

static int run_tasks(struct run *run)
{
	const struct fault_options *o = run->options;
	enum task_kind kind = o->threads ? TASK_THREAD : TASK_PROCESS;
	struct bind *bind = NULL;
	struct timespec start;
	int failed = 0;
	int err = 0;

	if (!o->unbound)
		err = bind_open(&bind, o->smt ? BIND_THREAD : BIND_CORE);
	if (!err)
		err = tasks_start(&run->tasks, kind, (unsigned int)o->tasks, task_main, run, bind);
	if (err) {
		fprintf(stderr, "%s: cannot start %" PRIu64 " tasks: %s\n", run->test->name,
			o->tasks, strerror(-err));
		return 1;
	}
	printf("testcase:%s\n", run->test->testcase);
	run->shared->phase = o->passes ? PHASE_MEASURE : PHASE_WARMUP;
	if (gate_open(run->gate, (unsigned int)o->tasks, tasks_running, run->tasks))
		failed = 1;
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (!failed && !o->passes)
		failed = run_seconds(run);
	if (failed)
		run->shared->phase = PHASE_STOP;
	failed |= tasks_wait(run->tasks);
	if (!failed)
		print_totals(run, &start);
	tasks_free(run->tasks);
	bind_close(bind);
	return failed;
}

static int make_shared(struct run *run)
{
	size_t tasks = run->options->tasks;

	run->shared_bytes = sizeof(*run->shared) + tasks * sizeof(struct counter);
	run->shared = mmap(NULL, run->shared_bytes, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	return run->shared == MAP_FAILED ? -errno : gate_new(&run->gate);
}

static int close_latency(struct run *run)
{
	int err = latency_close(run->latency);

	if (err)
		fprintf(stderr, "%s: --latency %s: %s\n", run->test->name,
			run->options->common.latency, strerror(-err));
	return err ? 1 : 0;
}

static int check_options(const struct program *program, struct fault_options *o, const char *called,
			 int operands)
{
	size_t len = strlen(called);

	if (operands)
		return options_error(program, "takes no operands, only options");
	if (o->threads && o->processes)
		return options_error(program, "--threads and --processes: give one of them");
	if (len > 8 && !strcmp(called + len - 8, "_threads") && !o->processes)
		o->threads = true;
	return 0;
}

int fault_loop_main(const struct fault_case *test, int argc, char **argv)
{
	const struct program program = {
		.name = test->name,
		.synopsis = "[-t TASKS] [-s SECONDS] [OPTIONS]",
		.summary = test->summary,
		.notes = notes,
		.options = specs,
	};
	struct fault_options o = {
		.common = OPTIONS_COMMON, .tasks = 1, .warmup = DEFAULT_WARMUP, .size = DEFAULT_SIZE
	};
	static struct run run;
	int first = options_parse(&program, &o, argc, argv);
	int err;
	int status;

	if (first >= 0 && check_options(&program, &o, argv[0], argc - first))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	setvbuf(stdout, NULL, _IOLBF, 0);
	run.test = test;
	run.options = &o;
	run.page = (size_t)sysconf(_SC_PAGESIZE);
	err = latency_open(&run.latency, o.common.latency, (unsigned int)o.tasks, NULL, 0);
	if (err) {
		options_error(&program, "--latency '%s': %s", o.common.latency, strerror(-err));
		return 2;
	}
	err = make_shared(&run);
	if (err) {
		fprintf(stderr, "%s: no memory for the counters: %s\n", test->name, strerror(-err));
		return 1;
	}
	status = run_tasks(&run);
	status |= close_latency(&run);
	gate_free(run.gate);
	munmap(run.shared, run.shared_bytes);
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
