/* SPDX-License-Identifier: GPL-2.0 */
/* Metrics from the latency file of a workload (latency.c). */
#include "harness/collect/tables.h"

#define OF_LATENCY .unit = FL_UNIT_NS, .better = FL_LESS, .owner = FL_OWNER_HARNESS

/* With only a few events all of it is tail: a kernel thread runs during one of them or not. */
#define REST(stem, group, lowest, what)                                              \
	{                                                                            \
		.name = stem "_max",                                                 \
		OF_LATENCY,                                                          \
		.class = FL_TAIL,                                                    \
		.topic = group,                                                      \
		.least = lowest,                                                     \
		.about = what ", longest",                                           \
	},                                                                           \
		{                                                                    \
			.name = stem "_mean",                                        \
			OF_LATENCY,                                                  \
			.topic = group,                                              \
			.least = lowest,                                             \
			.about = what ", mean",                                      \
		},                                                                   \
		{                                                                    \
			.name = stem "_p90",                                         \
			OF_LATENCY,                                                  \
			.topic = group,                                              \
			.least = lowest,                                             \
			.about = what ", 90th percentile",                           \
		},                                                                   \
		{                                                                    \
			.name = stem "_p999",                                        \
			OF_LATENCY,                                                  \
			.class = FL_TAIL,                                            \
			.topic = group,                                              \
			.least = lowest,                                             \
			.about = what ", 99.9th percentile",                         \
		},                                                                   \
	{                                                                            \
		.name = stem "_p9999", OF_LATENCY, .class = FL_TAIL, .topic = group, \
		.least = lowest, .about = what ", 99.99th percentile",               \
	}

#define SHOWN(stem, leaf, group, lowest, heading, what)                             \
	{                                                                           \
		.name = stem "_" leaf, OF_LATENCY, .topic = group, .least = lowest, \
		.column = heading, .headline = true, .about = what,                 \
	}

/* A store to a page that is mapped takes some ten nanoseconds or instructions, a fault hundreds. */
#define FAULT_LEAST 200

static const struct fl_metric metrics[] = {
	SHOWN("fault_latency", "p50", FL_TOPIC_TOUCH, FAULT_LEAST, "fault p50",
	      "fault of a page in a region touched before, median"),
	SHOWN("fault_latency", "p99", FL_TOPIC_TOUCH, FAULT_LEAST, "fault p99",
	      "fault of a page in a region touched before, 99th percentile"),
	REST("fault_latency", FL_TOPIC_TOUCH, FAULT_LEAST,
	     "fault of a page in a region touched before"),
	SHOWN("region_latency", "p50", FL_TOPIC_TOUCH, FAULT_LEAST, "region p50",
	      "fault at the first touch of an aligned huge-page-sized region, median: the huge "
	      "fault under THP"),
	SHOWN("region_latency", "p99", FL_TOPIC_TOUCH, FAULT_LEAST, "region p99",
	      "fault at the first touch of an aligned huge-page-sized region, 99th percentile"),
	REST("region_latency", FL_TOPIC_TOUCH, FAULT_LEAST,
	     "fault at the first touch of an aligned huge-page-sized region"),
	{
		.name = "store_latency_mean",
		OF_LATENCY,
		.topic = FL_TOPIC_TOUCH,
		.about = "first touch of a page that was already mapped (no fault): mean",
	},
	{
		.name = "store_latency_p50",
		OF_LATENCY,
		.topic = FL_TOPIC_TOUCH,
		.about = "first touch of a page that was already mapped (no fault): median",
	},
	{
		.name = "interrupted_latency_max",
		.unit = FL_UNIT_NS,
		.class = FL_TAIL,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_TOUCH,
		.about = "longest touch that was interrupted by a timer tick or a preemption",
	},
	{
		.name = "clock_cost",
		.unit = FL_UNIT_NS,
		.class = FL_UNJUDGED,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_TOUCH,
		.about = "two readings of the workload's clock with nothing between them; "
			 "subtracted from each latency",
	},
	SHOWN("write_latency_before", "p99", FL_TOPIC_FORK, 0, "write p99",
	      "fork-snapshot: a write before the snapshot, 99th percentile"),
	SHOWN("write_latency_before", "p50", FL_TOPIC_FORK, 0, NULL,
	      "fork-snapshot: a write before the snapshot, median"),
	REST("write_latency_before", FL_TOPIC_FORK, 0,
	     "fork-snapshot: a write before the snapshot"),
	SHOWN("write_latency_during", "p99", FL_TOPIC_FORK, 0, "in snap p99",
	      "fork-snapshot: a write while the child reads, 99th percentile"),
	SHOWN("write_latency_during", "p50", FL_TOPIC_FORK, 0, NULL,
	      "fork-snapshot: a write while the child reads, median"),
	REST("write_latency_during", FL_TOPIC_FORK, 0,
	     "fork-snapshot: a write while the child reads"),
	SHOWN("write_latency_after", "p99", FL_TOPIC_FORK, 0, NULL,
	      "fork-snapshot: a write after the snapshot, 99th percentile"),
	SHOWN("write_latency_after", "p50", FL_TOPIC_FORK, 0, NULL,
	      "fork-snapshot: a write after the snapshot, median"),
	REST("write_latency_after", FL_TOPIC_FORK, 0, "fork-snapshot: a write after the snapshot"),
	{ 0 },
};

const struct fl_metric *fl_latency_metrics(void)
{
	return metrics;
}
