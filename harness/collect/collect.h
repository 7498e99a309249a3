/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_COLLECT_H
#define FL_COLLECT_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/collect/metric.h"

/*
 * A collector turns raw text of /proc and /sys files into values.  To add one:
 * a file here with its const struct last, a prototype below, a line in
 * table.c.  `faultline list metrics` is made from the table.
 *
 * The agent ships files' text; parsing happens here, on the host, so that old
 * streams can be read again.  Parsers are fuzzed: text may be anything.
 */

/* A value in a file that is followed over time. */
struct fl_series {
	const char *name; /* "guest_anon_huge"; a family's as a metric's: "folio_STAT_SIZE" */
	const char *key;  /* of the file, as the collector's parser wants it: "AnonHugePages" */
	enum fl_unit unit;
	bool timeline; /* kept in the store over time (plots); else only reduced */
};

enum fl_side { FL_SIDE_GUEST, FL_SIDE_PROCESS, FL_SIDE_HOST, FL_SIDE_QMP, FL_SIDE_STEP };

/* Receives the values of a family: its series, the name of this value, the value. */
typedef void fl_found_fn(void *arg, const struct fl_series *family, const char *name, double value);

/* Host virtual addresses; end 0: unknown. */
struct fl_range {
	uint64_t start, end;
};

struct fl_collector {
	const char *name;
	enum fl_side side; /* GUEST: a global file; PROCESS: below /proc/PID of each workload
			      process, values summed; HOST: of the QEMU process; QMP: an answer of
			      QEMU's; STEP: what a step makes of other values */
	bool guest_only;   /* of FL_SIDE_GUEST: means nothing on --target host */
	bool whole;        /* of FL_SIDE_GUEST: `file` is a pattern of glob(7), its text a line
			      "PATH VALUE" of each file of one line that it names.  Read at the
			      workload's start and exit alone: there are many. */
	const char *file;  /* "/proc/vmstat"; PROCESS: "smaps_rollup"; HOST: "smaps"; QMP: the
			      command */
	/*
	 * Reads the value of `key` out of text[len] (NUL follows).  ram: the guest's
	 * memory in the QEMU process, for HOST.  0, -ENOENT (this kernel does not
	 * have it) or -EINVAL.
	 */
	int (*value)(const char *text, size_t len, const char *key, const struct fl_range *ram,
		     double *out);
	/*
	 * Series whose names are found at run time (sizes, nodes, guests): tells
	 * every value of the text; values of one name in a sample add up.  May be
	 * NULL; then or beside it, value() reads the plain series.
	 */
	void (*discover)(const char *text, size_t len, const struct fl_series *families,
			 fl_found_fn *found, void *arg);
	const struct fl_series *series;  /* ended by a NULL name */
	const struct fl_metric *metrics; /* ended by a NULL name */
};

/* Is this series a family, whose names are found at run time? */
bool fl_series_is_family(const struct fl_series *s);

/* Ended by NULL.  The prototypes and the table are in table.c's neighbour, collectors.h. */
const struct fl_collector *const *fl_collectors(void);

/* What a point's raw material is reduced to.  Arrays grow; release at the end. */
struct fl_value {
	char name[64];
	double value;
	enum fl_unit unit;
	char own_unit[32]; /* of FL_UNIT_OWN, as it is printed */
};

struct fl_tick {         /* one sample of one series */
	uint16_t series; /* index in fl_result.series_names */
	uint64_t t_ns;   /* since the workload's start, on the host's clock */
	double value;
};

struct fl_bucket {
	uint8_t cls;      /* index in fl_result.class_names */
	double low, high; /* ns (or insn), [low, high) */
	uint64_t count;
};

/* The outcome of a test case: KTAP's outcomes, FOUND for a report of KCSAN, and GONE for a case
 * that only another point had. */
enum fl_case_outcome { FL_CASE_PASS, FL_CASE_FAIL, FL_CASE_SKIP, FL_CASE_FOUND, FL_CASE_GONE };
extern const char *const fl_case_outcomes[]; /* "pass", "fail", "skip", "found", "gone" */

struct fl_case {
	char name[160];   /* unique in its point: what was tried, "TITLE (2)" when tried again */
	char detail[120]; /* the rest: the description, why it was skipped */
	unsigned int number;
	enum fl_case_outcome outcome;
	uint64_t failures, tries; /* of a case tried or reported several times; tries 0: unknown */
	char *text;               /* what it printed before it failed, or the report; or NULL */
};
void fl_cases_free(struct fl_case *cases, size_t n);

#define FL_CASES_MAX 4000 /* of a point */

#define FL_TICKS_MAX (1u << 21) /* values of time lines; an hour has a part of it */

struct fl_result {
	struct fl_value *values;
	size_t n_values;
	char (*series_names)[64];
	enum fl_unit *series_units;
	size_t n_series;
	struct fl_tick *ticks;
	size_t n_ticks;
	bool ticks_cut;          /* at FL_TICKS_MAX */
	char (*class_names)[32]; /* "base", "region", "write_during", ... */
	size_t n_classes;
	struct fl_bucket *buckets;
	size_t n_buckets;
	struct fl_case *cases;
	size_t n_cases;
};

void fl_result_release(struct fl_result *r);
/* A value by name; NULL: there is none. */
const struct fl_value *fl_result_find(const struct fl_result *r, const char *name);
void fl_result_put(struct fl_result *r, const char *name, double value, enum fl_unit unit);
/* With a unit of the experiment's. */
void fl_result_put_own(struct fl_result *r, const char *name, double value, const char *unit);
/* The unit as it is printed. */
const char *fl_value_unit(const struct fl_value *v, enum fl_timebase base);

/*
 * Reduction state machine: feed raw texts in order of time, then finish.
 *   path: "/proc/vmstat", or "/proc/123/smaps_rollup" (summed over processes of one tick),
 *         or "host:smaps" for the QEMU process, "qmp:query-balloon" or "step:leftover".
 */
struct fl_collecting;
struct fl_collecting *fl_collect_new(void);
/* Sets where the guest's memory is mapped in the QEMU process. */
void fl_collect_ram_range(struct fl_collecting *c, uint64_t start, uint64_t end);
void fl_collect_text(struct fl_collecting *c, const char *path, const char *text, size_t len,
		     uint64_t t_ns);
/* A global file read after the workload has gone: only for FL_GONE. */
void fl_collect_after(struct fl_collecting *c, const char *path, const char *text, size_t len);
/* Ends one sample of the guest (sums over files and processes are taken), or of the host side
 * (QEMU), which may arrive in the middle of a guest sample. */
void fl_collect_tick(struct fl_collecting *c, uint64_t t_ns);
void fl_collect_tick_host(struct fl_collecting *c, uint64_t t_ns);
/* The last sample of a series: 0, or -ENOENT: there is none yet. */
int fl_collect_last(const struct fl_collecting *c, const char *series, double *value);
/* Until it is called with NULL, each sample's values over time are also kept as SERIES_at_STEP; the
 * last one counts. */
void fl_collect_at(struct fl_collecting *c, const char *step);
/* Reduces everything that was fed into *r; frees c. */
void fl_collect_finish(struct fl_collecting *c, struct fl_result *r);

/*
 * The latency file of a workload (workloads/lib/latency.h) -> buckets, and
 * fault_latency_{p50,p90,p99,p999,p9999,max,mean}, touches_{faulted,stored,interrupted},
 * clock_cost, region_latency_*, store_latency_{p50,mean}, interrupted_latency_max,
 * write_latency_{before,during,after}_*, fork_time.  0, or -EINVAL with a line number.
 */
int fl_collect_latency(struct fl_result *r, const char *text, size_t len, int *line);

/* Output of the workload ("key value" lines, usemem's and page_fault1's own lines) -> touch_rate,
 * children_until_failure, ... */
void fl_collect_output(struct fl_result *r, const char *workload, const char *text, size_t len);

/* How much of its time a workload reports as sleep, warm-up or self-inspection, in ns. */
double fl_collect_idle(const char *text, size_t len);

/*
 * A model of how many of the host's huge pages a balloon of huge blocks could leave at each sample
 * step with the balloon inflated -> model_host_huge_at_STEP.  It takes the free huge blocks of the
 * first sample, those that the host does not back before others, and the rest from ranges of which
 * half is free, each of which costs the host a whole huge page: what usemem --punch-holes leaves.
 * model_host_huge_made_at_STEP is the same for a balloon that makes the blocks it lacks by moving
 * pages into holes: each costs the host one huge page.  host_huge_kept_at_STEP is no model: the
 * huge pages of the host, as a share of those at the first sample.
 */
void fl_collect_balloon_model(struct fl_result *r, double memory_kib);

/*
 * Results of test cases in KTAP (Documentation/dev-tools/ktap.rst) -> cases: a
 * case is named by the "# [RUN]" line before it, or where a test has none by its
 * "# [INFO]" line, which say the same whether it is run or skipped; or else by its
 * description.  "# N of M ..." behind it: it failed in N of M tries.  Subtests are passed over.
 */
void fl_collect_cases(struct fl_result *r, const char *text, size_t len);

/*
 * Reports of KCSAN on a guest's console -> cases FOUND, each title once: failures is how often it
 * was reported, text is the first report; and kcsan_findings, where the kernel has KCSAN.
 */
void fl_collect_kcsan(struct fl_result *r, FILE *console);

/*
 * The text of the kernel's trace, with "# enabled EVENT" and "# SETTING VALUE" lines before it ->
 * promotion_*.  Unknown events are ignored.
 */
void fl_collect_trace(struct fl_result *r, const char *text, size_t len);

#endif
