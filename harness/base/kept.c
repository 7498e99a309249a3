/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/strv.h"

#define MAKING ".new"
#define LOCK ".lock" /* name used by earlier versions */

/* atime is when it was last used; mtime stays with the content. */
int fl_kept_open(const char *path)
{
	static const struct timespec used[2] = { { .tv_nsec = UTIME_NOW },
						 { .tv_nsec = UTIME_OMIT } };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0)
		futimens(fd, used);
	return fd;
}

/* Left open on purpose: the lock is released when the process ends. */
int fl_kept_hold(const char *path)
{
	cleanup_fd int fd = fl_kept_open(path);

	if (fd < 0 || flock(fd, LOCK_SH) || !fl_is_at(fd, AT_FDCWD, path))
		return -1;
	steal_fd(&fd);
	return 0;
}

/* Making it may take a minute. */
static int wait_for_lock(int fd)
{
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (fl_interrupted())
			errno = EINTR;
		if (errno != EWOULDBLOCK)
			return -1;
		usleep(20000);
	}
	return 0;
}

/* The file whose lock we got may have been renamed or removed while we waited. */
int fl_kept_begin(const char *path, struct fl_error *err)
{
	cleanup_free char *temp = fl_asprintf("%s" MAKING, path);
	int fd;

	for (;;) {
		fd = open(temp, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd < 0 || wait_for_lock(fd))
			break;
		if (!fl_is_at(fd, AT_FDCWD, temp)) {
			close(fd);
			continue;
		}
		if (ftruncate(fd, 0))
			break;
		return fd;
	}
	fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", temp, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int fl_kept_publish(int fd, const char *path, struct fl_error *err)
{
	cleanup_free char *temp = fl_asprintf("%s" MAKING, path);

	if (fsync(fd) || rename(temp, path)) {
		fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
		fl_kept_drop(fd, path);
		return -1;
	}
	close(fd);
	return 0;
}

void fl_kept_drop(int fd, const char *path)
{
	cleanup_free char *temp = fl_asprintf("%s" MAKING, path);

	unlink(temp);
	close(fd);
}

struct used {
	char *name;
	struct timespec when;
	uint64_t bytes;
};

struct folder {
	DIR *dir;
	struct used *files;
	size_t n;
};

static int by_use(const void *one, const void *two)
{
	const struct timespec *a = &((const struct used *)one)->when;
	const struct timespec *b = &((const struct used *)two)->when;

	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && !strcmp(name + n - m, end);
}

/* Unless another process is making it or has it in use. */
static bool remove_unheld(int dir, const char *name)
{
	cleanup_fd int fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	return fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB) && fl_is_at(fd, dir, name) &&
	       !unlinkat(dir, name, 0);
}

static void read_folder(struct folder *f)
{
	const struct dirent *e;
	struct stat st;

	while ((e = readdir(f->dir))) {
		if (fstatat(dirfd(f->dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode))
			continue;
		if (ends_in(e->d_name, MAKING) || ends_in(e->d_name, LOCK)) {
			remove_unheld(dirfd(f->dir), e->d_name);
			continue;
		}
		f->files = fl_realloc(f->files, (f->n + 1) * sizeof(*f->files));
		f->files[f->n++] = (struct used){ .name = fl_strdup(e->d_name),
						  .when = st.st_atim,
						  .bytes = (uint64_t)st.st_blocks * 512 };
	}
	if (f->n)
		qsort(f->files, f->n, sizeof(*f->files), by_use);
}

void fl_kept_trim(const char *dir, size_t files, uint64_t bytes)
{
	struct folder f = { .dir = opendir(dir) };
	uint64_t sum = 0;
	size_t left;

	if (!f.dir)
		return;
	read_folder(&f);
	for (size_t i = 0; i < f.n; i++)
		sum += f.files[i].bytes;
	left = f.n;
	for (size_t i = 0; i < f.n; i++) {
		if ((left > files || sum > bytes) && remove_unheld(dirfd(f.dir), f.files[i].name)) {
			sum -= f.files[i].bytes;
			left--;
		}
		free(f.files[i].name);
	}
	free(f.files);
	closedir(f.dir);
}

void fl_kept_sweep(const char *dir)
{
	fl_kept_trim(dir, SIZE_MAX, UINT64_MAX);
}
