/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_MATERIAL_H
#define FL_RUN_MATERIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/base/error.h"
#include "harness/collect/collect.h"
#include "harness/wire/frame.h"

/*
 * The raw material of a point as it comes in: samples, output, latency file,
 * exit record.  Bounded: output, latency and trace are cut at FL_MATERIAL_MAX.
 */
#define FL_MATERIAL_MAX FL_LATENCY_MAX
#define FL_MATERIAL_BESIDE 32

struct fl_exit {
	bool seen, killed;
	int code; /* exit status, or signal */
	double maxrss_kib, user_us, system_us, faults, major;
	uint64_t began_ns, ended_ns; /* its first moment and its last; guest clock */
};

struct fl_text {
	char *text;
	size_t len, size;
	bool cut;
};

struct fl_material {
	struct fl_collecting *collecting;
	struct fl_text out, err, latency, trace;
	struct fl_exit exit;
	uint64_t started_ns, last_ns; /* guest clock */
	uint64_t exited_ns;
	double hwm_kib; /* largest VmHWM of one process of the workload */
	struct {
		unsigned int v[FL_MATERIAL_BESIDE];
		size_t n;
	} beside; /* pids of the programs that steps started */
	double sample_cost_ns;
	unsigned int samples;
	bool keep_on;         /* samples count after the workload's exit too: there are steps */
	char last_words[256]; /* last line of stderr, else of stdout */
};

void fl_material_open(struct fl_material *m);

/* Takes any frame of the agent. */
void fl_material_frame(struct fl_material *m, const struct fl_frame *f);

/* Samples the QEMU process.  guest_ns: this moment on the guest's clock; 0: the start. */
void fl_material_host(struct fl_material *m, pid_t qemu, uint64_t guest_ns);

/* An answer of QEMU's, by its command; counts with the next fl_material_host(). */
void fl_material_qmp(struct fl_material *m, const char *command, const char *text);

/* A value that a step computes from others: a sample of its own series "step:FILE". */
void fl_material_step(struct fl_material *m, const char *file, const char *text, uint64_t guest_ns);

/* The text of FL_SAMPLE, made from the collectors' table; malloc'd. */
char *fl_material_sample_spec(uint64_t interval_ns, bool keep_on);

/* Appends up to the limit. */
void fl_text_append(struct fl_text *t, const char *text, size_t len);
/* The last non-empty line, cut to room - 1 bytes; "" if there is none. */
void fl_text_last_line(const struct fl_text *t, char *line, size_t room);

/*
 * Writes stdout, stderr, latency and trace files into dir, reduces everything into *r and frees the
 * material.  0; 1: the point's data is invalid, *why says how; or -1 if dir cannot be written.
 */
int fl_material_close(struct fl_material *m, const char *dir, const char *workload,
		      struct fl_result *r, struct fl_error *why);

#endif
