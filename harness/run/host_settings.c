/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/host_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/experiment/setting.h"
#include "harness/run/host_journal.h"
#include "harness/run/machine.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define LOCKED "/sys/kernel/mm"
#define ASIDE ".aside"

struct fl_host_settings {
	char *dir, *path, *root;
	char boot[FL_JOURNAL_BOOT_MAX];
	int lock, journal; /* journal: -1 until the first change */
};

/* Whole small file; length, or negative errno (-EFBIG when it does not fit). */
static ssize_t read_file(const char *path, char *buf, size_t size)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, buf + used, size - used)) > 0) {
		used += (size_t)n;
		if (used == size)
			return -EFBIG;
	}
	if (n < 0)
		return -errno;
	buf[used] = '\0';
	return (ssize_t)used;
}

static int write_fd(int fd, const char *text, size_t len)
{
	ssize_t n = write(fd, text, len);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

static int write_file(const char *path, const char *value)
{
	cleanup_fd int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	return fd < 0 ? -errno : write_fd(fd, value, strlen(value));
}

static int sync_folder(const char *dir)
{
	cleanup_fd int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) ? -errno : 0;
}

/*
 * One lock for the machine, whatever the cache folder: on a folder that exists everywhere and every
 * process can open.
 */
static int lock(struct fl_host_settings *h, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s" LOCKED, h->root);

	h->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (h->lock >= 0 && !flock(h->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (h->lock >= 0 && errno == EWOULDBLOCK)
		return fl_fail(err, FL_MACHINE,
			       "another run with --target host has this machine (%s is locked)",
			       path);
	return fl_fail(err, FL_MACHINE, "%s: %s", path, strerror(errno));
}

static int drop(struct fl_host_settings *h, struct fl_error *err)
{
	if (h->journal >= 0)
		close(h->journal);
	h->journal = -1;
	if (unlink(h->path) ? errno == ENOENT : !sync_folder(h->dir))
		return 0;
	return fl_fail(err, FL_MACHINE, "%s: cannot be removed: %s", h->path, strerror(errno));
}

/* A journal of another user is not trusted.  NULL: it is ours. */
static const char *why_foreign(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? NULL : strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is no ordinary file";
	if (st.st_uid != geteuid())
		return "it belongs to another user";
	return st.st_mode & (S_IWGRP | S_IWOTH) ? "others can write it" : NULL;
}

/* Renames it, so that it can be inspected and the next run is not blocked.  Returns -1. */
static int put_aside(const struct fl_host_settings *h, struct fl_error *err)
{
	cleanup_free char *aside = fl_asprintf("%s" ASIDE, h->path);

	if (rename(h->path, aside))
		return fl_prefix(err, "%s: cannot be put aside: %s", h->path, strerror(errno));
	return fl_prefix(err, "journal put aside as %s", aside);
}

/* 1: there is one, 0: none, -1: it is not ours. */
static int read_journal(const struct fl_host_settings *h, struct fl_journal *j,
			struct fl_error *err)
{
	cleanup_free char *text = fl_alloc(FL_JOURNAL_TEXT_MAX);
	const char *foreign = why_foreign(h->path);
	ssize_t len = foreign ? 0 : read_file(h->path, text, FL_JOURNAL_TEXT_MAX);
	int line;

	memset(j, 0, sizeof(*j));
	if (len == -ENOENT)
		return 0;
	if (foreign || len < 0)
		return fl_fail(err, FL_MACHINE, "%s: %s; nothing from it was restored", h->path,
			       foreign ? foreign : strerror((int)-len));
	if (!fl_journal_parse(j, text, (size_t)len, &line))
		return 1;
	fl_journal_release(j);
	return fl_fail(
		err, FL_MACHINE,
		"%s:%d: not a journal of Faultline; look at it and restore by hand what it names",
		h->path, line);
}

/* The value in what a file reads: the word in brackets of a choice, else its one line. */
static int value_of(const char *text, char *value, size_t len)
{
	const char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;
	const char *start = close ? open + 1 : text;
	size_t n = close ? (size_t)(close - start) : strcspn(text, "\n");

	if (!n || n >= len || (!close && text[n] == '\n' && text[n + 1]))
		return -EINVAL;
	memcpy(value, start, n);
	value[n] = '\0';
	for (char *p = value; *p; p++)
		if (*p == '\t')
			*p = ' ';
	return 0;
}

/* Already restored by somebody: then lacking the right to write it does not matter. */
static bool has_value(const char *path, const char *value)
{
	char text[4096], now[FL_JOURNAL_VALUE_MAX];

	return read_file(path, text, sizeof(text)) > 0 && !value_of(text, now, sizeof(now)) &&
	       !strcmp(now, value);
}

/*
 * Restores, the newest change first.  A file that no longer exists is skipped.  -1: something could
 * not be restored; *root is set if root could.
 */
static int put_back(const struct fl_host_settings *h, const struct fl_journal *j, bool *root,
		    struct fl_error *err)
{
	int bad = 0;

	*root = false;
	for (size_t i = j->n; i-- > 0;) {
		const char *value = j->entries[i].value;
		cleanup_free char *path = fl_asprintf("%s%s", h->root, j->entries[i].path);
		int r = has_value(path, value) ? 0 : write_file(path, value);

		if (!r || r == -ENOENT || r == -ENODEV)
			continue;
		*root |= geteuid() && (r == -EPERM || r == -EACCES);
		bad = fl_fail(err, FL_MACHINE, "%s could not be restored to \"%s\": %s%s", path,
			      value, strerror(-r), *root ? ": write it there as root" : "");
	}
	return bad;
}

/* What not even root can restore is reported once, and does not block every later run. */
static int replay(struct fl_host_settings *h, char *note, size_t len, struct fl_error *err)
{
	struct fl_journal j;
	int found = read_journal(h, &j, err), bad = 0;
	bool earlier, root;

	if (found < 0)
		return put_aside(h, err);
	if (!found)
		return 0;
	earlier = j.boot[0] && strcmp(j.boot, h->boot);
	if (earlier && j.n)
		snprintf(note, len,
			 "%s is from before this boot, which undid its %zu setting%s; dropped",
			 h->path, j.n, j.n == 1 ? "" : "s");
	else if (j.n)
		snprintf(note, len, "restored %zu setting%s that a killed run left changed", j.n,
			 j.n == 1 ? "" : "s");
	if (!earlier)
		bad = put_back(h, &j, &root, err);
	fl_journal_release(&j);
	if (bad)
		return root ? -1 : put_aside(h, err);
	return drop(h, err);
}

static void release(struct fl_host_settings *h)
{
	if (h->journal >= 0)
		close(h->journal);
	if (h->lock >= 0)
		close(h->lock);
	free(h->dir);
	free(h->path);
	free(h->root);
	free(h);
}

int fl_host_settings_begin_at(struct fl_host_settings **out, const char *dir, const char *root,
			      char *note, size_t len, struct fl_error *err)
{
	struct fl_host_settings *h = fl_calloc(1, sizeof(*h));

	note[0] = '\0';
	*out = NULL;
	*h = (struct fl_host_settings){
		.dir = fl_strdup(dir),
		.path = fl_asprintf("%s/host-journal", dir),
		.root = fl_strdup(root),
		.lock = -1,
		.journal = -1,
	};
	if (read_file(BOOT_ID, h->boot, sizeof(h->boot)) < 0)
		strcpy(h->boot, "unknown");
	h->boot[strcspn(h->boot, "\n")] = '\0';
	if (lock(h, err) || replay(h, note, len, err)) {
		release(h);
		return -1;
	}
	*out = h;
	return 0;
}

int fl_host_settings_begin(struct fl_host_settings **h, char *note, size_t len,
			   struct fl_error *err)
{
	return fl_cache_check(err) ? -1
				   : fl_host_settings_begin_at(h, fl_cache(), "", note, len, err);
}

void fl_host_settings_end(struct fl_host_settings *h)
{
	if (h)
		release(h);
}

static int open_journal(struct fl_host_settings *h)
{
	char head[sizeof(FL_JOURNAL_MAGIC) + FL_JOURNAL_BOOT_MAX + 16];
	int r;

	h->journal = open(h->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (h->journal < 0)
		return -errno;
	snprintf(head, sizeof(head), FL_JOURNAL_MAGIC "\nboot %s\n", h->boot);
	r = write_fd(h->journal, head, strlen(head));
	return r ? r : sync_folder(h->dir);
}

/* Returns when the old value is on the disk. */
static int remember(struct fl_host_settings *h, const char *path, const char *old)
{
	struct fl_journal_entry e = { 0 };
	char line[FL_JOURNAL_PATH_MAX + FL_JOURNAL_VALUE_MAX + 4];
	int n, r = 0;

	if (strlen(path) >= sizeof(e.path) || strlen(old) >= sizeof(e.value))
		return -EINVAL;
	strcpy(e.path, path);
	strcpy(e.value, old);
	n = fl_journal_format(&e, line, sizeof(line));
	if (n < 0)
		return n;
	if (h->journal < 0)
		r = open_journal(h);
	if (!r)
		r = write_fd(h->journal, line, (size_t)n);
	return !r && fsync(h->journal) ? -errno : r;
}

/* Outcome of one setting. */
enum took { TOOK, LACKS, FORBIDDEN, REFUSED };

struct change {
	const struct fl_setting *setting;
	const struct fl_point_setting *wish;
	char *path, *file; /* the table's; with the root in front */
	char *reason;      /* of LACKS and REFUSED */
	size_t len;
};

__attribute__((format(printf, 3, 4))) static enum took decide(struct change *c, enum took took,
							      const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->reason, c->len, fmt, ap);
	va_end(ap);
	return took;
}

static enum took write_value(struct change *c, int fd)
{
	char bytes[32], back[4096];
	const char *text =
		fl_setting_text(c->setting, c->wish->value, fl_machine_huge_order(), bytes);
	int r = write_fd(fd, text, strlen(text));

	if (r == -EPERM || r == -EACCES)
		return FORBIDDEN;
	if (r)
		return decide(c, REFUSED, "this machine refused %s = %s: %s", c->wish->name,
			      c->wish->value, strerror(-r));
	if (read_file(c->file, back, sizeof(back)) < 0 || !fl_setting_took(c->setting, text, back))
		return decide(c, REFUSED, "%s = %s had no effect", c->wish->name, c->wish->value);
	return TOOK;
}

/* Of a pair, the member that is not 0; of one that is 0 in both, the one that can be written so. */
static int remember_pair(struct fl_host_settings *h, const struct change *c, const char *old)
{
	cleanup_free char *twin = fl_journal_twin(c->path);
	cleanup_free char *file = fl_asprintf("%s%s", h->root, twin ? twin : "");
	char text[4096], other[FL_JOURNAL_VALUE_MAX];

	if (!twin || strcmp(old, "0") != 0 || read_file(file, text, sizeof(text)) < 0 ||
	    value_of(text, other, sizeof(other)))
		return remember(h, c->path, old);
	if (!strcmp(other, "0") && fl_journal_takes_zero(c->path))
		return remember(h, c->path, old);
	return remember(h, twin, other);
}

/* enum took, or -1: the journal cannot be written, so the file is not touched. */
static int change_file(struct fl_host_settings *h, struct change *c, const char *old,
		       struct fl_error *err)
{
	cleanup_fd int probe = open(c->file, O_WRONLY | O_CLOEXEC), fd = -1;
	int r;

	if (probe < 0)
		return FORBIDDEN;
	r = remember_pair(h, c, old);
	if (r)
		return fl_fail(err, FL_MACHINE, "%s: %s: %s is not changed", h->path, strerror(-r),
			       c->path);
	fd = open(c->file, O_WRONLY | O_TRUNC | O_CLOEXEC);
	return fd < 0 ? (int)FORBIDDEN : (int)write_value(c, fd);
}

static int apply_one(struct fl_host_settings *h, struct change *c, struct fl_error *err)
{
	char text[4096], old[FL_JOURNAL_VALUE_MAX];
	ssize_t len;

	if (c->setting->how != FL_SET_FILE && c->setting->how != FL_SET_HOST)
		return decide(c, LACKS, "%s needs a guest", c->wish->name);
	len = read_file(c->file, text, sizeof(text));
	if (len == -ENOENT || len == -ENOTDIR || len == -ENODEV)
		return c->setting->neutral && !strcmp(c->setting->neutral, c->wish->value)
			       ? (int)TOOK
			       : (int)decide(c, LACKS, "this machine has no %s (%s)", c->wish->name,
					     c->path);
	if (len < 0)
		return FORBIDDEN;
	if (fl_setting_took(c->setting, c->wish->value, text))
		return TOOK;
	if (value_of(text, old, sizeof(old)))
		return decide(c, REFUSED, "%s: its old value cannot be saved", c->wish->name);
	return change_file(h, c, old, err);
}

static int apply_named(struct fl_host_settings *h, const struct fl_point_setting *wish,
		       char *reason, size_t len, struct fl_error *err)
{
	const struct fl_setting *setting = fl_setting_find(wish->name);
	struct change c = { .setting = setting, .wish = wish, .reason = reason, .len = len };
	int took;

	if (!setting)
		return fl_fail(err, FL_USAGE, "no setting %s", wish->name);
	c.path = fl_setting_path(setting, wish->name);
	c.file = fl_asprintf("%s%s", h->root, c.path ? c.path : "");
	took = apply_one(h, &c, err);
	free(c.path);
	free(c.file);
	return took;
}

int fl_host_settings_apply(struct fl_host_settings *h, const struct fl_point_setting *settings,
			   size_t n, enum fl_status *status, char *reason, size_t len,
			   struct fl_error *err)
{
	char names[384] = "";
	size_t at = 0;

	*status = FL_OK;
	for (size_t i = 0; i < n; i++) {
		int took = apply_named(h, &settings[i], reason, len, err);

		if (took < 0)
			return -1;
		if (took == FORBIDDEN && at < sizeof(names))
			at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s",
					       at ? ", " : "", settings[i].name);
		if (took == LACKS || took == REFUSED) {
			*status = took == LACKS ? FL_SKIPPED : FL_STATUS_FAILED;
			return 0;
		}
	}
	if (names[0]) {
		*status = FL_SKIPPED;
		snprintf(reason, len, "may not be set here%s: %s", geteuid() ? " without root" : "",
			 names);
	}
	return 0;
}

int fl_host_settings_restore(struct fl_host_settings *h, struct fl_error *err)
{
	struct fl_journal j;
	int found = read_journal(h, &j, err), bad;
	bool root;

	if (found <= 0)
		return found;
	bad = put_back(h, &j, &root, err);
	fl_journal_release(&j);
	return bad ? -1 : drop(h, err);
}

bool fl_host_settings_left(char *text, size_t len)
{
	char none[] = "";
	struct fl_host_settings h = {
		.lock = -1, .journal = -1, .dir = fl_strdup(fl_cache()), .root = none
	};
	cleanup_free char *dir = h.dir, *path = fl_asprintf("%s/host-journal", dir);
	struct fl_error err = { 0 };
	struct fl_journal j;
	int found, busy;

	h.path = path;
	if (access(path, F_OK))
		return false;
	busy = lock(&h, &err);
	found = busy ? 0 : read_journal(&h, &j, &err);
	if (busy || found < 0)
		snprintf(text, len, "%s", err.text);
	else if (found)
		snprintf(text, len, "a killed run left %zu setting%s changed (%s)", j.n,
			 j.n == 1 ? "" : "s", path);
	if (found > 0)
		fl_journal_release(&j);
	if (h.lock >= 0)
		close(h.lock);
	return busy || found;
}
