/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_SETTING_H
#define FL_EXPERIMENT_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"

/*
 * A setting is a name of ours for a knob of the kernel.  One table
 * (setting.c) holds them all; `faultline list settings` prints it.
 * A name in the table may end in ".*": "khugepaged.*" is any file below
 * its folder, "vm.*" any sysctl, "thp.size-*": hugepages-<n>kB/enabled.
 */
enum fl_setting_how {
	FL_SET_FILE,    /* write the value to path */
	FL_SET_ZRAM,    /* value is a size; swap on zram (guest only) */
	FL_SET_CMDLINE, /* value goes on the guest's kernel command line as path=value */
	FL_SET_GUEST,   /* of the virtual machine, in place of [guest]'s */
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
	enum fl_setting_kind { FL_KIND_WORD, FL_KIND_NUMBER, FL_KIND_SIZE, FL_KIND_ANY } kind;
	long min, max; /* for FL_KIND_NUMBER; max 0: no bound */
};

/* The table, sorted by name, ended by a NULL name. */
const struct fl_setting *fl_settings(void);

/* Finds the entry for a name as written in an experiment; NULL if there is none. */
const struct fl_setting *fl_setting_find(const char *name);

/* Path (malloc'd) for a name, with '*' filled in. */
char *fl_setting_path(const struct fl_setting *s, const char *name);

/* Checks a value; on error the sentence says what is allowed.  0 or -1. */
int fl_setting_check(const char *name, const char *value, struct fl_error *err);

/* Does what the kernel reads back mean the value?  "always [madvise] never" means madvise; sizes
 * may be rounded to pages. */
bool fl_setting_took(const struct fl_setting *s, const char *value, const char *read_back);

#endif
