/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_AGENT_H
#define GUEST_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/wire/frame.h"

/*
 * The agent: PID 1 of a guest.  It applies what it is told, starts the
 * workload, ships the text of files with their time, and powers off.  It knows
 * no metric.  A guest is thrown away, so nothing is restored and a fatal error
 * ends in a line on the console and power off: the harness sees no FL_END.
 */

/* --- port.c: the frames' way out and in --- */

/* Opens the virtio port "org.faultline.0"; ends the guest when there is none in 10 s. */
int port_open(void);
void port_send(enum fl_frame_type type, const char *name, const void *text, size_t len);
void port_sendf(enum fl_frame_type type, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Sends a file's content; false and errno when it cannot be read. */
bool port_send_file(enum fl_frame_type type, const char *name, const char *path);
/* Sends the one-line files that a pattern names as one text (harness/wire/listing.h). */
void port_send_listing(enum fl_frame_type type, const char *pattern);
/* Sends a file's content in pieces, at most so much of it; the last piece is empty. */
void port_send_pieces(const char *path, uint64_t most);
uint64_t clock_ns(void);

/* --- world.c: the guest around the workload --- */

void world_mount(void);
void world_modules(void);
/* Writes a file whole; 0 or errno. */
int world_write(const char *path, const char *text, size_t len);
/* Swap on /dev/zram0 of so many bytes; 0 or errno. */
int world_zram(const char *bytes);
void world_off(void) __attribute__((noreturn));
void world_die(const char *what) __attribute__((noreturn));
/* Is this word on the kernel's command line? */
bool world_told(const char *word);
/* An interactive shell on the console, then power off. */
void world_shell(void) __attribute__((noreturn));

/* --- script.c: what the guest of the instruction clock is told --- */

/* false: no fw_cfg, or a kernel that lets no program near its ports (CONFIG_X86_IOPL_IOPERM). */
bool script_open(void);
/* Where a template is made, stops here; goes on as the restored copy. */
void script_hold(void);
/* The next frame; false: that was all. */
bool script_next(struct fl_frame *f);

/* --- sample.c --- */

#define WORKLOAD_GROUP "/sys/fs/cgroup/workload"
#define PRESSURE_GROUP "/sys/fs/cgroup/pressure"

/* Takes FL_SAMPLE's text. */
void sample_configure(const char *text);
uint64_t sample_interval_ns(void);
/* Samples until the end, not until the workload's exit. */
bool sample_keeps_on(void);
/* Ships one sample and its FL_TICK; returns when the next is due (clock_ns), 0: never. */
uint64_t sample_take(const char *cause);

/* --- job.c: the workload and what runs beside it --- */

#define LATENCY_FILE "/tmp/latency"

enum job_kind {
	JOB_BESIDE, /* the pressure: its output is thrown away */
	JOB_TRACED, /* the workload */
	JOB_EXACT,  /* the workload under the instruction clock: output to files, shipped after */
};

struct job {
	pid_t pid;
	int go;       /* a byte into it lets the program begin; -1: it did */
	int out, err; /* pipes or files; -1 when closed */
};

/* argv: words with a NUL after each.  Makes it in a cgroup, up to its exec; 0 or errno. */
int job_make(struct job *job, const char *group, const char *words, size_t len, enum job_kind kind);
/* Lets it begin; 0 or errno. */
int job_go(struct job *job);
/*
 * Ships what a pipe or file holds, as FL_OUT of that name; NULL: throws it away.  No more than
 * `most` bytes and a piece, since a program may print faster than it is read.  Closes it at its
 * end.
 */
void job_ship(int *fd, const char *name, size_t most);
/* ... what it holds when its program has ended, and closes it, whoever else may print into it. */
void job_ship_rest(int *fd, const char *name);
/* Says how much output was too much, if any was. */
void job_ship_count(void);

#endif
