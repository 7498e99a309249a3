/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/template.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/hash.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/guest/qemu.h"
#include "harness/guest/qmp.h"

#define BOOT_S 60
#define SAVE_S 60
#define QMP_MS 10000
#define MAKING_S (BOOT_S + SAVE_S + 60)
#define CACHE_MAX (4ull << 30)
#define BANDWIDTH (64ll << 30)

static double now_s(void)
{
	return (double)fl_now_ns() / 1e9;
}

static uint64_t hash_file(uint64_t h, const char *path)
{
	struct stat st;
	int64_t facts[4] = { 0 };

	if (!stat(path, &st)) {
		facts[0] = st.st_size;
		facts[1] = st.st_mtim.tv_sec;
		facts[2] = st.st_mtim.tv_nsec;
	}
	return fl_hash(h, facts, sizeof(facts));
}

/* The program that a shell would start, for its size and time. */
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

	bare.dir = "";
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

	while (now_s() < until) {
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

	while (now_s() < until) {
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

static int save_state(struct fl_guest *g, const char *path, struct fl_error *err)
{
	struct fl_qmp *q = fl_guest_qmp(g);
	cleanup_free char *uri = fl_asprintf("exec:cat > '%s'", path);

	if (wait_ready(g, err) || wait_status(q, "query-status", "guest-panicked", BOOT_S, err))
		return -1;
	return fl_qmp_command(q, "migrate-set-parameters",
			      json_pack("{sI}", "max-bandwidth", (json_int_t)BANDWIDTH), NULL,
			      QMP_MS, err) ||
			       fl_qmp_command(q, "migrate", json_pack("{ss}", "uri", uri), NULL,
					      QMP_MS, err) ||
			       wait_status(q, "query-migrate", "completed", SAVE_S, err)
		       ? -1
		       : 0;
}

static int make(const char *path, const struct fl_guest_config *c, struct fl_error *err)
{
	cleanup_free char *temp = fl_asprintf("%s.new", path);
	char dir[] = "/tmp/faultline-template-XXXXXX";
	struct fl_guest_config bare = *c;
	struct fl_guest *g;
	int bad;

	if (strchr(path, '\''))
		return fl_fail(err, FL_FAILED, "%s: a quote in the cache folder's name", path);
	if (!mkdtemp(dir))
		return fl_fail(err, FL_FAILED, "/tmp: %s", strerror(errno));
	bare.dir = dir;
	bare.script = "hold";
	bare.script_len = 4;
	bare.state = bare.plugin = NULL;
	bare.cpu_first = -1;
	bad = fl_guest_start(&g, &bare, err);
	if (!bad) {
		bad = save_state(g, temp, err);
		fl_guest_stop(g);
	}
	fl_guest_remove_files(dir);
	if (!bad && rename(temp, path))
		bad = fl_fail(err, FL_FAILED, "%s: %s", path, strerror(errno));
	if (bad)
		unlink(temp);
	return bad;
}

static bool is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

/* Somebody writes it at this moment, unless it is of one who was killed. */
static bool is_in_making(const char *name, const struct stat *st)
{
	const char *end = strrchr(name, '.');

	return end && !strcmp(end, ".new") && time(NULL) - st->st_mtime < MAKING_S;
}

/* The one used longest ago goes first, until what stays is small enough. */
static void drop_old(const char *dir)
{
	for (;;) {
		cleanup_dir DIR *d = opendir(dir);
		const struct dirent *e;
		char oldest[256] = "";
		struct timespec least = { 0 };
		uint64_t sum = 0;
		struct stat st;

		while (d && (e = readdir(d))) {
			if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
			    !S_ISREG(st.st_mode) || !st.st_size)
				continue;
			sum += (uint64_t)st.st_blocks * 512;
			if (is_in_making(e->d_name, &st) ||
			    (oldest[0] && !is_older(&st.st_mtim, &least)))
				continue;
			snprintf(oldest, sizeof(oldest), "%s", e->d_name);
			least = st.st_mtim;
		}
		if (sum <= CACHE_MAX || !oldest[0] || unlinkat(dirfd(d), oldest, 0))
			return;
	}
}

/* One that is being used is not the oldest.  -1: there is none. */
static int open_used(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		futimens(fd, NULL);
	return fd;
}

int fl_template_open(struct fl_template *t, const struct fl_guest_config *c, struct fl_error *err)
{
	cleanup_free char *dir = fl_asprintf("%s/templates", fl_cache());
	cleanup_free char *name = fl_asprintf("%s/%016" PRIx64, dir, key(c));
	cleanup_free char *lock = fl_asprintf("%s.lock", name);
	cleanup_fd int fd = -1;
	int bad = 0;

	*t = (struct fl_template){ .fd = -1 };
	mkdir(fl_cache(), 0777);
	mkdir(dir, 0777);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || flock(fd, LOCK_EX))
		return fl_fail(err, FL_FAILED, "%s: %s", lock, strerror(errno));
	t->path = fl_asprintf("%s.state", name);
	t->fd = open_used(t->path);
	if (t->fd < 0) {
		drop_old(dir);
		bad = make(t->path, c, err);
		t->fd = bad ? -1 : open_used(t->path);
		if (!bad && t->fd < 0)
			bad = fl_fail(err, FL_FAILED, "%s: %s", t->path, strerror(errno));
	}
	if (bad)
		fl_template_close(t);
	return bad ? -1 : 0;
}

void fl_template_close(struct fl_template *t)
{
	free(t->path);
	if (t->path && t->fd >= 0)
		close(t->fd);
	*t = (struct fl_template){ .fd = -1 };
}
