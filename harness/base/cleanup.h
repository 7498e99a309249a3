/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_CLEANUP_H
#define FL_BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Scope-bound ownership: `cleanup_fd int fd = open(...)`, given away by steal_fd(&fd). */
static inline void fl_cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void fl_cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void fl_cleanup_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void fl_cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define cleanup_free __attribute__((cleanup(fl_cleanup_free)))
#define cleanup_fd __attribute__((cleanup(fl_cleanup_fd)))
#define cleanup_file __attribute__((cleanup(fl_cleanup_file)))
#define cleanup_dir __attribute__((cleanup(fl_cleanup_dir)))

static inline int steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
