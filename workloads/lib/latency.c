// SPDX-License-Identifier: GPL-2.0
#include "latency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "chunk.h"
#include "clock.h"
#include "preempted.h"
#include "size.h"

/* clang makes no copies of a function. */
#ifdef __clang__
#define AS_IT_IS __attribute__((noinline))
#else
#define AS_IT_IS __attribute__((noinline, noclone))
#endif
#define NS_PER_S 1000000000u
#define COST_TOUCHES 256
#define TICK_AT_LEAST 1000 /* of either clock: no interrupt is shorter */
/* What is longer than a look at the clock: with cold caches that takes 3,000 of a TSC. */
#define CALM_NS 1500
#define CALM_TSC 20000
#define always_inline inline __attribute__((always_inline))

struct latency {
	int fd;
	bool own_fd;
	unsigned int tasks, classes;
	size_t stride;
	char *shared;
	struct clock_pair opened;
	bool tsc;
	uint64_t cost;
	struct latency_class class[LATENCY_CLASSES_MAX];
};

struct latency_task {
	bool tsc;
	uint64_t cost;
	uint64_t last;   /* stamp of the last touch's end, or of a reading of: */
	uint64_t coarse; /* ns */
	struct rusage began;
	uint64_t began_ns, began_cpu_ns;
	uint64_t away_ns; /* of preempted touches, while other tasks ran */
	struct latency_class class[LATENCY_CLASSES_MAX];
	uint8_t route[LATENCY_CLASSES_MAX][CHUNK_KINDS];
	struct chunk chunk;
	struct hist hist[];
};

static const struct latency_class default_classes[] = { LATENCY_DEFAULT_CLASSES };

double latency_ns_per_tick(const struct latency *rec)
{
	return NS_PER_S / clock_hz(rec->tsc, &rec->opened);
}

static int open_destination(struct latency *rec, const char *dest)
{
	uint64_t fd;

	if (strspn(dest, "0123456789") == strlen(dest)) {
		if (number_parse(dest, 0, INT32_MAX, &fd) || fcntl((int)fd, F_GETFD) < 0)
			return -EBADF;
		rec->fd = (int)fd;
		return 0;
	}
	rec->fd = open(dest, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	rec->own_fd = true;
	return rec->fd < 0 ? -errno : 0;
}

static int take_classes(struct latency *rec, const struct latency_class classes[], unsigned int nr)
{
	if (!classes) {
		classes = default_classes;
		nr = sizeof(default_classes) / sizeof(default_classes[0]);
	}
	if (!nr || nr > LATENCY_CLASSES_MAX)
		return -EINVAL;
	memcpy(rec->class, classes, nr * sizeof(*classes));
	rec->classes = nr;
	return 0;
}

static int share_memory(struct latency *rec)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = sizeof(struct latency_task) + rec->classes * sizeof(struct hist);

	rec->stride = (bytes + page - 1) / page * page;
	rec->shared = mmap(NULL, rec->stride * rec->tasks, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return rec->shared == MAP_FAILED ? -errno : 0;
}

static int measure_cost(struct latency *rec);

int latency_open(struct latency **out, const char *dest, unsigned int tasks,
		 const struct latency_class classes[], unsigned int nr_classes)
{
	struct latency *rec;
	int err;

	*out = NULL;
	if (!dest)
		return 0;
	if (!tasks || tasks > LATENCY_TASKS_MAX)
		return -EINVAL;
	rec = calloc(1, sizeof(*rec));
	if (!rec)
		return -ENOMEM;
	rec->tasks = tasks;
	rec->tsc = clock_is_tsc();
	err = take_classes(rec, classes, nr_classes);
	if (!err)
		err = measure_cost(rec);
	if (!err)
		err = share_memory(rec);
	if (!err)
		err = open_destination(rec, dest);
	if (err) {
		if (rec->shared && rec->shared != MAP_FAILED)
			munmap(rec->shared, rec->stride * rec->tasks);
		free(rec);
		return err;
	}
	rec->opened = clock_read(rec->tsc);
	*out = rec;
	return 0;
}

static uint64_t coarse_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* What runs between two stamps runs once before, so that its own pages are there. */
void latency_adopt(struct latency_task *task)
{
	if (!task)
		return;
	memset(&task->chunk, 0, sizeof(task->chunk));
	latency_end_ticks(task->tsc);
	task->coarse = coarse_ns();
	getrusage(RUSAGE_THREAD, &task->began);
}

struct latency_task *latency_task(struct latency *rec, unsigned int nr)
{
	struct latency_task *task;

	if (!rec || nr >= rec->tasks)
		return NULL;
	task = (struct latency_task *)(void *)(rec->shared + nr * rec->stride);
	memset(task, 0, rec->stride);
	task->tsc = rec->tsc;
	task->cost = rec->cost;
	memcpy(task->class, rec->class, sizeof(task->class));
	for (unsigned int i = 0; i < rec->classes; i++) {
		task->route[i][CHUNK_FAULT] = (uint8_t)i;
		task->route[i][CHUNK_STORE] = (uint8_t)rec->class[i].stored;
		task->route[i][CHUNK_INTERRUPTED] = (uint8_t)rec->class[i].interrupted;
		task->route[i][CHUNK_PREEMPTED] = (uint8_t)rec->class[i].preempted;
	}
	latency_adopt(task);
	return task;
}

static void record_ticks(struct latency_task *task, unsigned int class, uint64_t ticks)
{
	hist_add(&task->hist[class], ticks > task->cost ? ticks - task->cost : 0);
}

/* A counter that steps back when the task changes its CPU counts as no time, not as a century. */
static uint64_t between(uint64_t start, uint64_t end)
{
	return end > start ? end - start : 0;
}

uint64_t latency_stamp(const struct latency_task *task)
{
	return latency_ticks(task->tsc);
}

uint64_t latency_end_stamp(const struct latency_task *task)
{
	return latency_end_ticks(task->tsc);
}

void latency_record(struct latency_task *task, unsigned int class, uint64_t start, uint64_t end)
{
	record_ticks(task, class, between(start, end));
}

/* A run of touches that go to the same class at a time. */
static void record_chunk(struct latency_task *task)
{
	struct chunk *c = &task->chunk;
	unsigned int first = 0, into = task->route[c->class[0]][c->kind[0]];

	for (unsigned int i = 0; i < c->n; i++) {
		unsigned int class = task->route[c->class[i]][c->kind[i]];

		c->ticks[i] = c->ticks[i] > task->cost ? c->ticks[i] - task->cost : 0;
		if (class == into)
			continue;
		hist_add_all(&task->hist[into], &c->ticks[first], i - first);
		first = i;
		into = class;
	}
	hist_add_all(&task->hist[into], &c->ticks[first], c->n - first);
}

static unsigned long risen(long from, long to)
{
	return to > from ? (unsigned long)(to - from) : 0;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* How long other tasks ran in the chunk's preempted touches, other classes of their own left aside:
 * what the chunk took but the thread did not. */
static uint64_t away_ns(const struct latency_task *task)
{
	uint64_t wall = clock_ns(CLOCK_MONOTONIC) - task->began_ns;
	uint64_t own = clock_ns(CLOCK_THREAD_CPUTIME_ID) - task->began_cpu_ns;
	bool any = false;

	for (unsigned int i = 0; i < task->chunk.n && !any; i++)
		any = task->chunk.kind[i] == CHUNK_PREEMPTED &&
		      task->route[task->chunk.class[i]][CHUNK_PREEMPTED] == LATENCY_PREEMPTED;
	return any && wall > own ? wall - own : 0;
}

void latency_settle(struct latency_task *task)
{
	struct chunk_counts counts = { 0 };
	struct rusage now;

	if (!task || !task->chunk.n)
		return;
	getrusage(RUSAGE_THREAD, &now);
	preempted_disarm();
	counts.faults =
		risen(task->began.ru_minflt + task->began.ru_majflt, now.ru_minflt + now.ru_majflt);
	counts.preemptions = risen(task->began.ru_nivcsw, now.ru_nivcsw);
	counts.scheduled_known = preempted_known();
	chunk_judge(&task->chunk, &counts);
	if (counts.preemptions)
		task->away_ns += away_ns(task);
	record_chunk(task);
	chunk_empty(&task->chunk);
}

static __attribute__((noinline)) void make_room(struct latency_task *task)
{
	latency_settle(task);
	getrusage(RUSAGE_THREAD, &task->began);
	task->began_ns = clock_ns(CLOCK_MONOTONIC);
	task->began_cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static bool is_calm(const struct latency_task *task, uint64_t from, uint64_t to)
{
	return between(from, to) < (task->tsc ? CALM_TSC : CALM_NS);
}

/* Did the timer tick between the last look and the stamp `until`?  One that comes now did not. */
static __attribute__((noinline)) bool look_for_tick(struct latency_task *task, uint64_t until)
{
	uint64_t before = task->coarse;
	bool quiet = true;

	for (;;) {
		task->coarse = coarse_ns();
		task->last = latency_ticks(task->tsc);
		if (is_calm(task, until, task->last))
			return quiet && task->coarse != before;
		quiet = false;
		until = task->last;
	}
}

/* From the stamp to the access all touches execute the same instructions, as latency_cost(). */
static always_inline uint64_t begin(struct latency_task *task, unsigned int class)
{
	unsigned int n = task->chunk.n;
	uint64_t start;

	if (!n || n == CHUNK_MAX || task->class[class].alone)
		make_room(task);
	for (;;) {
		preempted_arm();
		start = latency_ticks(task->tsc);
		if (start - task->last < TICK_AT_LEAST)
			return start;
		look_for_tick(task, start);
	}
}

/* The task left the CPU: in the touch, if nothing happened since its end. */
static __attribute__((noinline)) bool left_in_touch(const struct latency_task *task, uint64_t end)
{
	return is_calm(task, end, latency_end_ticks(task->tsc));
}

static void mark(struct latency_task *task, bool *what, bool is)
{
	*what = is;
	task->chunk.marked += is;
}

static always_inline void end(struct latency_task *task, unsigned int class, uint64_t start)
{
	uint64_t now = latency_end_ticks(task->tsc);
	uint64_t ticks = between(start, now);
	unsigned int i = task->chunk.n++;

	task->last = now;
	task->chunk.ticks[i] = ticks;
	task->chunk.class[i] = (uint8_t) class;
	if (__builtin_expect(preempted_seen(), 0))
		mark(task, &task->chunk.scheduled[i], left_in_touch(task, now));
	if (__builtin_expect(ticks >= TICK_AT_LEAST, 0))
		mark(task, &task->chunk.ticked[i], look_for_tick(task, now));
	if (task->class[class].alone)
		latency_settle(task);
}

/* Not specialised for its only caller: it must be what the others are. */
static AS_IT_IS void touch_nothing(struct latency_task *task, unsigned int class)
{
	uint64_t start = begin(task, class);

	end(task, class, start);
}

static int measure_cost(struct latency *rec)
{
	struct latency_task *task = calloc(1, sizeof(*task));

	if (!task)
		return -ENOMEM;
	task->tsc = rec->tsc;
	rec->cost = UINT64_MAX;
	for (int i = 0; i < COST_TOUCHES; i++) {
		task->chunk.n = 1; /* neither the first of a chunk nor the last */
		touch_nothing(task, 0);
		if (task->chunk.ticks[1] < rec->cost)
			rec->cost = task->chunk.ticks[1];
	}
	preempted_disarm();
	free(task);
	return 0;
}

uint64_t latency_begin(struct latency_task *task, unsigned int class)
{
	return begin(task, class);
}

void latency_end(struct latency_task *task, unsigned int class, uint64_t start)
{
	end(task, class, start);
}

void latency_touch(struct latency_task *task, unsigned int class, volatile unsigned char *p,
		   unsigned char value)
{
	uint64_t start = begin(task, class);

	*p = value;
	end(task, class, start);
}

void latency_write(struct latency_task *task, unsigned int class, volatile unsigned long *p,
		   unsigned long value)
{
	uint64_t start = begin(task, class);

	*p = value;
	end(task, class, start);
}

void latency_read(struct latency_task *task, unsigned int class, volatile unsigned long *p)
{
	uint64_t start = begin(task, class);

	(void)*p;
	end(task, class, start);
}

uint64_t latency_cost(const struct latency *rec)
{
	return rec->cost;
}

static const struct latency_task *task_of(const struct latency *rec, unsigned int nr)
{
	return (const struct latency_task *)(const void *)(rec->shared + nr * rec->stride);
}

void latency_merge(const struct latency *rec, unsigned int class, struct hist *into)
{
	for (unsigned int i = 0; i < rec->tasks; i++)
		hist_merge(into, &task_of(rec, i)->hist[class]);
}

struct listing {
	struct hist hist;
	struct hist_bar bars[HIST_BARS_MAX];
};

static void write_class(const struct latency *rec, FILE *f, unsigned int class, struct listing *l,
			double ns)
{
	size_t n;

	memset(&l->hist, 0, sizeof(l->hist));
	latency_merge(rec, class, &l->hist);
	n = hist_list(&l->hist, l->bars);
	fprintf(f, "class %s count %lu sum_ns %.0f min_ns %.0f max_ns %.0f\n",
		rec->class[class].name, l->hist.count, (double)l->hist.sum * ns,
		(double)hist_min(&l->hist) * ns, (double)l->hist.max * ns);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "bucket %.1f %.1f %lu\n", (double)l->bars[i].low * ns,
			(double)l->bars[i].high * ns, l->bars[i].count);
}

static int write_file(const struct latency *rec)
{
	double hz = clock_hz(rec->tsc, &rec->opened);
	struct listing *l = malloc(sizeof(*l));
	int fd = dup(rec->fd);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	uint64_t away = 0;
	int err = 0;

	if (!l || !f) {
		free(l);
		if (f)
			fclose(f);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < rec->tasks; i++)
		away += task_of(rec, i)->away_ns;
	fprintf(f, "faultline-latency 2\nclock %s hz %.0f cost_ns %.1f away_ns %lu\n",
		rec->tsc ? "tsc" : "monotonic", hz, (double)rec->cost * NS_PER_S / hz, away);
	for (unsigned int i = 0; i < rec->classes; i++)
		write_class(rec, f, i, l, NS_PER_S / hz);
	fprintf(f, "end\n");
	if (ferror(f))
		err = -EIO;
	if (fclose(f))
		err = -errno;
	free(l);
	return err;
}

int latency_close(struct latency *rec)
{
	int err;

	if (!rec)
		return 0;
	err = write_file(rec);
	munmap(rec->shared, rec->stride * rec->tasks);
	if (rec->own_fd && close(rec->fd) && !err)
		err = -errno;
	free(rec);
	return err;
}
