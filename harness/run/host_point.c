/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A point on the machine itself.  The harness does the agent's job and passes the material on in
 * the same frames, so everything after that is the same code.  Files of the machine and of the
 * workload's processes are read by this thread; there is no host side beside them.
 */
#include "harness/run/point.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/run/host_child.h"
#include "harness/run/host_settings.h"
#include "harness/run/material.h"
#include "harness/run/own_metrics.h"
#include "harness/wire/listing.h"

#define POLL_MS 100
#define PROCESSES_MAX 4096
#define TURN_READS 16
#define COST_SHARE 100 /* a sample may take at most this fraction of the time */
#define LATENCY_MARK "@latency@"
#define LATENCY_FILE "latency"

struct session {
	const struct fl_point_config *c;
	struct fl_outcome *o;
	struct fl_material material;
	struct fl_host_child child;
	struct fl_error *err;
	char *buf;                    /* FL_FRAME_TEXT_MAX + 1 */
	char *latency;                /* path */
	uint64_t deadline_ns, due_ns; /* due_ns 0: no more samples */
	unsigned int samples;
};

static void hand_on(struct session *s, enum fl_frame_type type, const char *name, uint64_t time_ns,
		    const char *text, size_t len)
{
	struct fl_frame f = { .type = type, .time_ns = time_ns, .text = text, .len = len };

	snprintf(f.name, sizeof(f.name), "%s", name);
	fl_material_frame(&s->material, &f);
}

/* Sends the file's content, up to a frame's length; a missing file is skipped. */
static void sample_file(struct session *s, const char *path)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return;
	while (len < FL_FRAME_TEXT_MAX && (n = read(fd, s->buf + len, FL_FRAME_TEXT_MAX - len)) > 0)
		len += (size_t)n;
	s->buf[len] = '\0';
	if (len)
		hand_on(s, FL_TEXT, path, fl_now_ns(), s->buf, len);
}

static void sample_listing(struct session *s, const char *pattern)
{
	size_t len = fl_listing_read(s->buf, FL_FRAME_TEXT_MAX, pattern);

	s->buf[len] = '\0';
	if (len)
		hand_on(s, FL_TEXT, pattern, fl_now_ns(), s->buf, len);
}

static size_t add_children(pid_t pid, pid_t *pids, size_t n)
{
	char path[64];
	FILE *f;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = fopen(path, "re");
	while (f && n < PROCESSES_MAX && fscanf(f, "%d", &child) == 1)
		pids[n++] = child;
	if (f)
		fclose(f);
	return n;
}

/* The workload and its descendants.  Children forked by a thread other than the first are not seen.
 */
static size_t list_processes(const struct session *s, pid_t *pids)
{
	size_t n = 1;

	pids[0] = s->child.pid;
	for (size_t i = 0; i < n; i++)
		n = add_children(pids[i], pids, n);
	return n;
}

/* Several collectors may read one file. */
static bool seen_before(const struct fl_collector *const *c)
{
	for (const struct fl_collector *const *p = fl_collectors(); p != c; p++)
		if ((*p)->side == (*c)->side && !strcmp((*p)->file, (*c)->file))
			return true;
	return false;
}

static void sample_processes(struct session *s, const char *file, const pid_t *pids, size_t n)
{
	char path[FL_FRAME_NAME_MAX + 1];

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", (int)pids[i], file);
		sample_file(s, path);
	}
}

/* cause: at start and exit only the machine is sampled, since there is no process. */
static void sample(struct session *s, const char *cause)
{
	static const char timer[] = "timer";
	pid_t pids[PROCESSES_MAX];
	uint64_t before = fl_now_ns(), cost;
	size_t n = strcmp(cause, timer) ? 0 : list_processes(s, pids);
	char text[96];

	for (const struct fl_collector *const *c = fl_collectors(); *c; c++) {
		if (seen_before(c))
			continue;
		if ((*c)->whole && strcmp(cause, timer))
			sample_listing(s, (*c)->file);
		else if ((*c)->side == FL_SIDE_GUEST && !(*c)->guest_only && !(*c)->whole)
			sample_file(s, (*c)->file);
		else if ((*c)->side == FL_SIDE_PROCESS)
			sample_processes(s, (*c)->file, pids, n);
	}
	cost = fl_now_ns() - before;
	n = (size_t)snprintf(text, sizeof(text), "index %u cost_ns %llu cause %s", s->samples++,
			     (unsigned long long)cost, cause);
	hand_on(s, FL_TICK, "", before + cost, text, n);
	if (s->due_ns) {
		uint64_t pause = s->c->experiment->sample_interval_ns;

		s->due_ns = before + (cost * COST_SHARE > pause ? cost * COST_SHARE : pause);
	}
}

/*
 * Takes what a pipe holds now, of a program that prints without end no more than
 * TURN_READS such pieces: the clock has to be looked at.  False at its end.
 */
static bool take_output(struct session *s, int fd, const char *name)
{
	ssize_t n = 0;

	for (int i = 0; i < TURN_READS; i++) {
		n = read(fd, s->buf, FL_FRAME_TEXT_MAX);
		if (n <= 0)
			break;
		s->buf[n] = '\0';
		hand_on(s, FL_OUT, name, fl_now_ns(), s->buf, (size_t)n);
	}
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static int wait_ms(const struct session *s)
{
	uint64_t now = fl_now_ns();

	if (!s->due_ns || s->due_ns > now + POLL_MS * 1000000ull)
		return POLL_MS;
	return s->due_ns > now ? (int)((s->due_ns - now) / 1000000 + 1) : 0;
}

/* Until the workload exits: true; false when its status is decided already. */
static bool watch(struct session *s)
{
	struct pollfd fds[] = {
		{ .fd = s->child.pidfd, .events = POLLIN },
		{ .fd = s->child.out, .events = POLLIN },
		{ .fd = s->child.err, .events = POLLIN },
	};

	for (;;) {
		int ready = poll(fds, 3, wait_ms(s));

		if (ready > 0 && fds[1].revents && !take_output(s, s->child.out, "stdout"))
			fds[1].fd = -1;
		if (ready > 0 && fds[2].revents && !take_output(s, s->child.err, "stderr"))
			fds[2].fd = -1;
		if (ready > 0 && fds[0].revents)
			return true;
		if (s->due_ns && fl_now_ns() >= s->due_ns)
			sample(s, "timer");
		if (atomic_load(s->c->interrupted)) {
			fl_outcome_decide(s->o, FL_INTERRUPTED, "interrupted");
			return false;
		}
		if (fl_now_ns() > s->deadline_ns) {
			fl_outcome_decide(s->o, FL_HANG, "not done within the limit of %.0f s",
					  (double)s->c->experiment->timeout_ns / 1e9);
			return false;
		}
	}
}

/* In the outcome's words; the guest's judge_exit() has the console in this place. */
static void judge(struct session *s, bool oom)
{
	const struct fl_exit *e = &s->material.exit;

	if (!e->killed && !e->code)
		s->o->status = FL_OK;
	else if (!e->killed && e->code == FL_EXIT_CORRUPT)
		fl_outcome_decide(s->o, FL_CORRUPT, "%s", s->material.last_words);
	else if (e->killed && e->code == SIGKILL && oom)
		fl_outcome_decide(s->o, FL_OOM,
				  "the kernel killed the workload for lack of memory");
	else
		fl_outcome_decide(s->o, FL_STATUS_FAILED, "the workload %s %d%s%s",
				  e->killed ? "was killed by signal" : "exited with status",
				  e->code, s->material.last_words[0] ? ": " : "",
				  s->material.last_words);
}

static double microseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static void take_exit(struct session *s, uint64_t when, int status, const struct rusage *u)
{
	char text[256];
	int n = snprintf(text, sizeof(text),
			 "%s %d\nmaxrss_kib %ld user_us %.0f system_us %.0f minflt %ld majflt %ld",
			 WIFSIGNALED(status) ? "killed" : "exited",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), u->ru_maxrss,
			 microseconds(u->ru_utime), microseconds(u->ru_stime), u->ru_minflt,
			 u->ru_majflt);

	hand_on(s, FL_EXIT, "", when, text, (size_t)n);
}

static void take_latency(struct session *s)
{
	cleanup_fd int fd = open(s->latency, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	while (fd >= 0 && !s->material.latency.cut &&
	       (n = read(fd, s->buf, FL_FRAME_TEXT_MAX)) > 0) {
		s->buf[n] = '\0';
		hand_on(s, FL_LATENCY, "", fl_now_ns(), s->buf, (size_t)n);
	}
}

static int split(struct fl_strv *words, const char *command, struct fl_error *err)
{
	if (fl_strv_split_words(words, command) || !words->n)
		return fl_fail(err, FL_USAGE, "cannot split the command: %s", command);
	return 0;
}

/* The latency file's name in the place of its mark, and the outcome's command as it is run. */
static int make_argv(struct session *s, struct fl_strv *argv)
{
	struct fl_strv words = { 0 };
	int bad = split(&words, s->c->point->workload->run, s->err);

	s->o->command = fl_strdup("");
	for (size_t i = 0; !bad && i < words.n; i++) {
		cleanup_free char *old = s->o->command;

		fl_strv_push(argv, strcmp(words.v[i], LATENCY_MARK) ? words.v[i] : s->latency);
		s->o->command = fl_asprintf("%s%s%s", old, i ? " " : "", argv->v[i]);
	}
	fl_strv_release(&words);
	return bad;
}

static int start_with(struct session *s, const struct fl_strv *argv)
{
	const char *run = fl_experiment_pressure(s->c->experiment, s->c->point->workload->name);
	struct fl_strv pressure = { 0 };
	int bad = run ? split(&pressure, run, s->err) : 0;

	if (!bad)
		bad = fl_host_child_start(&s->child, argv, run ? &pressure : NULL, s->err);
	fl_strv_release(&pressure);
	return bad;
}

static int start(struct session *s)
{
	struct fl_strv argv = { 0 };
	int bad = make_argv(s, &argv) || start_with(s, &argv);

	fl_strv_release(&argv);
	if (bad)
		return -1;
	sample(s, "start");
	hand_on(s, FL_STARTED, "", fl_now_ns(), "", 0);
	if (s->c->experiment->sample_interval_ns)
		s->due_ns = fl_now_ns() + s->c->experiment->sample_interval_ns;
	return fl_host_child_go(&s->child, s->err);
}

static void finish(struct session *s, bool exited)
{
	uint64_t when = fl_now_ns();
	struct fl_keeper_end end;
	bool oom;

	s->due_ns = 0;
	sample(s, "exit");
	oom = fl_host_child_oom(&s->child);
	fl_host_child_end(&s->child, &end);
	take_output(s, s->child.out, "stdout");
	take_output(s, s->child.err, "stderr");
	take_exit(s, when, end.status, &end.usage);
	take_latency(s);
	if (exited)
		judge(s, oom);
	if (!end.left)
		return;
	/* A measurement with them is none, and those after it have them beside them. */
	fl_outcome_note(s->o,
			"%u of the workload's processes could not be killed and may still run",
			end.left);
	if (s->o->status == FL_OK)
		s->o->status = FL_STATUS_FAILED;
}

static int run_workload(struct session *s)
{
	struct fl_keeper_end end;
	struct fl_error closing;
	int bad, left;

	s->child = (struct fl_host_child){ .out = -1, .err = -1 };
	unlink(s->latency);
	s->buf = fl_alloc(FL_FRAME_TEXT_MAX + 1);
	fl_material_open(&s->material);
	bad = start(s);
	if (!bad)
		finish(s, watch(s));
	else if (s->child.pid > 0)
		fl_host_child_end(&s->child, &end);
	fl_host_child_close(&s->child);
	fl_own_metrics_collect(s->o, s->c, &s->material, NULL);
	left = fl_material_close(&s->material, s->c->dir, s->c->point->workload->run, &s->o->result,
				 &closing);
	/* The first error is the one to report. */
	if (fl_outcome_take_bad(s->o, left, &closing, bad ? &closing : s->err))
		bad = -1;
	free(s->buf);
	return bad;
}

static int run_with(struct session *s, struct fl_host_settings *h)
{
	const struct fl_point *p = s->c->point;
	struct fl_error restoring;
	int bad = fl_host_settings_apply(h, p->settings, p->n_settings, &s->o->status, s->o->reason,
					 sizeof(s->o->reason), s->err);

	if (!bad && s->o->status == FL_OK)
		bad = run_workload(s);
	if (fl_host_settings_restore(h, bad ? &restoring : s->err))
		bad = -1;
	return bad;
}

/* With the run's hold of the machine, or one for this point alone. */
static int run_held(struct session *s)
{
	struct fl_host_settings *h = s->c->host;
	char note[512] = "";
	int bad;

	if (h)
		return run_with(s, h);
	if (fl_host_settings_begin(&h, note, sizeof(note), s->err))
		return -1;
	if (note[0])
		fprintf(stderr, "%s\n", note);
	bad = run_with(s, h);
	fl_host_settings_end(h);
	return bad;
}

static int check_program(const char *command, struct fl_error *err)
{
	struct fl_strv words = { 0 };
	int bad = split(&words, command, err) || fl_host_program_check(words.v[0], err);

	fl_strv_release(&words);
	return bad ? -1 : 0;
}

int fl_point_check_host(const struct fl_experiment *e, struct fl_error *err)
{
	for (size_t i = 0; i < e->n_workloads; i++)
		if (check_program(e->workloads[i].run, err))
			return -1;
	return e->pressure ? check_program(e->pressure, err) : 0;
}

int fl_point_run_host(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	struct session s = { .c = c, .o = o, .err = err };
	uint64_t began = fl_now_ns();
	struct utsname u;
	int bad;

	memset(o, 0, sizeof(*o));
	if (fl_make_folder(c->dir, err))
		return -1;
	if (!uname(&u))
		snprintf(o->kernel_release, sizeof(o->kernel_release), "%s", u.release);
	s.deadline_ns = began + c->experiment->timeout_ns;
	s.latency = fl_asprintf("%s/" LATENCY_FILE, c->dir);
	bad = run_held(&s);
	free(s.latency);
	o->wall_s = (double)(fl_now_ns() - began) / 1e9;
	return bad;
}
