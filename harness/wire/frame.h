/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_WIRE_FRAME_H
#define FL_WIRE_FRAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * The only thing that agent and harness share: frames over a byte stream.
 *
 *   offset  size  what
 *        0     4  magic "FLT1"
 *        4     1  type (enum fl_frame_type)
 *        5     1  flags: bit 0 = the text was cut at FL_FRAME_TEXT_MAX
 *        6     2  name length N, little endian, at most FL_FRAME_NAME_MAX
 *        8     4  text length T, little endian, at most FL_FRAME_TEXT_MAX
 *       12     8  CLOCK_MONOTONIC of the sender, ns, little endian
 *       20     N  name (a path, a key, ...), no NUL
 *     20+N     T  text, any bytes
 *
 * The stream is not trusted: a wrong magic, type or length ends it (-EPROTO).
 */
#define FL_FRAME_MAGIC "FLT1"
#define FL_FRAME_HEAD 20
#define FL_FRAME_NAME_MAX 255
#define FL_FRAME_TEXT_MAX (1u << 20)
/* The words of a command, each with its NUL: as long as execve(2) lets one word be. */
#define FL_COMMAND_MAX (128u << 10)
/* What the agent ships of the output of all programs; the rest it counts. */
#define FL_OUTPUT_MAX (8u << 20)

/* ... of the latency file; one byte more tells that the file was longer. */
#define FL_LATENCY_MAX (16u << 20)

enum fl_frame_type {
	/* harness to agent */
	FL_SYNC = 1, /* text: any token; answered at once by FL_SYNCED with the same text */
	FL_WRITE,    /* name: path; text: value; answered by FL_WRITTEN */
	FL_ZRAM,   /* text: bytes in decimal; sets up /dev/zram0 as swap; answered by FL_WRITTEN */
	FL_READ,   /* name: path; answered by FL_TEXT, or FL_WRITTEN with the errno */
	FL_SAMPLE, /* text: lines "interval_ms N", "global PATH", "process FILE" (below /proc/PID),
		      "keep_on 1": until FL_OFF, not the workload's exit */
	FL_PRESSURE, /* text: argv, NUL between words; started beside, killed at the end */
	FL_RUN,  /* name: none for the workload, or what to call a program that runs beside or after
		    it; text: argv, NUL between words; answered by FL_STARTED, then FL_OUT...,
		    FL_EXIT, all of that name */
	FL_STOP, /* name: as of FL_RUN; kill that program (SIGTERM, then SIGKILL after 2 s) */
	FL_OFF,  /* power off */
	FL_LOOK, /* take a sample now; its FL_TICK has the cause "step" */
	FL_FETCH, /* name: path; text: most bytes of it, in decimal; answered by FL_PIECE... */
	/* agent to harness */
	FL_READY = 32, /* first frame; name: agent version; text: "key value" lines: cpus,
			  memory_kib, exact (1 under the instruction clock) */
	FL_SYNCED,
	FL_WRITTEN, /* name: path; text: "errno N" and, after a newline, what reads back */
	FL_TEXT,    /* name: path, for a process's file with the PID in it; text: raw content */
	FL_TICK, /* text: "index N cost_ns C cause start|timer|step|exit|after": ends the FL_TEXTs
		    of one sample */
	FL_STARTED, /* name: as of FL_RUN; text: "pid N" */
	FL_OUT,     /* name: stdout|stderr, NAME/stdout|NAME/stderr of a program beside; text: raw
		       output */
	FL_LATENCY, /* text: piece of the latency file, in order, after FL_EXIT's time */
	FL_EXIT,  /* name: as of FL_RUN; text: "exited N" or "killed N" then "maxrss_kib N user_us N
		     system_us N minflt N majflt N began_ns N ended_ns N" */
	FL_BEAT,  /* heartbeat, once a second; none under the instruction clock */
	FL_LOG,   /* text: one line for people: something odd that is not a failure of the run */
	FL_END,   /* last frame if all went well */
	FL_PIECE, /* name: path; text: piece of the file, in order; the last one is empty */
};

struct fl_frame {
	enum fl_frame_type type;
	uint8_t flags;
	uint64_t time_ns;
	char name[FL_FRAME_NAME_MAX + 1]; /* NUL-terminated copy */
	const char *text;                 /* borrowed from the reader's buffer; NUL follows it */
	size_t len;
};

/* Writes the head into out[FL_FRAME_HEAD]; the caller sends name and text after it. */
void fl_frame_head(uint8_t out[FL_FRAME_HEAD], enum fl_frame_type type, uint8_t flags,
		   uint64_t time_ns, size_t name_len, size_t text_len);

/*
 * Incremental reader: feed bytes as they come, take frames until 0.
 * The buffer is bounded by one frame of the largest size.
 */
struct fl_frame_reader {
	char *buf;
	size_t size, at, used; /* allocated bytes; start of the unread ones; how many are unread */
	size_t taken;          /* length of the frame handed out last */
};

/* Space to read(2) into; never NULL.  Then tell how many bytes came. */
void *fl_frame_reader_room(struct fl_frame_reader *r, size_t *room);
void fl_frame_reader_fed(struct fl_frame_reader *r, size_t bytes);

/* 1: a frame is in *f (valid until the next call), 0: needs more bytes, -EPROTO: not our stream. */
int fl_frame_reader_next(struct fl_frame_reader *r, struct fl_frame *f);
void fl_frame_reader_release(struct fl_frame_reader *r);

#endif
