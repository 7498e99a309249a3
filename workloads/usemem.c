// SPDX-License-Identifier: GPL-2.0
/*
 * usemem: each task maps memory and walks over it, word by word, in order or at random.  The
 * command line, the lines of output and the loop are vm-scalability's.  That includes its way of
 * counting bytes: an eighth of what was mapped is added to what was accessed.
 *
 * With --latency the first pass times the first access to each page, and only that one.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/bind.h"
#include "lib/aligned.h"
#include "lib/gate.h"
#include "lib/held.h"
#include "lib/holes.h"
#include "lib/latency.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/seed.h"
#include "lib/size.h"
#include "lib/task.h"
#include "lib/touched.h"
#include "lib/walk.h"

#define MAP_HUGE_2M (21 << MAP_HUGE_SHIFT)

struct usemem_options {
	struct options_common common;
	const char *file;
	uint64_t nproc, threads, bind, unit, step, repeat, offset, runtime, delay, size;
	int64_t sleep;
	bool use_malloc, mlock, readonly, open_rw, quiet, random, msync, msync_async, prealloc;
	bool prefault, sync_rw, sync_free, anonymous, hugetlb, read_again, punch_holes, init_time;
	bool punch_random, advise_huge, touch_alloc;
};

struct run {
	const struct usemem_options *o;
	int fd;
	unsigned long *prealloc;
	struct timeval start;
	struct gate *start_gate, *done_gate, *free_gate;
	struct latency *latency;
	struct bind *bind;
	unsigned int process; /* number of this one, for its threads */
};

struct unit {
	unsigned long *p;
	size_t bytes;
};

/* One task's work; units grows by one for each unit mapped. */
struct work {
	const struct usemem_options *o;
	struct run *run;
	struct walk walk;
	struct unit *units;
	size_t nr_units;
};

#define AT(field) offsetof(struct usemem_options, field)
#define FLAG(name, letter, help, field)                                \
	{                                                              \
		name, letter, NULL, help, OPTION_FLAG, AT(field), 0, 0 \
	}

static const struct option_spec specs[] = {
	{ "nproc", 'n', "N", "N processes", OPTION_NUMBER, AT(nproc), 0, LATENCY_TASKS_MAX },
	{ "thread", 't', "M", "M threads in each", OPTION_NUMBER, AT(threads), 0,
	  LATENCY_TASKS_MAX },
	{ "bind", 'b', "N", "bind task i to hardware thread i*N", OPTION_NUMBER, AT(bind), 0,
	  LATENCY_TASKS_MAX },
	FLAG("malloc", 'a', "memory from malloc()", use_malloc),
	{ "file", 'f', "FILE", "mmap FILE, shared (default /dev/zero, private)", OPTION_TEXT,
	  AT(file), 0, 0 },
	{ "offset", 'B', "BYTES", "offset in the file", OPTION_NUMBER, AT(offset), 0, INT64_MAX },
	FLAG("prefault", 'F', "mmap with MAP_POPULATE", prefault),
	FLAG("prealloc", 'P', "map before the fork", prealloc),
	{ "unit", 'u', "SIZE", "map in units of SIZE", OPTION_SIZE, AT(unit), 0, 0 },
	{ "step", 'j', "SIZE", "distance of accesses (default a word)", OPTION_SIZE, AT(step), 0,
	  0 },
	{ "repeat", 'r', "N", "N passes over each unit", OPTION_NUMBER, AT(repeat), 0, INT_MAX },
	FLAG("readonly", 'o', "read only", readonly),
	FLAG("open-rw", 'w', "open and map for writing even so", open_rw),
	FLAG("random", 'R', "random order", random),
	{ "random-seed", 0, "N", "the same as --seed", OPTION_NUMBER, AT(common.seed), 0,
	  UINT64_MAX },
	FLAG("mlock", 'M', "mlock() afterwards", mlock),
	FLAG("msync", 'S', "msync(MS_SYNC) after each pass", msync),
	FLAG("msync-async", 'A', "msync(MS_ASYNC) after each pass", msync_async),
	{ "sleep", 's', "SEC", "sleep before the end (-1: for ever)", OPTION_SIGNED, AT(sleep),
	  (uint64_t)INT_MIN, INT_MAX },
	{ "runtime", 'T', "SEC", "end the work after SEC seconds", OPTION_NUMBER, AT(runtime), 0,
	  INT_MAX },
	FLAG("quiet", 'q', "no dots", quiet),
	FLAG("sync-rw", 'y', "tasks wait for each other after they mapped", sync_rw),
	FLAG("sync-free", 'x', "tasks wait for each other before they unmap", sync_free),
	{ "delay", 'e', "NS", "stay on each page for NS (5u, 1m)", OPTION_DELAY, AT(delay), 0, 0 },
	FLAG("anonymous", 'O', "mmap with MAP_ANONYMOUS", anonymous),
	FLAG("hugetlb", 'U', "mmap with MAP_HUGETLB, 2 MiB", hugetlb),
	FLAG("read-again", 'Z', "read it all again after the work", read_again),
	FLAG("punch-holes", 0, "then free every even page", punch_holes),
	FLAG("punch-random", 0, "then free a random half of the pages", punch_random),
	FLAG("advise-huge", 0, "then madvise(MADV_HUGEPAGE), for khugepaged to collapse",
	     advise_huge),
	FLAG("init-time", 0, "report the time of preparation separately", init_time),
	FLAG("touch-alloc", 0, "write to all memory when it is mapped", touch_alloc),
	{ 0 },
};

static const struct program program = {
	.name = "usemem",
	.synopsis = "[OPTIONS] SIZE[kmgt]",
	.summary = "Map SIZE bytes in each task and write to them.",
	.notes =
		"Unlike vm-scalability's: a task that dies makes the exit status 1 and does not "
		"leave\n"
		"the others waiting; more than 32 units are freed; random orders repeat with the\n"
		"seed; bad numbers are errors.  Its -d -p -g -L -D -E -N -H -W are not here.\n"
		"Latencies are of first accesses in the first pass: base and region faulted, store "
		"did\n"
		"not, interrupted had a tick or a preemption in them.\n",
	.options = specs,
};

static void fail(const char *what)
{
	fprintf(stderr, "usemem: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long elapsed_us(const struct timeval *start)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (unsigned long)((now.tv_sec - start->tv_sec) * 1000000 + now.tv_usec -
			       start->tv_usec);
}

/* One write(2), so that the lines of tasks do not mix. */
static void print_statistics(const struct work *w, unsigned long bytes, const char *intro)
{
	unsigned long us = elapsed_us(&w->walk.start);

	fflush(stdout);
	dprintf(STDOUT_FILENO, "%s%lu bytes / %lu usecs = %.0f KB/s\n", intro, bytes, us,
		(double)bytes / 1024 * 1e6 / (double)(us ? us : 1));
}

static unsigned long *allocate(const struct run *run, size_t bytes)
{
	const struct usemem_options *o = run->o;
	int prot = o->readonly && !o->open_rw ? PROT_READ : PROT_READ | PROT_WRITE;
	int flags = o->file ? MAP_SHARED : MAP_PRIVATE;
	unsigned long *p;

	if (!bytes)
		return NULL;
	flags |= (o->prefault ? MAP_POPULATE : 0) | (o->anonymous ? MAP_ANONYMOUS : 0) |
		 (o->hugetlb ? MAP_HUGETLB | MAP_HUGE_2M : 0);
	p = o->use_malloc ? malloc(bytes)
			  : mmap(NULL, bytes, prot, flags, run->fd, (off_t)o->offset);
	if (!p || p == MAP_FAILED)
		fail("cannot map the memory");
	for (size_t i = 0; o->touch_alloc && i < bytes / sizeof(*p); i++)
		walk_access(p, i, false);
	return p;
}

static unsigned long walk_pass(struct work *w, const struct unit *u, bool read, bool timed,
			       bool check)
{
	long accessed;

	if (timed) {
		accessed = walk_timed(&w->walk, u->p, u->bytes, read);
		if (accessed < 0)
			fail("no memory to note the pages in");
		return (unsigned long)accessed;
	}
	accessed = (long)walk_plain(&w->walk, u->p, u->bytes, read, check);
	if (w->walk.wrong) {
		fprintf(stderr,
			"usemem: data wrong at offset 0x%zx: expected 0x%08zx, got 0x%08lx\n",
			w->walk.wrong_index * sizeof(*u->p), w->walk.wrong_index,
			w->walk.wrong_value);
		exit(1);
	}
	return (unsigned long)accessed;
}

/* All passes over one unit; later passes check what the one before wrote. */
static unsigned long walk_passes(struct work *w, const struct unit *u, bool read, bool timed)
{
	const struct usemem_options *o = w->o;
	unsigned long accessed = 0;

	for (uint64_t rep = 0; rep < o->repeat && !w->walk.time_over; rep++) {
		if (rep && !o->quiet) {
			putchar('.');
			fflush(stdout);
		}
		accessed += walk_pass(w, u, read, timed && !rep, rep && !read && !o->random);
		if ((o->msync || o->msync_async) && u->bytes &&
		    msync(u->p, u->bytes, o->msync ? MS_SYNC : MS_ASYNC))
			fail("msync");
	}
	return accessed;
}

static unsigned long do_unit(struct work *w, size_t bytes)
{
	struct unit unit = { .p = w->run->prealloc, .bytes = bytes };
	unsigned long counted = 0;

	if (!unit.p) {
		unit.p = allocate(w->run, bytes);
		counted = bytes / 8;
	}
	w->units = reallocarray(w->units, w->nr_units + 1, sizeof(unit));
	if (!w->units)
		fail("no memory for the list of units");
	w->units[w->nr_units++] = unit;
	if (w->o->sync_rw && gate_wait(w->run->start_gate))
		exit(1);
	return counted + walk_passes(w, &unit, w->o->readonly, w->walk.latency);
}

static void read_again(struct work *w)
{
	unsigned long accessed = 0;

	gettimeofday(&w->walk.start, NULL);
	w->walk.time_over = false;
	for (size_t i = 0; i < w->nr_units; i++)
		accessed += walk_passes(w, &w->units[i], true, false);
	print_statistics(w, accessed, "read again ");
}

static void punch(struct work *w, const struct unit *u)
{
	char *p = (char *)u->p;

	if (w->o->punch_random ? holes_random(p, u->bytes, &w->walk.rand) : holes_even(p, u->bytes))
		fail("madvise MADV_DONTNEED");
}

static void lock_and_punch(struct work *w)
{
	for (size_t i = 0; i < w->nr_units; i++)
		if (w->o->mlock && mlock(w->units[i].p, w->units[i].bytes))
			fail("mlock");
	if (w->o->punch_holes || w->o->punch_random) {
		for (size_t i = 0; i < w->nr_units; i++)
			punch(w, &w->units[i]);
		printf("punch holes done\n");
		fflush(stdout);
	}
	for (size_t i = 0; i < w->nr_units && w->o->advise_huge; i++)
		aligned_ask_huge(w->units[i].p, w->units[i].bytes);
}

/* What all processes hold when all is done, before it is unmapped; what the peer prints is left. */
static void print_memory(const struct usemem_options *o, const struct tasks *processes)
{
	struct held held = { 0 };

	for (unsigned int i = 0; i < o->nproc; i++)
		held_add_process(&held, tasks_pid(processes, i));
	held_take_charge(&held);
	held_print(&held);
	fflush(stdout);
}

/* -1: for ever. */
static void rest(const struct usemem_options *o, unsigned int task)
{
	uint64_t start = pace_now_ns();
	unsigned int left = o->sleep < 0 ? INT_MAX : (unsigned int)o->sleep;

	if (!left)
		return;
	while (left)
		left = sleep(left);
	if (!task && o->common.latency)
		dprintf(STDOUT_FILENO, "slept_ns %" PRIu64 "\n", pace_now_ns() - start);
}

static bool holds(const struct usemem_options *o)
{
	return o->sync_free || o->common.latency;
}

static void free_units(const struct work *w)
{
	struct timeval start;

	gettimeofday(&start, NULL);
	for (size_t i = 0; i < w->nr_units; i++) {
		if (w->o->use_malloc)
			free(w->units[i].p);
		else if (w->units[i].p)
			munmap(w->units[i].p, w->units[i].bytes);
	}
	printf("%lu usecs to free memory\n", elapsed_us(&start));
	fflush(stdout);
}

static unsigned long do_units(struct work *w)
{
	const struct usemem_options *o = w->o;
	uint64_t unit = o->unit ? o->unit : o->size;
	uint64_t left = o->size;
	unsigned long counted = w->run->prealloc ? o->size / 8 : 0;

	do {
		uint64_t bytes = left < unit ? left : unit;

		counted += do_unit(w, bytes);
		left -= bytes;
	} while (left && !walk_time_over(&w->walk));
	return counted;
}

static int task_main(unsigned int nr, void *arg)
{
	struct run *run = arg;
	const struct usemem_options *o = run->o;
	unsigned int task = run->process * (unsigned int)o->threads + nr;
	struct work w = { .o = o,
			  .run = run,
			  .walk = { .step = o->step,
				    .delay_ns = o->delay,
				    .runtime = o->runtime,
				    .start = run->start,
				    .random = o->random } };
	unsigned long counted;

	if (bind_self(run->bind, task * (unsigned int)o->bind))
		fail("cannot bind to a hardware thread");
	w.walk.latency = latency_task(run->latency, task);
	srand48_r((long)seed_mix(o->common.seed + task), &w.walk.rand);
	if (!o->sync_rw && gate_wait(run->start_gate))
		return 1;
	counted = do_units(&w);
	if (counted)
		print_statistics(&w, counted, "");
	if (o->read_again && counted)
		read_again(&w);
	lock_and_punch(&w);
	gate_arrive(run->done_gate);
	rest(o, task);
	if (holds(o) && gate_wait(run->free_gate))
		return 1;
	if (!run->prealloc)
		free_units(&w);
	free(w.units);
	return 0;
}

static int process_main(unsigned int nr, void *arg)
{
	struct run *run = arg;
	struct tasks *threads;
	int err;

	run->process = nr;
	if (!run->o->threads)
		return task_main(nr, run);
	err = tasks_start(&threads, TASK_THREAD, (unsigned int)run->o->threads, task_main, run,
			  NULL);
	if (err) {
		errno = -err;
		fail("cannot start the threads");
	}
	return tasks_wait(threads);
}

/* The latencies are written when all work is done, so they are there while the tasks sleep. */
static int close_latency(struct run *run)
{
	errno = -latency_close(run->latency);
	if (!errno)
		return 0;
	fprintf(stderr, "usemem: --latency %s: %s\n", run->o->common.latency, strerror(errno));
	return 1;
}

static int run_processes(struct run *run)
{
	const struct usemem_options *o = run->o;
	unsigned int tasks = (unsigned int)(o->nproc * (o->threads ? o->threads : 1));
	struct tasks *processes;
	int failed;
	int err = tasks_start(&processes, TASK_PROCESS, (unsigned int)o->nproc, process_main, run,
			      NULL);

	if (err) {
		errno = -err;
		fail("cannot start the processes");
	}
	failed = gate_open(run->start_gate, tasks, tasks_running, processes) ||
		 gate_count(run->done_gate, tasks, tasks_healthy, processes);
	failed |= close_latency(run);
	if (o->common.latency && !gate_count(run->free_gate, tasks, tasks_healthy, processes))
		print_memory(o, processes);
	if (holds(o))
		failed |= !!gate_open(run->free_gate, tasks, tasks_healthy, processes);
	failed |= tasks_wait(processes);
	tasks_free(processes);
	return failed;
}

static int open_file(struct run *run)
{
	const struct usemem_options *o = run->o;
	const char *path = o->file ? o->file : "/dev/zero";
	uint64_t unit = o->unit && o->unit < o->size ? o->unit : o->size;
	struct stat st;
	int flags;

	run->fd = -1;
	if (o->use_malloc || o->anonymous)
		return 0;
	flags = o->readonly && !o->open_rw ? O_RDONLY : O_RDWR;
	run->fd = open(path, flags | (o->file ? O_CREAT : 0), 0666);
	if (run->fd < 0 || fstat(run->fd, &st))
		fail(path);
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size < o->offset + unit) {
		fprintf(stderr, "usemem: %s holds %jd bytes, fewer than would be accessed\n", path,
			(intmax_t)st.st_size);
		return 1;
	}
	return 0;
}

static int check_options(struct usemem_options *o, int operands, char **operand)
{
	if (operands != 1)
		return options_error(&program, "give one size, such as 100m");
	if (size_parse(operand[0], &o->size))
		return options_error(&program, "size '%s': give a size such as 4096, 64k or 2g",
				     operand[0]);
	if (o->sync_rw && o->unit && o->unit != o->size)
		return options_error(&program, "--sync-rw: --unit must be the whole size");
	if (o->nproc * (o->threads ? o->threads : 1) > LATENCY_TASKS_MAX)
		return options_error(&program, "--nproc times --thread: at most %d tasks",
				     LATENCY_TASKS_MAX);
	if ((o->punch_holes || o->punch_random) && o->use_malloc) {
		fprintf(stderr, "usemem: --malloc is ignored where pages are freed\n");
		o->use_malloc = false;
	}
	if (o->step < sizeof(unsigned long))
		o->step = sizeof(unsigned long);
	if (!o->nproc)
		o->nproc = 1;
	return 0;
}

static int prepare(struct run *run)
{
	const struct usemem_options *o = run->o;
	int err = latency_open(&run->latency, o->common.latency,
			       (unsigned int)(o->nproc * (o->threads ? o->threads : 1)), NULL, 0);

	if (err) {
		options_error(&program, "--latency '%s': %s", o->common.latency, strerror(-err));
		return 2;
	}
	if (gate_new(&run->start_gate) || gate_new(&run->done_gate) || gate_new(&run->free_gate))
		fail("no memory for the gates");
	if (o->bind && bind_open(&run->bind, BIND_THREAD))
		fail("cannot read the topology");
	gettimeofday(&run->start, NULL);
	if (open_file(run))
		return 1;
	if (o->prealloc)
		run->prealloc = allocate(run, o->size);
	if (o->init_time) {
		unsigned long us = elapsed_us(&run->start);

		printf("the initialization time is %lu secs %lu usecs\n", us / 1000000,
		       us % 1000000);
		gettimeofday(&run->start, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct usemem_options o = { .repeat = 1 };
	struct run run = { .o = &o };
	int first;
	int status;

	o.common = OPTIONS_COMMON;
	first = options_parse(&program, &o, argc, argv);
	if (first >= 0 && check_options(&o, argc - first, argv + first))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	status = prepare(&run);
	if (!status)
		status = run_processes(&run);
	bind_close(run.bind);
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
