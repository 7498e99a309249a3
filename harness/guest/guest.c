/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/guest.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/strv.h"
#include "harness/guest/bind.h"
#include "harness/guest/bounds.h"
#include "harness/guest/console.h"
#include "harness/guest/hearing.h"
#include "harness/guest/launch.h"
#include "harness/guest/qemu.h"
#include "harness/guest/qmp.h"
#include "harness/guest/send.h"
#include "harness/guest/tsc.h"

#define WATCH_MS 100 /* so often QMP, files and the silence are looked at */
#define EVENTS_TURN 64
#define SYNCS 8
#define SYNC_MS 5000
#define QMP_MS 10000
#define RESTORE_MS 30000
#define GOODBYE_MS 500 /* from QEMU's last message to its exit */

struct fl_guest {
	struct fl_guest_config c;
	char *dir, *command;
	pid_t pid;
	int port;
	FILE *stream;
	struct fl_qmp *qmp;
	struct fl_frame_reader reader;
	bool exited, ready, end_seen;
	int status; /* of wait(2) */
	struct fl_hearing hearing;
	uint64_t watch_due_ns;
	uint64_t taken; /* bytes of its stream */
	enum fl_guest_end end;
	char reason[512];
};

static void reap(struct fl_guest *g, int flags)
{
	if (!g->exited && waitpid(g->pid, &g->status, flags) == g->pid)
		g->exited = true;
}

static void wait_exit(struct fl_guest *g, unsigned int ms)
{
	for (unsigned int i = 0; i < ms / 5 && !g->exited; i++) {
		reap(g, WNOHANG);
		if (!g->exited)
			usleep(5000);
	}
}

static void first_line(const struct fl_guest *g, const char *file, char *line, size_t len)
{
	cleanup_free char *path = fl_asprintf("%s/%s", g->dir, file);
	cleanup_file FILE *f = fopen(path, "re");

	if (!f || !fgets(line, (int)len, f))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/* Adds a line of ours to a file of QEMU's, for people. */
static void note(const struct fl_guest *g, const char *file, const char *text)
{
	cleanup_free char *path = fl_asprintf("%s/%s", g->dir, file);
	cleanup_file FILE *f = fopen(path, "ae");

	if (f)
		fprintf(f, "\nfaultline: %s\n", text);
}

/* If QEMU answered with an error, err says why; if it has exited, its log does. */
static int no_start(struct fl_guest *g, struct fl_error *err)
{
	char line[512];

	wait_exit(g, GOODBYE_MS);
	if (!g->exited)
		return -1;
	if (WIFSIGNALED(g->status))
		return fl_fail(err, FL_MACHINE, "QEMU was killed by signal %d before its guest ran",
			       WTERMSIG(g->status));
	if (WIFEXITED(g->status) && WEXITSTATUS(g->status) == 127)
		return fl_fail(err, FL_MACHINE,
			       "qemu-system-x86_64 is not installed: apt install qemu-system-x86");
	first_line(g, "qemu.log", line, sizeof(line));
	return fl_fail(err, FL_MACHINE, "QEMU did not start: %s",
		       line[0] ? line : "see qemu.log of the point");
}

static int spawn(struct fl_guest *g, int *qmp, struct fl_error *err)
{
	struct fl_launched l;
	int bad = fl_launch(&l, &g->c, err);

	g->pid = l.pid;
	g->port = l.port;
	g->command = l.command;
	*qmp = l.qmp;
	return bad;
}

static int write_script(const struct fl_guest *g, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/script", g->dir);

	if (g->c.spec.clock != FL_CLOCK_INSTRUCTIONS)
		return 0;
	return fl_write_file(path, g->c.script, g->c.script_len, err);
}

/* The state has been loaded; the guest is where its template was stopped. */
static int resume(struct fl_guest *g, struct fl_error *err)
{
	const char *status = "inmigrate";
	json_t *answer = NULL;

	for (int ms = 0; !strcmp(status, "inmigrate"); ms += 2) {
		if (ms > RESTORE_MS || fl_interrupted())
			return fl_fail(err, FL_MACHINE, "%s: not restored in %d s", g->c.state,
				       RESTORE_MS / 1000);
		usleep(2000);
		json_decref(answer);
		answer = NULL;
		if (fl_qmp_command(g->qmp, "query-status", NULL, &answer, QMP_MS, err))
			return -1;
		status = json_string_value(json_object_get(answer, "status"));
		status = status ? status : "";
	}
	json_decref(answer);
	return fl_qmp_command(g->qmp, "cont", NULL, NULL, QMP_MS, err);
}

/* QEMU is up; what must be done before the guest runs any instruction of ours. */
static int begin(struct fl_guest *g, struct fl_error *err)
{
	struct fl_error ignored;

	if (g->c.cpu_first >= 0 && fl_bind_vcpus(g->qmp, g->c.cpu_first, &ignored))
		note(g, "qemu.log", ignored.text);
	return g->c.state ? resume(g, err) : 0;
}

int fl_guest_start(struct fl_guest **out, const struct fl_guest_config *c, struct fl_error *err)
{
	struct fl_guest *g;
	cleanup_free char *stream = fl_asprintf("%s/stream", c->dir);
	cleanup_free char *qmp_log = fl_asprintf("%s/qmp.log", c->dir);
	struct fl_error lack;
	int qmp = -1;

	if (fl_guest_room(&c->spec, &lack))
		return fl_fail(err, FL_MACHINE, "%s; use a smaller [guest] memory", lack.text);
	g = fl_calloc(1, sizeof(*g));
	g->c = *c;
	g->dir = fl_strdup(c->dir);
	g->port = -1;
	if (!g->c.tsc_khz)
		g->c.tsc_khz = fl_tsc_khz();
	g->stream = fopen(stream, "we");
	fl_hearing_heard(&g->hearing);
	*out = g;
	if (!g->stream) {
		fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", stream, strerror(errno));
	} else if (!write_script(g, err) && !spawn(g, &qmp, err)) {
		if (!fl_qmp_open(&g->qmp, qmp, qmp_log, QMP_MS, err) && !begin(g, err))
			return 0;
		no_start(g, err);
	}
	fl_guest_stop(g);
	*out = NULL;
	return -1;
}

int fl_guest_send(struct fl_guest *g, enum fl_frame_type type, const char *name, const void *text,
		  size_t len)
{
	size_t name_len = name ? strlen(name) : 0;
	cleanup_free char *buf = NULL;
	size_t size;

	if (name_len > FL_FRAME_NAME_MAX || len > FL_FRAME_TEXT_MAX)
		return -EINVAL;
	size = FL_FRAME_HEAD + name_len + len;
	buf = fl_alloc(size);
	fl_frame_head((uint8_t *)buf, type, 0, fl_now_ns(), name_len, len);
	if (name_len)
		memcpy(buf + FL_FRAME_HEAD, name, name_len);
	if (len)
		memcpy(buf + FL_FRAME_HEAD + name_len, text, len);
	return fl_send_all(g->port, buf, size);
}

static void set_end(struct fl_guest *g, enum fl_guest_end end, const char *reason)
{
	if (g->end != FL_GUEST_RUNS)
		return;
	g->end = end;
	snprintf(g->reason, sizeof(g->reason), "%s", reason);
}

/* The port is closed: QEMU has exited, because the guest powered off or otherwise. */
static void judge_end(struct fl_guest *g)
{
	struct fl_console console;
	char line[256], text[400];

	for (int i = 0; i < 200 && !g->exited; i++) {
		reap(g, WNOHANG);
		if (!g->exited)
			usleep(10000);
	}
	fl_console_read(&console, g->dir);
	if (g->end_seen && g->exited && WIFEXITED(g->status) && !WEXITSTATUS(g->status)) {
		set_end(g, FL_GUEST_GOOD, "");
	} else if (console.worst == FL_CONSOLE_PANIC) {
		set_end(g, FL_GUEST_PANIC, console.line);
	} else if (g->exited && WIFSIGNALED(g->status)) {
		snprintf(text, sizeof(text), "QEMU was killed by signal %d", WTERMSIG(g->status));
		set_end(g, FL_GUEST_LOST, text);
	} else {
		first_line(g, "qemu.log", line, sizeof(line));
		snprintf(text, sizeof(text),
			 "QEMU ended with status %d without the guest's end record%s%s",
			 g->exited ? WEXITSTATUS(g->status) : -1, line[0] ? ": " : "", line);
		set_end(g, FL_GUEST_LOST, text);
	}
}

/* A KVM that cannot run the guest stops it and keeps QEMU alive. */
static void check_events(struct fl_guest *g)
{
	struct fl_error ignored;
	json_t *event, *status = NULL;
	const char *text;

	for (int i = 0; i < EVENTS_TURN && g->qmp && (event = fl_qmp_event(g->qmp, 0)); i++) {
		text = json_string_value(json_object_get(event, "event"));
		if (text && !strcmp(text, "STOP") &&
		    !fl_qmp_command(g->qmp, "query-status", NULL, &status, 2000, &ignored)) {
			text = json_string_value(json_object_get(status, "status"));
			if (text && !strcmp(text, "internal-error"))
				set_end(g, FL_GUEST_LOST,
					"the accelerator stopped the guest: internal-error");
			json_decref(status);
			status = NULL;
		}
		json_decref(event);
	}
}

/* Texts that come from no file have names of the harness: "host:smaps", "qmp:query-balloon". */
static bool is_ours(const struct fl_frame *f)
{
	return f->type != FL_TEXT || f->name[0] == '/';
}

static void take_frame(struct fl_guest *g, const struct fl_frame *f)
{
	fl_hearing_heard(&g->hearing);
	if (f->type == FL_READY)
		g->ready = true;
	if (f->type == FL_END)
		g->end_seen = true;
}

/* Reads what is there; false: nothing more will come. */
static bool read_port(struct fl_guest *g)
{
	size_t room;
	void *to = fl_frame_reader_room(&g->reader, &room);
	ssize_t n = recv(g->port, to, room, MSG_DONTWAIT);
	char text[64];

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	fwrite(to, 1, (size_t)n, g->stream);
	fl_frame_reader_fed(&g->reader, (size_t)n);
	g->taken += (size_t)n;
	if (g->taken >= FL_STREAM_MAX) {
		snprintf(text, sizeof(text), "the guest sent more than %u MiB (stream)",
			 FL_STREAM_MAX >> 20);
		set_end(g, FL_GUEST_FLOOD, text);
	}
	return true;
}

uint64_t fl_guest_barred_ns(const struct fl_guest *g)
{
	return fl_hearing_barred_ns(&g->hearing, g->pid);
}

static bool silent(struct fl_guest *g)
{
	return g->ready && g->c.spec.clock == FL_CLOCK_REAL &&
	       fl_hearing_silent(&g->hearing, g->pid);
}

/* Checked whatever arrives: frames without a pause do not prove that the guest is alive. */
static void watch(struct fl_guest *g)
{
	uint64_t now = fl_now_ns();
	char why[128];

	if (now < g->watch_due_ns)
		return;
	g->watch_due_ns = now + WATCH_MS * UINT64_C(1000000);
	check_events(g);
	if (fl_guest_file_full(g->dir, why, sizeof(why)))
		set_end(g, FL_GUEST_FLOOD, why);
}

int fl_guest_next(struct fl_guest *g, int timeout_ms, struct fl_frame *f, uint64_t *host_ns)
{
	struct pollfd p = { g->port, POLLIN, 0 };
	uint64_t until = fl_now_ns() + (uint64_t)timeout_ms * 1000000;

	fl_hearing_look(&g->hearing);
	watch(g);
	for (bool fed = false; g->end == FL_GUEST_RUNS;) {
		int64_t left;
		int got = fl_frame_reader_next(&g->reader, f);

		*host_ns = fl_now_ns();
		if (got == 1 && is_ours(f)) {
			take_frame(g, f);
			return 1;
		}
		if (got) {
			set_end(g, FL_GUEST_LIED,
				"the guest's stream is not in Faultline's format");
			break;
		}
		watch(g);
		/* pieces of a frame that does not end */
		if ((fed && *host_ns > until) || fl_interrupted())
			return g->end == FL_GUEST_RUNS ? 0 : -1;
		left = (int64_t)(until - *host_ns) / 1000000;
		got = poll(&p, 1, left < 0 ? 0 : left > WATCH_MS ? WATCH_MS : (int)left);
		fl_hearing_look(&g->hearing);
		if (got > 0) {
			if (!read_port(g))
				judge_end(g);
			fed = true;
			continue;
		}
		if (silent(g))
			set_end(g, FL_GUEST_HANG, "no heartbeat from the guest for 20 s");
		if (g->end == FL_GUEST_RUNS && left <= WATCH_MS)
			return 0;
	}
	return -1;
}

enum fl_guest_end fl_guest_ended(const struct fl_guest *g)
{
	return g->end;
}

const char *fl_guest_end_reason(const struct fl_guest *g)
{
	return g->reason;
}

/* Frames in between are heartbeats: the guest sends nothing else yet. */
static int sync_once(struct fl_guest *g, int64_t *offset, uint64_t *trip)
{
	uint64_t sent = fl_now_ns(), came;
	struct fl_frame f;
	int got;

	if (fl_guest_send(g, FL_SYNC, NULL, &sent, sizeof(sent)))
		return -1;
	do {
		got = fl_guest_next(g, SYNC_MS, &f, &came);
		if (got <= 0 || came - sent > SYNC_MS * UINT64_C(1000000))
			return -1;
	} while (f.type != FL_SYNCED || f.len != sizeof(sent) ||
		 memcmp(f.text, &sent, sizeof(sent)));
	*trip = came - sent;
	*offset = (int64_t)f.time_ns - (int64_t)(sent + *trip / 2);
	return 0;
}

int fl_guest_sync(struct fl_guest *g, struct fl_clock_map *map, struct fl_error *err)
{
	uint64_t best = UINT64_MAX, trip = 0;
	int64_t offset = 0;

	for (int i = 0; i < SYNCS; i++) {
		if (sync_once(g, &offset, &trip))
			return fl_fail(err, FL_FAILED, "the guest does not answer");
		if (trip >= best)
			continue;
		best = trip;
		map->offset_ns = offset;
		map->error_ns = (trip + 1) / 2;
	}
	return 0;
}

pid_t fl_guest_pid(const struct fl_guest *g)
{
	return g->pid;
}

struct fl_qmp *fl_guest_qmp(struct fl_guest *g)
{
	return g->qmp;
}

const char *fl_guest_command(const struct fl_guest *g)
{
	return g->command;
}

int fl_guest_ram_range(struct fl_guest *g, uint64_t *start, uint64_t *end)
{
	cleanup_free char *path = fl_asprintf("/proc/%d/maps", (int)g->pid);
	cleanup_file FILE *f = fopen(path, "re");
	unsigned int last = g->c.spec.numa > 1 ? g->c.spec.numa - 1 : 0;
	uint64_t from, to;
	char line[512];

	if (!f)
		return -errno;
	*start = UINT64_MAX;
	*end = 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64, &from, &to) != 2 ||
		    (to - from != fl_qemu_node_memory(&g->c.spec, 0) &&
		     to - from != fl_qemu_node_memory(&g->c.spec, last)))
			continue;
		*start = from < *start ? from : *start;
		*end = to > *end ? to : *end;
	}
	return *end ? 0 : -ENOENT;
}

static void end_process(struct fl_guest *g)
{
	if (g->pid <= 0)
		return;
	if (g->end_seen)
		wait_exit(g, 2000);
	else if (g->ready && g->end == FL_GUEST_RUNS)
		note(g, "qemu.log", "stopped before its end");
	if (!g->exited) {
		kill(g->pid, SIGTERM);
		wait_exit(g, 500);
	}
	if (!g->exited) {
		kill(g->pid, SIGKILL);
		reap(g, 0);
	}
	if (g->end_seen)
		set_end(g, FL_GUEST_GOOD, "");
	if (g->end == FL_GUEST_HANG)
		note(g, "console.log", "no word from the guest for so long that it was ended here");
}

enum fl_guest_end fl_guest_stop(struct fl_guest *g)
{
	enum fl_guest_end end;

	end_process(g);
	end = g->end;
	fl_qmp_close(g->qmp);
	if (g->port >= 0)
		close(g->port);
	if (g->stream)
		fclose(g->stream);
	fl_frame_reader_release(&g->reader);
	free(g->command);
	free(g->dir);
	free(g);
	return end;
}

void fl_guest_remove_files(const char *dir)
{
	static const char *const files[] = { "console.log", "stream", "qemu.log", "qmp.log",
					     "script" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cleanup_free char *path = fl_asprintf("%s/%s", dir, files[i]);

		unlink(path);
	}
	rmdir(dir);
}
