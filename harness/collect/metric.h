/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_METRIC_H
#define FL_COLLECT_METRIC_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The registry of metrics.  Everything about a metric is in its entry: its source, how it is
 * judged, where it is shown.  Tables, comparisons, claims, the gate, the history, the man page and
 * `faultline list metrics` walk this one set.  An entry stands in the file that makes the value: a
 * collector's, workload.c, trace.c or steps.c.
 *
 * A name with words in capitals is a family: SERIES_at_STEP, round_time_GUEST_ROUND.  GUEST, ROUND
 * and SIZE stand for digits (a size may end in a letter), SERIES for any series over time, METRIC
 * for any metric, other words for any text.
 */
enum fl_unit {
	FL_UNIT_KIB,
	FL_UNIT_COUNT,
	FL_UNIT_NS,
	FL_UNIT_PER_S,
	FL_UNIT_PERCENT,
	FL_UNIT_MS_PER_GB,
	FL_UNIT_US, /* microseconds that the kernel counted by its own clock */
	FL_UNIT_RATIO,
	FL_UNIT_HOST_NS, /* by the host's clock, whatever the guest's is */
	FL_UNIT_OWN,     /* a word of the experiment's: of a [metric NAME] */
};

/*
 * Printed unit.  Times carry their clock: "ns" on hardware, "ns-tcg" under emulation, "insn" with
 * the instruction clock, "ns-tcg-multi" where emulated CPUs run in parallel (how long they wait for
 * each other depends on the host: never judged); rates likewise ("1/s-tcg", "1/Ginsn"...).
 */
enum fl_timebase { FL_TIME_HARDWARE, FL_TIME_TCG, FL_TIME_INSN, FL_TIME_TCG_MULTI };
const char *fl_unit_name(enum fl_unit unit, enum fl_timebase base);
/* Is it a time or a rate of the guest's clock? */
bool fl_unit_is_timed(enum fl_unit unit);

enum fl_better { FL_NEITHER, FL_LESS, FL_MORE };
extern const char *const fl_better_names[];

enum fl_reduce {
	FL_LAST,  /* last sample before the workload's exit; of what is no series, the value */
	FL_PEAK,  /* largest sample; absent below FL_SAMPLES_MIN samples */
	FL_MEAN,  /* absent below FL_SAMPLES_MIN samples */
	FL_DELTA, /* last - first */
	FL_DROP,  /* first - smallest: how far a free counter went down; absent likewise */
	FL_GONE,  /* first - what was there when the workload was gone */
};

/* With fewer samples during the workload there is no maximum and no mean. */
#define FL_SAMPLES_MIN 5

/* Source of a metric.  Only those of WORKLOAD are taken from what a program prints. */
enum fl_owner {
	FL_OWNER_KERNEL,     /* a file of /proc or /sys, or the trace */
	FL_OWNER_WORKLOAD,   /* printed by the program */
	FL_OWNER_HARNESS,    /* measured or computed by the harness */
	FL_OWNER_STEP,       /* of a step, on the host's side */
	FL_OWNER_EXPERIMENT, /* [metric NAME] of the experiment */
	FL_OWNERS,
};
extern const char *const fl_owner_names[];

enum fl_class {
	FL_EXACT,    /* the same in every boot with the instruction clock; counters in both */
	FL_NOISY,    /* of the host, or of where free memory lies: boots are the replicates */
	FL_TAIL,     /* contains timer ticks and other tasks: may differ, is never worse */
	FL_UNJUDGED, /* the harness's own cost, and models */
	FL_CLASSES,
};
extern const char *const fl_class_names[];

/* Groups of the table and of `list metrics`, in their order. */
enum fl_topic {
	FL_TOPIC_CASES,
	FL_TOPIC_TOUCH,
	FL_TOPIC_REPORTING,
	FL_TOPIC_GUESTS,
	FL_TOPIC_FORK,
	FL_TOPIC_DENSITY,
	FL_TOPIC_PRESSURE,
	FL_TOPIC_HOTPLUG,
	FL_TOPIC_SEARCH,
	FL_TOPIC_MEMORY,
	FL_TOPIC_HUGE,
	FL_TOPIC_FOLIOS,
	FL_TOPIC_SWAP,
	FL_TOPIC_BALLOON,
	FL_TOPIC_PROMOTION,
	FL_TOPIC_HOST,
	FL_TOPIC_TIME,
	FL_TOPIC_STEPS,
	FL_TOPICS,
};
extern const char *const fl_topic_names[];

/* A memory cgroup is charged in per-CPU batches of 64 pages (MEMCG_CHARGE_BATCH). */
#define CHARGE_BATCH_KIB (2 * 64 * 4)

/* Families whose meaning comes from a series or a metric. */
#define FL_AT_STEP "SERIES_at_STEP"
#define FL_OF_STEP "METRIC_of_STEP"

/* A number of a point. */
struct fl_metric {
	const char *name;   /* "guest_anon_huge_peak" */
	const char *series; /* of the same collector; NULL: it is no reduction */
	enum fl_reduce reduce;
	enum fl_unit unit;
	enum fl_better better;
	enum fl_class class;
	enum fl_owner owner;
	enum fl_topic topic;
	const char *column; /* heading in the table; NULL: not shown there */
	const char *state;  /* "huge pages": what a point *got*; two sides of which one had some and
			       the other none, or a multiple, compare unlike things.  NULL: no */
	double crumb;       /* a difference that says nothing; 0: 16 KiB of memory, else none */
	double least;       /* smaller values mean nothing: a fault of 75 instructions is a store */
	bool work;          /* how much was done, by the program or by khugepaged beside it: where
			       that differs, so does what it took */
	bool headline;      /* shown by a comparison whether it changed or not */
	bool hide_zero;     /* no column if all rows have 0 */
	bool beside_steps;  /* a column also where steps of the experiment have theirs */
	bool any_end;       /* counts for points that ended badly, too */
	const char *about;  /* one line: what it is and where it comes from */
};

/* The i-th of all entries, families included; NULL after the last. */
const struct fl_metric *fl_metric_at(size_t i);

/* Any metric by name; a family's member gives the family's entry; NULL if unknown. */
const struct fl_metric *fl_metric_find(const char *name);

/* Does a name belong to an entry (for a family, match its pattern)? */
bool fl_metric_fits(const char *pattern, const char *name);

#endif
