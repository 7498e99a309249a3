/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_SETTING_H
#define FL_EXPERIMENT_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"

/*
 * A setting is our name for a tunable of the kernel.  One table (setting.c) holds them all;
 * `faultline list settings` prints it.  A name in the table may end in ".*": "khugepaged.*" is any
 * file below its folder, "vm.*" any sysctl, "thp.size-*": hugepages-<n>kB/enabled.
 */
enum fl_setting_how {
	FL_SET_FILE,    /* write the value to path */
	FL_SET_ZRAM,    /* value is a size; swap on zram (guest only) */
	FL_SET_CMDLINE, /* value goes on the guest's kernel command line as path=value */
	FL_SET_STEP,    /* only fills in @NAME@ in steps */
	FL_SET_GUEST,   /* the key `path` of [guest] for this point */
	FL_SET_HOST,    /* a file of this machine, restored after the point */
};

struct fl_setting {
	const char *name;
	const char *about;   /* one line, with unit */
	const char *path;    /* "%s" stands for the part matched by '*' */
	const char *neutral; /* value that needs no knob, since a kernel without it behaves so; or
				NULL */
	const char *const
		*choices; /* allowed words, NULL-terminated; NULL: a number or size (see kind) */
	enum fl_setting_how how;
	enum fl_setting_kind {
		FL_KIND_WORD,
		FL_KIND_NUMBER,
		FL_KIND_ORDER, /* a number, or FL_ORDER_HOST_HUGE */
		FL_KIND_SIZE,
		FL_KIND_STALL, /* stall.h */
		FL_KIND_ANY,
	} kind;
	long min, max; /* for FL_KIND_NUMBER and FL_KIND_ORDER; max 0: no bound */
};

/* The order of the host's huge page in pages of the guest, whatever its size is. */
#define FL_ORDER_HOST_HUGE "host-huge"

/* The table, sorted by name, ended by a NULL name. */
const struct fl_setting *fl_settings(void);

/* Finds the entry for a name as written in an experiment; NULL if there is none. */
const struct fl_setting *fl_setting_find(const char *name);

/* The values that it takes, in words: "0..511", "on|off", "size".  Returns buf. */
const char *fl_setting_values(const struct fl_setting *s, char *buf, size_t len);

/*
 * A file that shows the effect of a word of the command line, since the kernel ignores words that
 * it does not know; NULL: none.
 */
const char *fl_setting_shown(const struct fl_setting *s);

/* Path (malloc'd) for a name, with '*' filled in. */
char *fl_setting_path(const struct fl_setting *s, const char *name);

/* Checks a value; on error the sentence says what is allowed.  0 or -1. */
int fl_setting_check(const char *name, const char *value, struct fl_error *err);

/*
 * What is written for a value: the value itself, a size in bytes, an order as a number.  host_huge:
 * order of the host's huge page.  Returns buf or value.
 */
const char *fl_setting_text(const struct fl_setting *s, const char *value, unsigned int host_huge,
			    char buf[32]);

/* Does the text read back mean that value?  "always [madvise] never" means madvise; sizes may be
 * rounded to pages. */
bool fl_setting_took(const struct fl_setting *s, const char *value, const char *read_back);

#endif
