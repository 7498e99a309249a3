/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_EXPERIMENT_H
#define FL_EXPERIMENT_EXPERIMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/experiment/claim.h"
#include "harness/experiment/crossing.h"
#include "harness/experiment/answer.h"
#include "harness/experiment/own_metric.h"
#include "harness/experiment/row_name.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/step.h"

enum fl_clock { FL_CLOCK_REAL, FL_CLOCK_INSTRUCTIONS };
enum fl_start { FL_START_AUTO, FL_START_BOOT }; /* from a template where that is sound, or never */
enum fl_machine { FL_MACHINE_AUTO, FL_MACHINE_MICROVM, FL_MACHINE_Q35 };

#define FL_CPUS_MAX 64

struct fl_guest_spec {
	uint64_t memory; /* bytes */
	unsigned int cpus;
	unsigned int numa;          /* nodes, CPUs and memory spread evenly */
	unsigned int numa_distance; /* between different nodes, 11..254; default 20 */
	enum fl_machine machine;
	enum fl_clock clock;
	enum fl_start start;
	bool parallel;            /* its CPUs run in parallel, not in turn; real clock only */
	char *cpu_model;          /* NULL: the default of the clock and accelerator */
	char *cmdline;            /* more words for the kernel command line, or NULL */
	const char *stall;        /* a point's: stall.h; NULL: none */
	bool balloon;             /* has a virtio balloon: asked for, or because steps use it */
	bool free_page_reporting; /* balloon: free page reporting */
	bool deflate_on_oom;      /* balloon: deflate on OOM */
	uint64_t backed;          /* at most this many bytes of its memory get touched; 0: all */
	bool lazy_discard;        /* QEMU's MADV_DONTNEED becomes MADV_FREE */
	bool limited;             /* QEMU runs in a cgroup of its own, */
	uint64_t host_limit;      /* limited to this many bytes; 0: no limit yet */
	unsigned int count,
		rounds; /* guests side by side; in turn, each runs the workload this often */
	uint64_t hotplug_memory;    /* most bytes that steps add as DIMMs, */
	unsigned int hotplug_slots; /* and in how many pieces */
	uint64_t virtio_mem;        /* most bytes of a virtio-mem device; 0: none */
	unsigned int virtio_mem_node;
	uint64_t hotplug_backed; /* bytes of both that the host must be able to back */
};

/* Most bytes that one such guest takes from the host, without QEMU's own. */
uint64_t fl_guest_takes(const struct fl_guest_spec *spec);

/* One axis of the sweep: a setting and its values. */
struct fl_axis {
	char *name;
	struct fl_strv values;
};

/*
 * Alternatives: a point belongs to one group, whose axes override the common ones.  Without
 * [settings NAME] sections there is one group, named "".
 */
struct fl_group {
	char *name;
	struct fl_strv workloads; /* workloads it is for; none: all */
	struct fl_axis *axes;
	size_t n_axes;
};

struct fl_workload {
	char *name;             /* of the section */
	char *run;              /* the command */
	struct fl_strv trace;   /* events of the guest's kernel to trace: SYSTEM or SYSTEM:EVENT */
	struct fl_strv entries; /* functions that the profile follows here, in addition to the
				   experiment's */
	struct fl_strv groups;  /* names of [settings NAME] that it runs with; empty: all */
	struct fl_strv kernels; /* kernels it runs on; empty: the experiment's */
	unsigned int repeat;    /* boots per combination; 0: the experiment's */
};

struct fl_places;

#define FL_REPEAT_MAX 10000 /* boots per combination */

/* An experiment file, parsed and checked. */
struct fl_experiment {
	char *name, *about, *verdict, *file;
	char *picture; /* the figure that answers the question; NULL: the first one drawn */
	struct fl_strv kernels;       /* names; kernels.h */
	struct fl_strv kernel_places; /* of each: a name of `kernel list`, or a path */
	struct fl_strv roles;         /* kernels as the file lists them, in its order, */
	struct fl_strv role_kernels;  /* and the name of the kernel that fills each; "": none */
	struct fl_places *places;     /* lines of the keys: fl_experiment_line() */
	struct fl_strv columns;       /* metrics of the table, instead of the usual ones */
	struct fl_strv entries;       /* functions that the profile follows; "all" */
	struct fl_strv outcomes; /* statuses that are a result here, not a failure of the run */
	struct fl_strv parts;    /* experiments that belong to it; `run` runs them afterwards */
	unsigned int repeat;
	uint64_t timeout_ns;         /* for one point, after the boot */
	uint64_t sample_interval_ns; /* 0: only at start and exit */
	struct fl_guest_spec guest;
	struct fl_axis *axes; /* common to all groups */
	size_t n_axes;
	struct fl_group *groups; /* at least one */
	size_t n_groups;
	struct fl_workload *workloads;
	size_t n_workloads;
	struct fl_steps *steps; /* lists of [steps] sections */
	size_t n_steps;
	char *pressure;          /* or NULL */
	struct fl_strv pressed;  /* workloads that it is for; none: all */
	struct fl_strv programs; /* [guest] programs = ...: host programs to put in the image,
				    beside what [workload]/[pressure] name */
	struct fl_claims claims; /* expected results, and what others measured */
	struct fl_crossings crossings;
	struct fl_answer answer;       /* what is shown at the end of a run */
	struct fl_row_names row_names; /* what tables call the rows */
	struct fl_own_metrics metrics; /* numbers printed by programs that are not ours */
	bool quick;                    /* [quick] was applied */
};

/*
 * Reads a file (a name from bench/, or a path).  quick: keys of the sections [quick] (repeat,
 * timeout, ...), [quick settings] and [quick workload NAME] replace those of the same name.  Every
 * error names file and line.
 */
int fl_experiment_load(struct fl_experiment *e, const char *name_or_path, bool quick,
		       struct fl_error *err);
void fl_experiment_release(struct fl_experiment *e);

/* The line of a key; if the key is missing, that of its section's first key, or of the end of the
 * file. */
unsigned int fl_experiment_line(const struct fl_experiment *e, const char *section,
				const char *key);

/* The steps of the host while that workload runs; NULL: none. */
const struct fl_steps *fl_experiment_steps(const struct fl_experiment *e, const char *workload);
/* The memory pressure beside that workload; NULL: none. */
const char *fl_experiment_pressure(const struct fl_experiment *e, const char *workload);
/* Does any of its axes, in any group, have that value? */
bool fl_experiment_sets(const struct fl_experiment *e, enum fl_setting_how how);
/* Is it an axis of the sweep? */
bool fl_experiment_varies(const struct fl_experiment *e, const char *setting);
/* Do the steps fit the guest?  Checked again after the options of the command line. */
int fl_experiment_check_steps(struct fl_experiment *e, struct fl_error *err);
/* Do the names by which workloads and groups of settings refer to each other exist? */
int fl_experiment_check_groups(const struct fl_experiment *e, struct fl_error *err);
bool fl_experiment_has_workload(const struct fl_experiment *e, const char *name);
/* Do the workloads and steps that [metric NAME] sections name exist? */
int fl_experiment_check_metrics(const struct fl_experiment *e, struct fl_error *err);

/* Command line overrides.  `text` is "KEY=V1,V2"; replaces or adds the axis. */
int fl_experiment_set_axis(struct fl_experiment *e, const char *text, struct fl_error *err);
int fl_experiment_set_workloads(struct fl_experiment *e, const struct fl_strv *commands,
				struct fl_error *err);
/* `text` is "K1,NAME=K2": these replace all kernels and fill their roles (kernels.h); a workload
 * that names kernels keeps those of its list that are still there. */
int fl_experiment_set_kernels(struct fl_experiment *e, const struct fl_strv *lists,
			      struct fl_error *err);
void fl_experiment_set_repeat(struct fl_experiment *e, unsigned int repeat);

/* Names of the experiments in bench/, sorted. */
int fl_experiment_names(struct fl_strv *names);

#endif
