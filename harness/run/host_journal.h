/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_HOST_JOURNAL_H
#define FL_RUN_HOST_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The journal of host settings as text, one entry a line, the oldest first:
 *
 *	faultline-host-journal 1
 *	boot 0b6a3f0e-...			boot_id of the machine
 *	/sys/kernel/mm/transparent_hugepage/enabled<TAB>madvise
 *
 * An entry is on the disk before its file is changed, so a last line without
 * its newline tells of no change.  The file is outside bytes: an entry whose
 * path no setting can produce is an error, and nothing of it is written.
 */
#define FL_JOURNAL_MAGIC "faultline-host-journal 1"
#define FL_JOURNAL_TEXT_MAX 65536
#define FL_JOURNAL_VALUE_MAX 256
#define FL_JOURNAL_PATH_MAX 256
#define FL_JOURNAL_BOOT_MAX 64

struct fl_journal_entry {
	char path[FL_JOURNAL_PATH_MAX];
	char value[FL_JOURNAL_VALUE_MAX];
};

struct fl_journal {
	char boot[FL_JOURNAL_BOOT_MAX]; /* "" when it was cut before it */
	struct fl_journal_entry *entries;
	size_t n;
};

/* 0, or -EINVAL with the number of the line that is wrong; release in either case. */
int fl_journal_parse(struct fl_journal *j, const char *text, size_t len, int *line);
void fl_journal_release(struct fl_journal *j);

/* Can the settings table produce this path? */
bool fl_journal_path_allowed(const char *path);

/*
 * The other file of a pair, of which the kernel sets one to 0 when the other is
 * written (vm.dirty_bytes and vm.dirty_ratio): what is put back is the member
 * that was not 0.  malloc'd, NULL: it is no pair's.
 */
char *fl_journal_twin(const char *path);

/* Is it the member that can be written 0? */
bool fl_journal_takes_zero(const char *path);

/* A line with its newline into buf; its length, or -EINVAL for what the parser would refuse. */
int fl_journal_format(const struct fl_journal_entry *e, char *buf, size_t len);

#endif
