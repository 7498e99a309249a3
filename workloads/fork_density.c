/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many sparse children fit?  One after another is forked, maps a chunk and touches a few pages
 * of each huge-page-sized region, until one cannot get its memory.  That one is the result, not an
 * error; none is left behind: a child dies with its parent, and the parent kills and collects all.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/aligned.h"
#include "lib/death.h"
#include "lib/density_model.h"
#include "lib/held.h"
#include "lib/latency.h"
#include "lib/memcg.h"
#include "lib/memory_of.h"
#include "lib/options.h"
#include "lib/seed.h"
#include "lib/size.h"
#include "lib/timed.h"

#define CHILDREN_MAX 8192

enum criterion { FAIL_MEMCG, FAIL_MMAP, FAIL_OOM, FAIL_POPULATE, FAIL_KINDS };

static const char *const criteria[] = {
	[FAIL_MEMCG] = "memcg",
	[FAIL_MMAP] = "mmap",
	[FAIL_OOM] = "oom",
	[FAIL_POPULATE] = "populate",
};

struct density_options {
	struct options_common common;
	const char *chunk_text, *touch_text, *fail_text;
	uint64_t max, hold_ms, timeout_ms;
	bool huge;
	uint64_t ram, room_kib; /* total that the children share */
	uint64_t chunk;
	struct density_touch touch;
	enum criterion fail;
};

#define AT(field) offsetof(struct density_options, field)

static const struct option_spec specs[] = {
	{ "chunk", 0, "SIZE|ram/N", "what each child maps (default ram/16)", OPTION_TEXT,
	  AT(chunk_text), 0, 0 },
	{ "fail", 0, "oom|populate|memcg|mmap", "what ends the run (default oom; see below)",
	  OPTION_TEXT, AT(fail_text), 0, 0 },
	{ "hold", 0, "MS", "time to stay after the last child", OPTION_NUMBER, AT(hold_ms), 0,
	  86400000 },
	{ "madvise", 0, NULL, "madvise(MADV_HUGEPAGE) the chunk", OPTION_FLAG, AT(huge), 0, 0 },
	{ "max", 0, "N", "children at most (default 8192)", OPTION_NUMBER, AT(max), 1,
	  CHILDREN_MAX },
	{ "timeout", 0, "MS", "a child that is not done by then has failed (default 60000)",
	  OPTION_NUMBER, AT(timeout_ms), 1, 86400000 },
	{ "touch", 0, "one|random[:MAX[:FRACTION]]",
	  "one page a region (default), or 1..MAX in a FRACTION of them", OPTION_TEXT,
	  AT(touch_text), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "fork-density",
	.synopsis = "[OPTIONS]",
	.summary = "Fork children that each touch a chunk sparsely, until one fails.",
	.notes =
		"--fail: a child fails when it is killed for want of memory, when mmap refuses the "
		"chunk\n"
		"(vm.overcommit_memory = 2), or when it is not done in time; `failure` says which. "
		" "
		"Besides,\n"
		"  oom       pages are touched by a store\n"
		"  populate  pages are touched by MADV_POPULATE_WRITE, whose error is a failure\n"
		"  memcg     this process's memory control group must have a limit, which is "
		"\"ram\"\n"
		"  mmap      nothing is touched: the commit limit is what is measured\n"
		"\n"
		"--touch random alone is up to 127 pages, a mean of 64, in all regions.\n"
		"\n"
		"Prints \"key value\" lines: children_until_failure (the number of the child that "
		"failed, or\n"
		"none), children_ok, failure, touched_pages, rss_sum_kib (the children that live), "
		"child_memory_kib\n"
		"(MemAvailable gone, for each), and the model: a child costs its regions with huge "
		"pages, its\n"
		"touched pages and a page table for each region with base pages.\n"
		"Exit status 1 when a child failed for another reason than memory.\n",
	.options = specs,
};

struct child {
	pid_t pid;
	int ready; /* its report comes through this */
};

struct report {
	int error; /* errno of the step that failed; 0: good */
	bool mapped;
	uint64_t touched;
};

struct outcome {
	unsigned int started, ok;
	uint64_t touched;
	int64_t gone_kib; /* of MemAvailable, or charged to the control group */
	struct memory_of sum;
	struct death_kills before;
	bool other; /* the failure was not one of memory */
	char failure[64];
};

static int touch_page(const struct density_options *o, unsigned char *page, bool first,
		      struct latency_task *latency)
{
	unsigned int class = first ? LATENCY_REGION : LATENCY_BASE;
	uint64_t start = 0;
	int bad = 0;

	if (latency)
		start = latency_begin(latency, class);
	if (o->fail == FAIL_POPULATE)
		bad = madvise(page, ALIGNED_PAGE, MADV_POPULATE_WRITE);
	else
		*(volatile unsigned char *)page = 1;
	if (latency)
		latency_end(latency, class, start);
	return bad ? errno : 0;
}

static int touch_region(const struct density_options *o, unsigned char *region, struct prng *random,
			struct latency_task *latency, uint64_t *touched)
{
	uint16_t order[DENSITY_PAGES];
	unsigned int n = density_pages(&o->touch, random, order);

	for (unsigned int i = 0; i < n; i++) {
		int error = touch_page(o, region + order[i] * ALIGNED_PAGE, i == 0, latency);

		if (error)
			return error;
		++*touched;
	}
	return 0;
}

static void work(const struct density_options *o, unsigned int number, struct latency_task *latency,
		 struct report *r)
{
	unsigned char *chunk = aligned_map(o->chunk, NULL);
	struct prng random;

	r->mapped = chunk != NULL;
	if (!chunk || (o->huge && aligned_ask_huge(chunk, o->chunk))) {
		r->error = errno;
		return;
	}
	if (o->fail == FAIL_MMAP)
		return;
	prng_seed(&random, o->common.seed, number);
	latency_adopt(latency);
	for (uint64_t at = 0; !r->error && at < o->chunk; at += ALIGNED_REGION)
		r->error = touch_region(o, chunk + at, &random, latency, &r->touched);
	latency_settle(latency);
}

static void run_child(const struct density_options *o, unsigned int number, pid_t parent, int out,
		      struct latency_task *latency)
{
	struct report r = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || death_oom_score("1000"))
		_exit(1);
	work(o, number, latency, &r);
	if (write(out, &r, sizeof(r)) != sizeof(r))
		_exit(1);
	close(out);
	for (;;)
		pause();
}

static int start_child(const struct density_options *o, unsigned int number, struct child *child,
		       struct latency_task *latency)
{
	pid_t parent = getpid();
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	child->pid = fork();
	if (!child->pid) {
		close(pipes[0]);
		run_child(o, number, parent, pipes[1], latency);
	}
	close(pipes[1]);
	child->ready = pipes[0];
	if (child->pid < 0) {
		int error = -errno;

		close(pipes[0]);
		return error;
	}
	return 0;
}

__attribute__((format(printf, 3, 4))) static void fail(struct outcome *out, bool other,
						       const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out->failure, sizeof(out->failure), format, args);
	va_end(args);
	out->other = other;
}

static void name_death(struct outcome *out, int status)
{
	struct death_kills now = death_count();

	out->other = !death_name(status, &out->before, &now, out->failure, sizeof(out->failure));
}

static int poll_for(int fd, uint64_t timeout_ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int n;

	do {
		n = poll(&p, 1, (int)timeout_ms);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* Waits for the newest child; why it failed goes to out->failure. */
static void await_child(const struct density_options *o, struct child *child, struct outcome *out)
{
	struct report r = { 0 };
	int status = 0;

	if (poll_for(child->ready, o->timeout_ms) <= 0) {
		fail(out, false, "timeout");
	} else if (read(child->ready, &r, sizeof(r)) == sizeof(r)) {
		if (r.error)
			fail(out, r.error != ENOMEM && r.error != EFAULT && r.error != EAGAIN,
			     "%s-errno-%s", r.mapped ? "populate" : "mmap",
			     strerrorname_np(r.error));
	} else if (waitpid(child->pid, &status, 0) == child->pid) {
		child->pid = 0;
		name_death(out, status);
	}
	close(child->ready);
	out->touched += out->failure[0] ? 0 : r.touched;
}

/* An earlier child may be the one that the OOM killer took. */
static void look_for_deaths(struct child *children, struct outcome *out)
{
	int status;

	for (unsigned int i = 0; i < out->started && !out->failure[0]; i++) {
		if (waitpid(children[i].pid, &status, WNOHANG) != children[i].pid)
			continue;
		children[i].pid = 0;
		name_death(out, status);
	}
}

static uint64_t used_of(const struct density_options *o)
{
	struct memcg memcg;

	if (o->fail == FAIL_MEMCG && !memcg_read(&memcg))
		return memcg.current / 1024;
	return memory_info_kib("MemTotal") - memory_info_kib("MemAvailable");
}

static void breed(const struct density_options *o, struct child *children, struct outcome *out,
		  struct latency_task *latency)
{
	uint64_t used = used_of(o);

	out->before = death_count();
	while (out->started < o->max) {
		struct child *child = &children[out->started];
		int error = start_child(o, out->started, child, latency);

		if (error) {
			fail(out, error != -ENOMEM, "fork-errno-%s", strerrorname_np(-error));
			return;
		}
		out->started++;
		await_child(o, child, out);
		if (!out->failure[0])
			look_for_deaths(children, out);
		if (out->failure[0])
			return;
		out->ok = out->started;
		out->gone_kib = (int64_t)(used_of(o) - used);
	}
}

static void measure(const struct child *children, struct outcome *out)
{
	struct memory_of m;

	for (unsigned int i = 0; i < out->ok; i++) {
		if (!children[i].pid || memory_of_process(children[i].pid, &m))
			continue;
		out->sum.rss_kib += m.rss_kib;
		out->sum.pss_kib += m.pss_kib;
		out->sum.anon_huge_kib += m.anon_huge_kib;
	}
}

static void end_children(const struct child *children, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (children[i].pid)
			kill(children[i].pid, SIGKILL);
	for (unsigned int i = 0; i < n; i++)
		while (children[i].pid && waitpid(children[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
}

static void print_model(const struct density_options *o)
{
	double base = density_cost_base(&o->touch, o->chunk);
	double thp = density_cost_huge(&o->touch, o->chunk);
	double room = (double)o->room_kib * 1024;

	printf("chunk_kib %" PRIu64 "\navailable_kib %" PRIu64 "\n", o->chunk / 1024, o->room_kib);
	printf("model_base_bytes_per_child %.0f\nmodel_thp_bytes_per_child %.0f\n", base, thp);
	printf("model_children_base %.0f\nmodel_children_thp %.0f\n", room / base, room / thp);
	fflush(stdout);
}

static void print_outcome(const struct density_options *o, const struct outcome *out)
{
	printf("criterion %s\ntouched_pages %" PRIu64 "\n", criteria[o->fail], out->touched);
	printf("rss_sum_kib %" PRIu64 "\npss_sum_kib %" PRIu64 "\nanon_huge_sum_kib %" PRIu64 "\n",
	       out->sum.rss_kib, out->sum.pss_kib, out->sum.anon_huge_kib);
	printf("memory_gone_kib %" PRId64 "\nchildren_ok %u\n", out->gone_kib, out->ok);
	if (out->ok)
		printf("child_memory_kib %.1f\n", (double)out->gone_kib / out->ok);
	if (out->failure[0])
		printf("failure %s\nchildren_until_failure %u\n", out->failure, out->ok + 1);
	else
		printf("failure none\nchildren_until_failure none\n");
}

static int run(const void *options, struct latency *latency)
{
	const struct density_options *o = options;
	struct child *children = calloc(o->max, sizeof(*children));
	struct outcome out = { 0 };

	if (!children) {
		fprintf(stderr, "fork-density: %s\n", strerror(ENOMEM));
		return 1;
	}
	if (death_oom_score("-1000"))
		fprintf(stderr, "fork-density: not protected from the OOM killer (needs root); "
				"the children die first all the same\n");
	print_model(o);
	breed(o, children, &out, latency_task(latency, 0));
	measure(children, &out);
	held_sleep(o->hold_ms * 1000000);
	end_children(children, out.started);
	free(children);
	print_outcome(o, &out);
	return out.other ? 1 : 0;
}

static int parse_chunk(struct density_options *o)
{
	uint64_t parts;

	if (strncmp(o->chunk_text, "ram/", 4)) {
		if (size_parse(o->chunk_text, &o->chunk))
			return -EINVAL;
	} else {
		if (number_parse(o->chunk_text + 4, 1, 1024, &parts))
			return -EINVAL;
		/* The kernel keeps part of a guest's memory: 1 GiB is a little less. */
		o->chunk = o->ram / parts + ALIGNED_REGION - 1;
	}
	o->chunk = o->chunk / ALIGNED_REGION * ALIGNED_REGION;
	return o->chunk ? 0 : -EINVAL;
}

static int parse(struct density_options *o)
{
	if (parse_chunk(o))
		return options_error(&program, "--chunk '%s': a size of 2m and more, or ram/16",
				     o->chunk_text);
	if (density_touch_parse(o->touch_text, &o->touch))
		return options_error(&program,
				     "--touch '%s': one, or random[:MAX 1..512[:FRACTION 0..1]]",
				     o->touch_text);
	return 0;
}

/* What the children share: all memory, or what the control group may have. */
static int find_room(struct density_options *o)
{
	struct memcg memcg;

	while (o->fail < FAIL_KINDS && strcmp(criteria[o->fail], o->fail_text))
		o->fail++;
	if (o->fail == FAIL_KINDS)
		return options_error(&program, "--fail '%s': memcg, mmap, oom or populate",
				     o->fail_text);
	o->ram = memory_info_kib("MemTotal") * 1024;
	o->room_kib = memory_info_kib("MemAvailable");
	if (o->fail != FAIL_MEMCG)
		return 0;
	if (memcg_read(&memcg) || memcg.limit == UINT64_MAX)
		return options_error(&program, "--fail memcg: its control group has no limit");
	o->ram = memcg.limit;
	o->room_kib = (memcg.limit - memcg.current) / 1024;
	return 0;
}

int main(int argc, char **argv)
{
	struct density_options o = {
		.common = OPTIONS_COMMON,
		.chunk_text = "ram/16",
		.touch_text = "one",
		.fail_text = "oom",
		.max = CHILDREN_MAX,
		.timeout_ms = 60000,
	};
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first >= 0 && (find_room(&o) || parse(&o)))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	return timed_run(&program, &o, 1, run);
}
