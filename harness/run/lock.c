/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

int fl_run_lock(const char *dir, const char *run, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/experiment.ini", dir);
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fl_fail(err, FL_MACHINE, "%s: %s", path, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return steal_fd(&fd);
	if (errno == EWOULDBLOCK)
		return fl_fail(err, FL_USAGE,
			       "another faultline is measuring %s; wait for it to finish", run);
	return fl_fail(err, FL_MACHINE, "%s: cannot be locked: %s", path, strerror(errno));
}
