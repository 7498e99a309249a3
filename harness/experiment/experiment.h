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
	unsigned int numa_distance; /* between different nodes, 11..254; 20 */
	enum fl_machine machine;
	enum fl_clock clock;
	enum fl_start start;
	bool parallel;            /* its CPUs run at once, not in turn; real clock only */
	char *cpu_model;          /* NULL: the default of the clock and accelerator */
	char *cmdline;            /* more words for the kernel command line, or NULL */
	bool balloon;             /* a virtio balloon: asked for, or because steps move it */
	bool free_page_reporting; /* the balloon's: the guest reports pages that it freed */
	bool deflate_on_oom;      /* the balloon's: it shrinks before the OOM killer runs */
	uint64_t backed;          /* bytes of memory that it touches at most; 0: all */
	bool lazy_discard;        /* QEMU's MADV_DONTNEED becomes MADV_FREE */
	bool limited;             /* QEMU has a control group, */
	uint64_t host_limit;      /* and so many bytes at most; 0: no limit yet */
	unsigned int count,
		rounds;          /* guests side by side, each in turn runs the workload so often */
	uint64_t hotplug_memory; /* bytes that steps add as DIMMs at most, */
	unsigned int hotplug_slots; /* and in how many pieces */
	uint64_t virtio_mem;        /* bytes that a virtio-mem device grows to; 0: none */
	unsigned int virtio_mem_node;
	uint64_t hotplug_backed; /* bytes of both that the host has to have */
};

/* Bytes that one such guest takes of the host at most, without QEMU's own. */
uint64_t fl_guest_takes(const struct fl_guest_spec *spec);

/* One axis of the sweep: a setting and its values. */
struct fl_axis {
	char *name;
	struct fl_strv values;
};

/*
 * Alternatives: a point belongs to one group, whose axes are laid over the
 * common ones.  Without [settings NAME] sections there is one group, named "".
 */
struct fl_group {
	char *name;
	struct fl_strv workloads; /* those it is for; none: all */
	struct fl_axis *axes;
	size_t n_axes;
};

struct fl_workload {
	char *name;             /* of the section */
	char *run;              /* the command */
	struct fl_strv trace;   /* events of the guest's kernel to trace: SYSTEM or SYSTEM:EVENT */
	struct fl_strv groups;  /* [settings NAME]s that it is run with; empty: all */
	struct fl_strv kernels; /* it is run on these; empty: on the experiment's */
	unsigned int repeat;    /* boots per combination; 0: the experiment's */
};

struct fl_places;

#define FL_REPEAT_MAX 10000 /* boots per combination */

/* An experiment file, read and checked. */
struct fl_experiment {
	char *name, *about, *verdict, *file;
	char *picture; /* the figure that answers the question; NULL: the first that there is */
	struct fl_strv kernels;       /* names; kernels.h */
	struct fl_strv kernel_places; /* of each: a name of `kernel list`, or a path */
	struct fl_strv roles;         /* kernels as the file lists them, in its order, */
	struct fl_strv role_kernels;  /* and the name of the one that fills each; "": none */
	struct fl_places *places;     /* where the keys stand: fl_experiment_line() */
	struct fl_strv columns;       /* metrics of the table, in place of the usual ones */
	struct fl_strv outcomes;      /* statuses that are a result here, no failure of the run */
	struct fl_strv parts;         /* experiments that belong to it: `run` runs them after it */
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
	struct fl_claims claims; /* what the table must show, and what others measured */
	struct fl_crossings crossings;
	struct fl_answer answer;       /* what the end of a run shows */
	struct fl_row_names row_names; /* what tables call the rows */
	struct fl_own_metrics metrics; /* numbers that programs say which are not ours */
	bool quick;                    /* what [quick] says was laid over the rest */
};

/*
 * Reads a file (name of one in bench/, or a path).  quick: keys of the sections
 * [quick] (repeat, timeout, ...), [quick settings] and [quick workload NAME]
 * replace those of the same name.  Every error names file and line.
 */
int fl_experiment_load(struct fl_experiment *e, const char *name_or_path, bool quick,
		       struct fl_error *err);
void fl_experiment_release(struct fl_experiment *e);

/* The line of a key of the file; of its section's first key, or of the file's end, where it is
   missing. */
unsigned int fl_experiment_line(const struct fl_experiment *e, const char *section,
				const char *key);

/* What the host does while that workload runs; NULL: nothing. */
const struct fl_steps *fl_experiment_steps(const struct fl_experiment *e, const char *workload);
/* What runs beside that workload; NULL: nothing. */
const char *fl_experiment_pressure(const struct fl_experiment *e, const char *workload);
/* Is one of its axes, in any group, set that way? */
bool fl_experiment_sets(const struct fl_experiment *e, enum fl_setting_how how);
/* Is it an axis of the sweep? */
bool fl_experiment_varies(const struct fl_experiment *e, const char *setting);
/* Do the steps fit the guest?  Again after the command line had its say. */
int fl_experiment_check_steps(struct fl_experiment *e, struct fl_error *err);
/* Do workloads and groups of settings name each other rightly?  And is there such a workload? */
int fl_experiment_check_groups(const struct fl_experiment *e, struct fl_error *err);
bool fl_experiment_has_workload(const struct fl_experiment *e, const char *name);
/* Do [metric NAME]s name workloads and steps that there are? */
int fl_experiment_check_metrics(const struct fl_experiment *e, struct fl_error *err);

/* Command line overrides.  `text` is "KEY=V1,V2"; replaces or adds the axis. */
int fl_experiment_set_axis(struct fl_experiment *e, const char *text, struct fl_error *err);
int fl_experiment_set_workloads(struct fl_experiment *e, const struct fl_strv *commands,
				struct fl_error *err);
/* `text` is "K1,NAME=K2": those take the place of all before and fill their roles (kernels.h); a
   workload that names kernels keeps which of these it names. */
int fl_experiment_set_kernels(struct fl_experiment *e, const struct fl_strv *lists,
			      struct fl_error *err);
void fl_experiment_set_repeat(struct fl_experiment *e, unsigned int repeat);

/* Names of the experiments in bench/, sorted. */
int fl_experiment_names(struct fl_strv *names);

#endif
