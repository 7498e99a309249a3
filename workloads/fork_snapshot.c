/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Redis-style snapshot: a parent with a dataset forks a child that reads all of it once, while
 * the parent goes on writing.  The parent's writes pay for copy-on-write: it gets the copies, and
 * the old pages stay with the child, dirty and now private.  So the child's Private_Dirty of the
 * dataset is what was written, page by page; the child reads that itself after the parent has told
 * it through a pipe that all is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/aligned.h"
#include "lib/dataset.h"
#include "lib/death.h"
#include "lib/held.h"
#include "lib/latency.h"
#include "lib/memcg.h"
#include "lib/kernel_file.h"
#include "lib/memory_of.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/size.h"
#include "lib/snapshot_check.h"
#include "lib/snapshot_classes.h"
#include "lib/snapshot_sums.h"
#include "lib/zipf.h"

#define NS_PER_S 1000000000u
#define UNSET UINT64_MAX
#define DEFAULT_WRITES 20000
#define DEFAULT_PHASE_MS 1000

struct snapshot_options {
	struct options_common common;
	uint64_t dataset, value, absent, sparse, writes, snapshots, before_ms, after_ms;
	const char *rate_text, *dist_text;
	bool huge, advise_huge;
	uint64_t hold_ms;
	uint64_t rate; /* a second; 0: none */
	double theta;  /* of zipf; 0: uniform */
};

#define AT(field) offsetof(struct snapshot_options, field)

static const struct option_spec specs[] = {
	{ "absent", 0, "PCT", "percentage of values, drawn at random, that are never written",
	  OPTION_NUMBER, AT(absent), 0, 99 },
	{ "advise-huge", 0, NULL,
	  "when the dataset is there madvise(MADV_HUGEPAGE), for khugepaged to collapse",
	  OPTION_FLAG, AT(advise_huge), 0, 0 },
	{ "after", 0, "MS", "time to write after each snapshot", OPTION_NUMBER, AT(after_ms), 0,
	  86400000 },
	{ "before", 0, "MS", "time to write before each snapshot", OPTION_NUMBER, AT(before_ms), 0,
	  86400000 },
	{ "dataset", 0, "SIZE", "memory of the values (default 128m)", OPTION_SIZE, AT(dataset),
	  ALIGNED_REGION, 0 },
	{ "dist", 0, "uniform|zipf[:THETA]",
	  "which values are written (default uniform; zipf 0.99)", OPTION_TEXT, AT(dist_text), 0,
	  0 },
	{ "hold", 0, "MS", "time to sleep when the dataset is complete", OPTION_NUMBER, AT(hold_ms),
	  0, 86400000 },
	{ "madvise", 0, NULL, "madvise(MADV_HUGEPAGE) the dataset", OPTION_FLAG, AT(huge), 0, 0 },
	{ "rate", 0, "N|max", "writes a second; 0: none (default max)", OPTION_TEXT, AT(rate_text),
	  0, 0 },
	{ "snapshots", 0, "N", "snapshots (default 3)", OPTION_NUMBER, AT(snapshots), 1, 10000 },
	{ "sparse", 0, "PCT", "percentage of values to delete at random first", OPTION_NUMBER,
	  AT(sparse), 0, 99 },
	{ "value", 0, "SIZE", "bytes of a value: a power of two from 64 to 4096 (default 1024)",
	  OPTION_SIZE, AT(value), 64, ALIGNED_PAGE },
	{ "writes", 0, "N", "number of writes during each snapshot (see below)", OPTION_NUMBER,
	  AT(writes), 0, UINT32_MAX },
	{ 0 },
};

static const struct program program = {
	.name = "fork-snapshot",
	.synopsis = "[OPTIONS]",
	.summary = "Fork children that read a dataset once while the parent writes to it.",
	.notes =
		"With --writes N (20000 when there is no --rate either) the work is the same in "
		"every run: the\n"
		"child stays until all is written, and there are N writes before and after it, "
		"too, unless\n"
		"--before and --after say how long.  With --rate alone the parent writes until the "
		"child has\n"
		"read all, and 1000 ms before and after.\n"
		"Each write is one timed store to the value's first word; then the rest is "
		"filled.\n"
		"Latency classes: base, region, store (first touches that faulted and that did "
		"not), fork,\n"
		"write_before, write_during, write_after; interrupted, write_interrupted.\n"
		"\n"
		"Prints \"snapshot N KEY VALUE\" lines, \"check NAME ok|FAIL|excused measured M "
		"expected E\", and\n"
		"sums as \"KEY VALUE\".  Checks, exit status 1 when one fails: the child's "
		"Private_Dirty of the\n"
		"dataset is the distinct pages written x 4 KiB within 1 %, 0 without writes; each "
		"huge region\n"
		"written lost its huge mapping in the parent once, and thp_split_pmd counted it.  "
		"A deviation\n"
		"that swapping, an OOM kill or khugepaged explains is excused.\n",
	.options = specs,
};

struct run {
	const struct snapshot_options *o;
	struct dataset data;
	struct latency_task *latency;
	uint64_t stamp;
	struct snapshot_sums sums;
	bool check_failed;
};

/* What the child tells: first when it has read all, then when all is written. */
struct seen {
	uint64_t sum, read_ns;
	struct memory_of memory;
	uint64_t page_tables_kib;
	int error;
};

static int failed(const char *what)
{
	fprintf(stderr, "fork-snapshot: %s: %s\n", what, strerror(errno));
	return 1;
}

static void populate(struct run *r)
{
	bool fresh = true;

	for (uint64_t at = 0; at < r->data.size; at += ALIGNED_PAGE) {
		unsigned char *page = r->data.map + at;

		fresh |= at % ALIGNED_REGION == 0;
		if (!r->data.present[at / ALIGNED_PAGE])
			continue;
		if (r->latency)
			latency_touch(r->latency, fresh ? LATENCY_REGION : LATENCY_BASE, page, 1);
		fresh = false;
		memset(page, 1, ALIGNED_PAGE);
	}
	latency_settle(r->latency);
}

static void write_value(struct run *r, unsigned int class)
{
	unsigned char *value = dataset_next(&r->data);
	volatile unsigned long *word = (volatile unsigned long *)(void *)value;

	r->stamp++;
	if (r->latency)
		latency_write(r->latency, class, word, r->stamp);
	else
		*word = r->stamp;
	memset(value + sizeof(*word), (int)r->stamp, r->data.value - sizeof(*word));
}

static uint64_t write_for(struct run *r, unsigned int class, struct pace *pace)
{
	pace->rate = r->o->rate;
	while (pace_next(pace))
		write_value(r, class);
	latency_settle(r->latency);
	return pace->turns;
}

static void write_around(struct run *r, unsigned int class, uint64_t ms)
{
	struct pace pace = { .fd = -1 };

	if (ms == 0)
		return;
	if (ms != UNSET)
		pace.ns = ms * 1000000;
	else if (r->o->writes != UNSET)
		pace.count = r->o->writes;
	else
		pace.ns = DEFAULT_PHASE_MS * 1000000ull;
	write_for(r, class, &pace);
}

static void tell(int out, const struct seen *seen)
{
	if (write(out, seen, sizeof(*seen)) != sizeof(*seen))
		_exit(1);
}

static void run_child(const struct run *r, pid_t parent, int in, int out)
{
	struct seen seen = { 0 };
	uint64_t began;
	char byte;

	if (read(in, &byte, 1) != 1)
		_exit(1);
	began = pace_now_ns();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || death_oom_score("1000")) /* the dataset outlives the snapshot */
		_exit(1);
	seen.sum = dataset_read(&r->data);
	seen.read_ns = pace_now_ns() - began;
	tell(out, &seen);
	if (read(in, &byte, 1) != 1)
		_exit(1);
	seen.error = -memory_of_range(r->data.map, r->data.size, &seen.memory);
	seen.page_tables_kib = memory_page_tables_kib();
	tell(out, &seen);
	_exit(read(in, &byte, 1) == 0 ? 0 : 1);
}

struct child {
	pid_t pid;
	int to, from;
	uint64_t fork_ns;
};

/*
 * Nothing but the fork lies between the stamps: the child waits for a byte, or on one CPU it would
 * read the dataset before the parent is back.
 */
static int fork_child(struct run *r, struct child *child)
{
	uint64_t start, stamp = 0, stamp_end = 0;
	pid_t parent = getpid();
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return failed("pipe");
	fflush(stdout);
	start = pace_now_ns();
	if (r->latency)
		stamp = latency_stamp(r->latency);
	child->pid = fork();
	if (!child->pid) {
		close(in[1]);
		close(out[0]);
		run_child(r, parent, in[0], out[1]);
	}
	if (r->latency)
		stamp_end = latency_end_stamp(r->latency);
	child->fork_ns = pace_now_ns() - start;
	close(in[0]);
	close(out[1]);
	if (child->pid < 0)
		return failed("fork");
	if (r->latency)
		latency_record(r->latency, CLASS_FORK, stamp, stamp_end);
	child->to = in[1];
	child->from = out[0];
	return write(child->to, "", 1) == 1 ? 0 : failed("pipe");
}

static bool hear(const struct child *child, struct seen *seen)
{
	return read(child->from, seen, sizeof(*seen)) == sizeof(*seen);
}

/* The child goes when the pipe to it is closed. */
static bool end_child(struct child *child)
{
	int status = 0;

	close(child->to);
	close(child->from);
	while (waitpid(child->pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (!status)
		return true;
	if (WIFSIGNALED(status))
		fprintf(stderr, "fork-snapshot: the child was killed by signal %d (%s)\n",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		fprintf(stderr, "fork-snapshot: the child failed\n");
	return false;
}

/* State before the fork, with the child at its fullest, and what lay between. */
struct facts {
	struct memory_of before, after;
	struct seen child;
	struct snapshot_events at_fork, since;
	int64_t extra_kib;
	double charge_kib;
	uint64_t writes, page_tables_kib;
	uint64_t reserved_before,
		reserved_after; /* unused pages of THP reservations, at the fork */
};

static void print_snapshot(struct run *r, uint64_t number, const struct child *child,
			   const struct facts *f)
{
	struct line {
		const char *key;
		uint64_t value;
	} lines[] = {
		{ "fork_ns", child->fork_ns },
		{ "child_read_ns", f->child.read_ns },
		{ "writes", f->writes },
		{ "pages_written", dataset_pages_written(&r->data) },
		{ "regions_written", dataset_regions_written(&r->data) },
		{ "child_private_dirty_kib", f->child.memory.private_dirty_kib },
		{ "thp_split_pmd", f->since.split_pmd },
		{ "parent_anon_huge_before_kib", f->before.anon_huge_kib },
		{ "parent_anon_huge_after_kib", f->after.anon_huge_kib },
		{ "child_anon_huge_kib", f->child.memory.anon_huge_kib },
		{ "parent_vmpte_kib", f->page_tables_kib },
		{ "child_vmpte_kib", f->child.page_tables_kib },
		{ "child_own_kib", f->child.memory.private_dirty_kib + f->child.page_tables_kib },
	};
	double ms_per_gb = (double)child->fork_ns / 1e6 / ((double)f->before.rss_kib / (1u << 20));

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		printf("snapshot %" PRIu64 " %s %" PRIu64 "\n", number, lines[i].key,
		       lines[i].value);
	printf("snapshot %" PRIu64 " ms_per_gb %.4f\n", number, ms_per_gb);
	printf("snapshot %" PRIu64 " extra_memory_kib %" PRId64 "\n", number, f->extra_kib);
	snapshot_sums_add(&r->sums,
			  &(struct snapshot_sum){
				  .ms_per_gb = ms_per_gb,
				  .private_dirty_kib = (double)f->child.memory.private_dirty_kib,
				  .pages_written = (double)dataset_pages_written(&r->data),
				  .rss_before_kib = (double)f->before.rss_kib,
				  .rss_during_kib = (double)(f->after.rss_kib +
							     f->child.memory.private_dirty_kib),
				  .extra_kib = f->extra_kib > 0 ? (double)f->extra_kib : 0,
				  .charge_kib = f->charge_kib,
				  .reserved_before = (double)f->reserved_before,
				  .reserved_after = (double)f->reserved_after,
			  });
}

static void check_snapshot(struct run *r, const struct facts *f)
{
	struct snapshot_facts facts = {
		.pages_written = dataset_pages_written(&r->data),
		.private_dirty_kib = f->child.memory.private_dirty_kib,
		.huge_before_kib = f->before.anon_huge_kib,
		.huge_after_kib = f->after.anon_huge_kib,
		.events = f->since,
	};

	facts.splits_known =
		dataset_splits(&r->data, f->before.anon_huge_kib, &facts.splits_expected);
	if (!snapshot_check_dirty(&facts))
		r->check_failed = true;
	if (!snapshot_check_splits(&facts))
		r->check_failed = true;
}

/* The parent writes and the child reads; then each says what it has. */
static bool write_and_measure(struct run *r, struct child *child, struct facts *f)
{
	struct pace pace = { .fd = -1 };
	uint64_t available = memory_info_kib("MemAvailable");
	struct memcg memcg;

	if (r->o->writes == UNSET)
		pace.fd = child->from;
	else
		pace.count = r->o->writes;
	f->writes = write_for(r, CLASS_DURING, &pace);
	if (!hear(child, &f->child) || write(child->to, "", 1) != 1 || !hear(child, &f->child) ||
	    f->child.error)
		return false;
	f->charge_kib = memcg_read(&memcg) ? NAN : (double)memcg.current / 1024;
	f->extra_kib = (int64_t)(available - memory_info_kib("MemAvailable"));
	f->since = snapshot_events_since(&f->at_fork);
	f->page_tables_kib = memory_page_tables_kib();
	return !memory_of_range(r->data.map, r->data.size, &f->after);
}

static int snapshot(struct run *r, uint64_t number)
{
	struct facts f = { 0 };
	struct child child;
	bool good;

	/* What the copies of the last snapshot left of reservations is given back 0.1 s later. */
	if (number > 1 && kernel_threshold() > 1)
		usleep(300000);
	dataset_mark(&r->data);
	if (memory_of_range(r->data.map, r->data.size, &f.before))
		return failed("/proc/self/smaps");
	f.at_fork = snapshot_events_now();
	f.reserved_before = memory_vmstat("nr_thp_reserved");
	if (fork_child(r, &child))
		return 1;
	f.reserved_after = memory_vmstat("nr_thp_reserved");
	good = write_and_measure(r, &child, &f);
	if (!good)
		fprintf(stderr, "fork-snapshot: snapshot %" PRIu64 " has no end: %s\n", number,
			f.child.error ? strerror(f.child.error) : "the child died");
	if (!end_child(&child) || !good)
		return 1;
	print_snapshot(r, number, &child, &f);
	check_snapshot(r, &f);
	dataset_end(&r->data);
	return 0;
}

static void print_sums(const struct run *r)
{
	struct memory_of end;

	snapshot_sums_print(&r->sums);
	printf("snapshot_regions_written %" PRIu64 "\n", dataset_regions_ever(&r->data));
	if (!memory_of_range(r->data.map, r->data.size, &end))
		printf("snapshot_rss_after %" PRIu64 "\n", end.rss_kib);
}

static int run(const struct snapshot_options *o, struct latency *latency)
{
	struct run r = {
		.o = o,
		.data = { .size = o->dataset, .value = o->value, .theta = o->theta },
		.latency = latency_task(latency, 0),
	};
	int status = 0;

	errno = -dataset_init(&r.data, o->common.seed, o->huge);
	if (errno)
		return failed("cannot map the dataset");
	if (o->absent)
		dataset_leave_out(&r.data, (unsigned int)o->absent);
	populate(&r);
	if (o->sparse)
		printf("freed_pages %" PRIu64 "\n", dataset_thin(&r.data, (unsigned int)o->sparse));
	if (o->advise_huge)
		aligned_ask_huge(r.data.map, r.data.size);
	held_sleep(o->hold_ms * 1000000);
	for (uint64_t i = 1; i <= o->snapshots && !status; i++) {
		write_around(&r, CLASS_BEFORE, o->before_ms);
		status = snapshot(&r, i);
		if (!status)
			write_around(&r, CLASS_AFTER, o->after_ms);
	}
	if (!status)
		print_sums(&r);
	dataset_release(&r.data);
	return status || r.check_failed ? 1 : 0;
}

static int parse(struct snapshot_options *o)
{
	if (o->value & (o->value - 1))
		return options_error(&program, "--value: a power of two from 64 to 4096");
	if (o->dataset / o->value > UINT32_MAX)
		return options_error(&program, "--dataset: at most 2^32 values");
	o->dataset = o->dataset / ALIGNED_REGION * ALIGNED_REGION;
	if (!o->rate_text && o->writes == UNSET)
		o->writes = DEFAULT_WRITES;
	o->rate = PACE_MAX;
	if (o->rate_text && strcmp(o->rate_text, "max") &&
	    number_parse(o->rate_text, 0, NS_PER_S, &o->rate))
		return options_error(&program, "--rate '%s': writes a second, or max",
				     o->rate_text);
	if (o->absent && o->sparse)
		return options_error(&program, "--absent or --sparse, not both");
	if (zipf_parse(o->dist_text, &o->theta))
		return options_error(&program,
				     "--dist '%s': uniform, zipf or zipf:THETA, 0 < THETA <= 10",
				     o->dist_text);
	return 0;
}

int main(int argc, char **argv)
{
	struct snapshot_options o = {
		.common = OPTIONS_COMMON,
		.dataset = 128ul << 20,
		.value = 1024,
		.writes = UNSET,
		.snapshots = 3,
		.before_ms = UNSET,
		.after_ms = UNSET,
		.dist_text = "uniform",
	};
	struct latency *latency;
	int first = options_parse(&program, &o, argc, argv), status;

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first >= 0 && parse(&o))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	status = -latency_open(&latency, o.common.latency, 1, snapshot_classes, CLASSES);
	if (status) {
		options_error(&program, "--latency '%s': %s", o.common.latency, strerror(status));
		return 2;
	}
	signal(SIGPIPE, SIG_IGN); /* a dead child has its own message */
	prctl(PR_SET_TIMERSLACK, 1);
	status = run(&o, latency);
	if (latency_close(latency) && !status)
		status = failed(o.common.latency);
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
