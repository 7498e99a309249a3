/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

static int unwritten(const char *path, struct fl_error *err)
{
	return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
}

static int refuse_file(int fd, const char *path, struct fl_error *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return fl_fail(err, FL_USAGE, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fl_fail(err, FL_USAGE, "%s: %s", path, strerror(EISDIR));
	if (!S_ISREG(st.st_mode))
		return fl_fail(err, FL_USAGE, "%s is a device or a pipe, not a file", path);
	if (st.st_size > FL_FILE_MAX)
		return fl_fail(err, FL_USAGE, "%s has %lld bytes: %d at most", path,
			       (long long)st.st_size, FL_FILE_MAX);
	return 0;
}

FILE *fl_open_file(const char *path, bool *missing, struct fl_error *err)
{
	/* do not block on a FIFO without a writer */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (missing)
		*missing = fd < 0 && errno == ENOENT;
	if (fd < 0) {
		fl_fail(err, FL_USAGE, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (!refuse_file(fd, path, err))
		return fdopen(fd, "r");
	close(fd);
	return NULL;
}

char *fl_read_file(const char *path, size_t max, size_t *len)
{
	cleanup_file FILE *f = fopen(path, "re");
	struct stat st;
	size_t n;
	char *text;

	if (!f || fstat(fileno(f), &st))
		return NULL;
	if (!S_ISREG(st.st_mode) || (size_t)st.st_size > max) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		return NULL;
	}
	text = fl_calloc((size_t)st.st_size + 1, 1);
	n = fread(text, 1, (size_t)st.st_size, f);
	if (len)
		*len = n;
	return text;
}

int fl_write_file(const char *path, const void *bytes, size_t len, struct fl_error *err)
{
	FILE *f = fopen(path, "we");
	int bad = !f || (len && fwrite(bytes, 1, len, f) != len);

	if (f)
		bad |= fclose(f);
	return bad ? unwritten(path, err) : 0;
}

int fl_grow_file(struct fl_growing *g, const char *path, struct fl_error *err)
{
	int fd;

	g->path = fl_asprintf("%s.XXXXXX", path);
	fd = mkostemp(g->path, O_CLOEXEC);
	g->f = fd < 0 ? NULL : fdopen(fd, "w");
	if (g->f)
		return 0;
	unwritten(path, err);
	if (fd >= 0)
		close(fd);
	free(g->path);
	return -1;
}

/* mkostemp(3) creates it with mode 0600. */
static int publish(const struct fl_growing *g, const char *path)
{
	mode_t mask = umask(0);

	umask(mask);
	return chmod(g->path, 0666 & ~mask) || rename(g->path, path);
}

int fl_end_growing(struct fl_growing *g, const char *path, bool good, struct fl_error *err)
{
	bool lost = ferror(g->f);
	int bad = 0;

	lost |= fclose(g->f) != 0;
	if (good && (lost || publish(g, path)))
		bad = unwritten(path, err);
	if (!good || bad)
		unlink(g->path);
	free(g->path);
	*g = (struct fl_growing){ 0 };
	return bad;
}

bool fl_is_at(int fd, int dir, const char *name)
{
	struct stat mine, there;

	return !fstat(fd, &mine) && !fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) &&
	       mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

int fl_make_folder(const char *path, struct fl_error *err)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		return fl_fail(err, FL_MACHINE, "%s: cannot be created: %s", path, strerror(errno));
	return 0;
}
