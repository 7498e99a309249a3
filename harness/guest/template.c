/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/template.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/content.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/kept.h"
#include "harness/base/strv.h"
#include "harness/base/temp.h"
#include "harness/guest/qemu.h"
#include "harness/guest/qmp.h"

#define BOOT_S 60
#define SAVE_S 60
#define QMP_MS 10000
#define STATES_MAX 64
#define BYTES_MAX (4ull << 30)
#define BANDWIDTH (64ll << 30)
#define MAGIC 0x3145544154534c46ull /* "FLSTATE1" */

/* The trailer of a state's file: shows that it is complete and unchanged. */
struct seal {
	uint64_t magic, len, hash;
};

static double now_s(void)
{
	return (double)fl_now_ns() / 1e9;
}

static uint64_t hash_file(uint64_t h, const char *path)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t content = 0;

	if (fd >= 0 && fl_content_hash(fd, UINT64_MAX, &content))
		content = 0;
	return fl_hash(h, &content, sizeof(content));
}

/* The program that a shell would start; its content is hashed. */
static char *find_qemu(const char *name)
{
	cleanup_free char *folders = fl_strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin");
	char *save = NULL;

	for (char *p = strtok_r(folders, ":", &save); p; p = strtok_r(NULL, ":", &save)) {
		char *path = fl_asprintf("%s/%s", p, name);

		if (!access(path, X_OK))
			return path;
		free(path);
	}
	return fl_strdup(name);
}

static uint64_t key(const struct fl_guest_config *c)
{
	struct fl_guest_config bare = *c;
	struct fl_qemu_fds none = { -1, -1, -1 };
	struct fl_strv argv = { 0 };
	cleanup_free char *qemu = NULL;
	uint64_t h = FL_HASH_START;

	bare.dir = bare.kernel = bare.image = "";
	bare.state = bare.plugin = NULL;
	fl_qemu_arguments(&argv, &bare, &none);
	for (size_t i = 0; i < argv.n; i++)
		h = fl_hash(h, argv.v[i], strlen(argv.v[i]) + 1);
	qemu = find_qemu(argv.v[0]);
	fl_strv_release(&argv);
	return hash_file(hash_file(hash_file(h, qemu), c->kernel), c->image);
}

static int wait_ready(struct fl_guest *g, struct fl_error *err)
{
	double until = now_s() + BOOT_S;
	struct fl_frame f;
	uint64_t host_ns;

	while (now_s() < until && !fl_interrupted()) {
		int got = fl_guest_next(g, 200, &f, &host_ns);

		if (got < 0)
			return fl_fail(err, FL_FAILED, "%s", fl_guest_end_reason(g));
		if (!got || f.type != FL_READY)
			continue;
		return strstr(f.text, "exact 1")
			       ? 0
			       : fl_fail(err, FL_FAILED, "this kernel cannot be told by fw_cfg");
	}
	return fl_fail(err, FL_FAILED, "not booted in %d s", BOOT_S);
}

/* Asks until the answer's status is the wanted one. */
static int wait_status(struct fl_qmp *q, const char *question, const char *wanted, int seconds,
		       struct fl_error *err)
{
	double until = now_s() + seconds;

	while (now_s() < until && !fl_interrupted()) {
		json_t *answer = NULL;
		const char *status;
		bool good, bad;

		if (fl_qmp_command(q, question, NULL, &answer, QMP_MS, err))
			return -1;
		status = json_string_value(json_object_get(answer, "status"));
		good = status && !strcmp(status, wanted);
		bad = status && !strcmp(status, "failed");
		json_decref(answer);
		if (good)
			return 0;
		if (bad)
			break;
		usleep(5000);
	}
	return fl_fail(err, FL_FAILED, "QEMU's %s did not come to %s", question, wanted);
}

/* QEMU writes the file itself: with a pipe nobody would notice that the other end cannot write. */
static int save_state(struct fl_guest *g, int fd, struct fl_error *err)
{
	struct fl_qmp *q = fl_guest_qmp(g);

	if (wait_ready(g, err) || wait_status(q, "query-status", "guest-panicked", BOOT_S, err))
		return -1;
	return fl_qmp_command(q, "migrate-set-parameters",
			      json_pack("{sI}", "max-bandwidth", (json_int_t)BANDWIDTH), NULL,
			      QMP_MS, err) ||
			       fl_qmp_give(q, "state", fd, QMP_MS, err) ||
			       fl_qmp_command(q, "migrate", json_pack("{ss}", "uri", "fd:state"),
					      NULL, QMP_MS, err) ||
			       wait_status(q, "query-migrate", "completed", SAVE_S, err)
		       ? -1
		       : 0;
}

static int seal_of(int fd, uint64_t len, struct seal *seal)
{
	*seal = (struct seal){ .magic = MAGIC, .len = len };
	return fl_content_hash(fd, len, &seal->hash);
}

/* After the state, where QEMU does not read any more. */
static int write_seal(int fd)
{
	struct seal seal;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || seal_of(fd, (uint64_t)st.st_size, &seal))
		return -EIO;
	n = pwrite(fd, &seal, sizeof(seal), st.st_size);
	return n < 0 ? -errno : n == sizeof(seal) ? 0 : -ENOSPC;
}

static bool is_whole(int fd)
{
	struct seal wanted, seal;
	struct stat st;
	off_t at;

	if (fstat(fd, &st) || st.st_size <= (off_t)sizeof(seal))
		return false;
	at = st.st_size - (off_t)sizeof(seal);
	return pread(fd, &seal, sizeof(seal), at) == sizeof(seal) &&
	       !seal_of(fd, (uint64_t)at, &wanted) && !memcmp(&seal, &wanted, sizeof(seal));
}

/* -1: there is none that is whole. */
static int open_whole(const char *path)
{
	cleanup_fd int fd = fl_kept_open(path);

	return fd >= 0 && is_whole(fd) ? steal_fd(&fd) : -1;
}

static int boot_and_save(int fd, const struct fl_guest_config *c, struct fl_error *err)
{
	struct fl_guest_config bare = *c;
	struct fl_temp temp;
	struct fl_guest *g;
	int bad;

	if (fl_temp_open(&temp, err))
		return -1;
	bare.dir = temp.path;
	bare.script = "hold";
	bare.script_len = 4;
	bare.state = bare.plugin = NULL;
	bare.cpu_first = -1;
	bare.saves = true;
	bad = fl_guest_start(&g, &bare, err);
	if (!bad) {
		bad = save_state(g, fd, err);
		fl_guest_stop(g);
	}
	fl_temp_close(&temp);
	return bad;
}

static int make(const char *path, const struct fl_guest_config *c, struct fl_error *err)
{
	int fd = fl_kept_begin(path, err), ready, bad;

	if (fd < 0)
		return -1;
	ready = open_whole(path); /* another's, while we waited for it */
	if (ready >= 0) {
		fl_kept_drop(fd, path);
		return ready;
	}
	bad = boot_and_save(fd, c, err);
	if (!bad) {
		bad = write_seal(fd);
		if (bad)
			fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(-bad));
	}
	if (bad) {
		fl_kept_drop(fd, path);
		return -1;
	}
	return fl_kept_publish(fd, path, err) ? -1 : open_whole(path);
}

int fl_template_open(struct fl_template *t, const struct fl_guest_config *c, struct fl_error *err)
{
	cleanup_free char *dir = NULL;

	*t = (struct fl_template){ .fd = -1 };
	if (fl_cache_folder(&dir, "templates", err))
		return -1;
	t->path = fl_asprintf("%s/%016" PRIx64 ".state", dir, key(c));
	t->fd = open_whole(t->path);
	if (t->fd >= 0)
		return 0;
	t->fd = make(t->path, c, err);
	fl_kept_trim(dir, STATES_MAX, BYTES_MAX);
	if (t->fd >= 0)
		return 0;
	fl_template_close(t);
	return -1;
}

void fl_template_close(struct fl_template *t)
{
	free(t->path);
	if (t->path && t->fd >= 0)
		close(t->fd);
	*t = (struct fl_template){ .fd = -1 };
}
