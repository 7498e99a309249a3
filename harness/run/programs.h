/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_PROGRAMS_H
#define FL_RUN_PROGRAMS_H

#include <stdbool.h>

#include "harness/base/error.h"
#include "harness/experiment/step.h"
#include "harness/run/material.h"
#include "harness/wire/frame.h"

/*
 * The programs in a guest with steps: the workload, and those started by run steps.  Their output
 * is available while they run, so that a step can wait for it.
 */
struct fl_program {
	const char *name;      /* of the step, borrowed; FL_STEP_WORKLOAD */
	struct fl_text out;    /* stdout and stderr as they came */
	size_t heard;          /* bytes of it that a step has already waited for */
	bool running, stopped; /* stopped by us, so any exit status is fine */
	bool killed;
	int code; /* exit status or signal */
};

struct fl_programs {
	struct fl_program v[FL_STEP_RUNS_MAX + 1];
	size_t n;
	char bad[384];
};

struct fl_program *fl_programs_add(struct fl_programs *p, const char *name);

/* Takes what the agent sent: output and exits. */
void fl_programs_frame(struct fl_programs *p, const struct fl_frame *f);

/* Is it running?  NULL: is any? */
bool fl_programs_running(const struct fl_programs *p, const char *name);
bool fl_programs_stopped(const struct fl_programs *p, const char *name);

/* Did a program print this since the last wait?  If so, marks it as consumed. */
bool fl_programs_heard(struct fl_programs *p, const char *text);

/* The last line that was printed; "" if none. */
void fl_programs_last_line(const struct fl_programs *p, char *line, size_t len);

/* One line about a run step's program that ended badly; NULL: none did. */
const char *fl_programs_bad(struct fl_programs *p);
/* Did the workload, or any of them, end by itself and badly? */
bool fl_programs_any_bad(const struct fl_programs *p);

/*
 * Writes output-STEP files of run steps' programs into dir, puts their numbers
 * into *r as METRIC_of_STEP; frees.  0, or -1 (FL_MACHINE), or 1: one of them says what cannot be
 * read; *why says which.
 */
int fl_programs_close(struct fl_programs *p, const char *dir, struct fl_result *r,
		      struct fl_error *why);

#endif
