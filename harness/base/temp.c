/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/temp.h"

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
#include "harness/base/strv.h"

#define PREFIX "faultline-guest-"
#define TRIES 8

static const char *top(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && dir[0] == '/' ? dir : "/tmp";
}

/* It must be ours, lockable, and still there once we have the lock. */
static int lock_folder(int dir, const char *name)
{
	cleanup_fd int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct stat mine;

	if (fd < 0 || fstat(fd, &mine) || mine.st_uid != geteuid() ||
	    flock(fd, LOCK_EX | LOCK_NB) || !fl_is_at(fd, dir, name))
		return -1;
	return steal_fd(&fd);
}

static void remove_folder(int dir, const char *name, int fd);

/* Removes a file, or a folder with its content; symbolic links are not followed. */
static void remove_entry(int dir, const char *name)
{
	int fd;

	if (!unlinkat(dir, name, 0))
		return;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		remove_folder(dir, name, fd);
}

/* Takes fd. */
static void remove_folder(int dir, const char *name, int fd)
{
	DIR *d = fdopendir(fd);
	const struct dirent *e;

	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			remove_entry(dirfd(d), e->d_name);
	unlinkat(dir, name, AT_REMOVEDIR);
	if (d)
		closedir(d);
	else
		close(fd);
}

void fl_temp_sweep(void)
{
	cleanup_dir DIR *d = opendir(top());
	const struct dirent *e;

	while (d && (e = readdir(d))) {
		int fd = strncmp(e->d_name, PREFIX, strlen(PREFIX)) != 0
				 ? -1
				 : lock_folder(dirfd(d), e->d_name);

		if (fd >= 0)
			remove_folder(dirfd(d), e->d_name, fd);
	}
}

/* Another process may remove it between mkdtemp() and our lock. */
int fl_temp_open(struct fl_temp *t, struct fl_error *err)
{
	fl_temp_sweep();
	for (int i = 0; i < TRIES; i++) {
		t->path = fl_asprintf("%s/" PREFIX "XXXXXX", top());
		t->fd = mkdtemp(t->path) ? lock_folder(AT_FDCWD, t->path) : -1;
		if (t->fd >= 0)
			return 0;
		free(t->path);
	}
	return fl_fail(err, FL_MACHINE, "%s: cannot create and lock a folder here: %s", top(),
		       strerror(errno));
}

void fl_temp_close(struct fl_temp *t)
{
	remove_folder(AT_FDCWD, t->path, t->fd);
	free(t->path);
}
