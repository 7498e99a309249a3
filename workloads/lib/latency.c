// SPDX-License-Identifier: GPL-2.0
/*
 * The frequency of the time stamp counter is measured over the whole life of the recorder, from
 * open to close, against CLOCK_MONOTONIC_RAW: nothing is spent before the workload starts and the
 * longer the run the better the figure.  CPUID knows it only on some machines, and hypervisors
 * are known to pass on a figure of another machine.
 */
#include "latency.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "size.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#define CALIBRATE_NS 20000000u
#define NS_PER_S 1000000000u

struct clock_pair {
	uint64_t ticks, ns;
};

struct latency {
	int fd;
	bool own_fd;
	unsigned int tasks, classes;
	size_t stride;
	char *shared;
	struct clock_pair opened;
	bool tsc;
	const char *names[LATENCY_CLASSES_MAX];
};

static const char *const default_names[] = { [LATENCY_BASE] = "base", [LATENCY_REGION] = "region" };

static bool tsc_is_invariant(void)
{
#if defined(__x86_64__)
	unsigned int a, b, c, d;

	if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(d & (1u << 27)))
		return false;
	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8));
#else
	return false;
#endif
}

static uint64_t raw_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* The tightest of a few readings, so that an interrupt in between does no harm. */
static struct clock_pair read_pair(bool tsc)
{
	struct clock_pair best = { 0 };
	uint64_t best_width = UINT64_MAX;

	for (int i = 0; i < 8; i++) {
		uint64_t before = latency_ticks(tsc);
		uint64_t ns = raw_ns();
		uint64_t width = latency_ticks(tsc) - before;

		if (width < best_width) {
			best_width = width;
			best = (struct clock_pair){ .ticks = before + width / 2, .ns = ns };
		}
	}
	return best;
}

static double tsc_hz(const struct latency *rec)
{
	uint64_t elapsed = raw_ns() - rec->opened.ns;
	struct clock_pair now;

	if (elapsed < CALIBRATE_NS) {
		struct timespec rest = { .tv_nsec = (long)(CALIBRATE_NS - elapsed) };

		nanosleep(&rest, NULL);
	}
	now = read_pair(rec->tsc);
	return (double)(now.ticks - rec->opened.ticks) * NS_PER_S /
	       (double)(now.ns - rec->opened.ns);
}

static double clock_hz(const struct latency *rec)
{
	return rec->tsc ? tsc_hz(rec) : (double)NS_PER_S;
}

double latency_ns_per_tick(const struct latency *rec)
{
	return NS_PER_S / clock_hz(rec);
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

static int take_names(struct latency *rec, const char *const names[], unsigned int nr)
{
	if (!names) {
		names = default_names;
		nr = sizeof(default_names) / sizeof(default_names[0]);
	}
	if (!nr || nr > LATENCY_CLASSES_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < nr; i++)
		rec->names[i] = names[i];
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

int latency_open(struct latency **out, const char *dest, unsigned int tasks,
		 const char *const names[], unsigned int nr_names)
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
	err = take_names(rec, names, nr_names);
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
	rec->tsc = tsc_is_invariant();
	rec->opened = read_pair(rec->tsc);
	*out = rec;
	return 0;
}

struct latency_task *latency_task(struct latency *rec, unsigned int nr)
{
	struct latency_task *task;

	if (!rec || nr >= rec->tasks)
		return NULL;
	task = (struct latency_task *)(void *)(rec->shared + nr * rec->stride);
	memset(task, 0, rec->stride);
	task->tsc = rec->tsc;
	return task;
}

void latency_merge(const struct latency *rec, unsigned int class, struct hist *into)
{
	for (unsigned int i = 0; i < rec->tasks; i++) {
		const char *at = rec->shared + i * rec->stride;

		hist_merge(into, &((const struct latency_task *)(const void *)at)->class[class]);
	}
}

static void write_class(const struct latency *rec, FILE *f, unsigned int class, struct hist *h,
			double ns)
{
	memset(h, 0, sizeof(*h));
	latency_merge(rec, class, h);
	fprintf(f, "class %s count %lu sum_ns %.0f min_ns %.0f max_ns %.0f\n", rec->names[class],
		h->count, (double)h->sum * ns, (double)hist_min(h) * ns, (double)h->max * ns);
	for (unsigned int i = 0; i < HIST_BUCKETS; i++) {
		double high = (double)hist_low(i + 1);

		if (!h->bucket[i])
			continue;
		if (i == HIST_BUCKETS - 1)
			high = (double)h->max + 1;
		fprintf(f, "bucket %.1f %.1f %lu\n", (double)hist_low(i) * ns, high * ns,
			h->bucket[i]);
	}
}

static int write_file(const struct latency *rec)
{
	double hz = clock_hz(rec);
	struct hist *h = malloc(sizeof(*h));
	int fd = dup(rec->fd);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	int err = 0;

	if (!h || !f) {
		free(h);
		if (f)
			fclose(f);
		return -ENOMEM;
	}
	fprintf(f, "faultline-latency 1\nclock %s hz %.0f\n", rec->tsc ? "tsc" : "monotonic", hz);
	for (unsigned int i = 0; i < rec->classes; i++)
		write_class(rec, f, i, h, NS_PER_S / hz);
	fprintf(f, "end\n");
	if (ferror(f))
		err = -EIO;
	if (fclose(f))
		err = -errno;
	free(h);
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
