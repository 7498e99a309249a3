/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/session.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/guest/qmp.h"

#define POLL_MS 100
#define QMP_MS 2000
#define EVICT_NS 10000000000u

int fl_session_gone(struct fl_session *s)
{
	static const enum fl_status status[] = {
		[FL_GUEST_RUNS] = FL_LOST,           [FL_GUEST_GOOD] = FL_LOST,
		[FL_GUEST_PANIC] = FL_PANIC,         [FL_GUEST_HANG] = FL_HANG,
		[FL_GUEST_LOST] = FL_LOST,           [FL_GUEST_LIED] = FL_LOST,
		[FL_GUEST_FLOOD] = FL_STATUS_FAILED,
	};

	static const char *const unsaid[] = {
		[FL_GUEST_RUNS] = "the guest stopped talking while it ran",
		[FL_GUEST_GOOD] = "the guest powered off before its workload had ended",
		[FL_GUEST_PANIC] = "the guest's kernel panicked",
		[FL_GUEST_HANG] = "the guest hangs",
		[FL_GUEST_LOST] = "QEMU ended",
		[FL_GUEST_LIED] = "what the guest sent is invalid",
		[FL_GUEST_FLOOD] = "the guest sent more than its limit",
	};
	enum fl_guest_end how = fl_guest_ended(s->guest);
	const char *reason = fl_guest_end_reason(s->guest);

	return fl_outcome_decide(s->o, status[how], "%s", *reason ? reason : unsaid[how]);
}

uint64_t fl_session_guest_time(const struct fl_session *s, uint64_t host_ns)
{
	if (s->c->timebase == FL_TIME_INSN)
		return s->material.last_ns;
	return (uint64_t)((int64_t)host_ns + s->map.offset_ns);
}

/* The host learns the balloon's size only by asking; no answer is not an error. */
static void ask_balloon(struct fl_session *s)
{
	cleanup_free char *text = NULL;
	struct fl_error ignored;
	json_t *answer = NULL;

	if (!s->c->point->guest.balloon || fl_qmp_command(fl_guest_qmp(s->guest), "query-balloon",
							  NULL, &answer, QMP_MS, &ignored))
		return;
	text = json_dumps(answer, 0);
	if (text)
		fl_material_qmp(&s->material, "query-balloon", text);
	json_decref(answer);
}

void fl_session_sample_host(struct fl_session *s, uint64_t guest_ns)
{
	ask_balloon(s);
	fl_material_host(&s->material, fl_guest_pid(s->guest), guest_ns);
}

static void sample_when_due(struct fl_session *s)
{
	uint64_t before = fl_now_ns(), cost;

	if (!s->host_due_ns || before < s->host_due_ns)
		return;
	fl_session_sample_host(s, fl_session_guest_time(s, before));
	cost = fl_now_ns() - before;
	s->host_due_ns = before + (cost * 100 > s->c->experiment->sample_interval_ns
					   ? cost * 100
					   : s->c->experiment->sample_interval_ns);
}

void fl_session_forget(struct fl_session *s, const char *path)
{
	fl_strv_push(&s->owed, path);
}

void fl_session_forget_look(struct fl_session *s)
{
	s->owed_looks++;
}

/*
 * Answers come in the order of the requests: the first answer about a path belongs to the oldest
 * one.
 */
static bool is_owed(struct fl_session *s, const struct fl_frame *f)
{
	size_t at = s->owed.n;

	if (f->type == FL_TICK && s->owed_looks && strstr(f->text, "cause step")) {
		s->owed_looks--;
		return true;
	}
	if (f->type == FL_WRITTEN || f->type == FL_TEXT)
		at = fl_strv_find(&s->owed, f->name);
	if (at == s->owed.n)
		return false;
	fl_strv_drop(&s->owed, at);
	return true;
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid;
}

/*
 * The guest whose turn it is wants more memory than there is.  Its QEMU may be blocked in the
 * kernel, so it is not asked.  Its memory is returned to the others before one of them is sampled.
 */
static int evict(struct fl_session *s)
{
	uint64_t until = fl_now_ns() + EVICT_NS;
	pid_t pid = fl_guest_pid(s->guest);
	char size[32];

	s->evicted = true;
	kill(pid, SIGKILL);
	while (fl_now_ns() < until && (!has_ended(pid) || fl_cgroup_stuck(&s->cgroup)))
		usleep(1000);
	return fl_outcome_decide(s->o, FL_LOST, "it needs more than host.memory_limit = %s",
				 fl_format_size(s->c->point->guest.host_limit, size, sizeof(size)));
}

static bool overdue(const struct fl_session *s)
{
	uint64_t now = fl_now_ns();

	return now > s->deadline_ns &&
	       now > s->deadline_ns + fl_guest_barred_ns(s->guest) - s->barred_ns;
}

int fl_session_turn(struct fl_session *s, int wait_ms, struct fl_frame *f, bool *got)
{
	uint64_t host_ns;
	int r = fl_guest_next(s->guest, wait_ms, f, &host_ns);

	*got = r > 0;
	if (r < 0)
		return fl_session_gone(s);
	if (!s->waits && fl_cgroup_stuck(&s->cgroup))
		return evict(s);
	sample_when_due(s);
	if (r) {
		fl_material_frame(&s->material, f);
		fl_programs_frame(&s->programs, f);
		*got = !is_owed(s, f);
	}
	/* Checked not only in silence: an agent that samples sends frames all the time. */
	if (atomic_load(s->c->interrupted))
		return fl_outcome_decide(s->o, FL_INTERRUPTED, "interrupted");
	if (overdue(s))
		return fl_outcome_decide(s->o, FL_HANG, "not %s within the limit of %.0f s",
					 s->limited, (double)s->limit_ns / 1e9);
	return FL_GO_ON;
}

/* The next frame of any type. */
static int next_frame(struct fl_session *s, struct fl_frame *f)
{
	bool got = false;
	int r = FL_GO_ON;

	while (r == FL_GO_ON && !got)
		r = fl_session_turn(s, POLL_MS, f, &got);
	return r;
}

int fl_session_wait(struct fl_session *s, enum fl_frame_type type, struct fl_frame *f)
{
	int r;

	do {
		r = next_frame(s, f);
	} while (r == FL_GO_ON && f->type != type);
	return r;
}

int fl_session_read(struct fl_session *s, const char *path, struct fl_frame *f, int *error)
{
	int r = fl_session_send(s, FL_READ, path, NULL, 0);

	*error = 0;
	while (r == FL_GO_ON) {
		r = next_frame(s, f);
		if (r != FL_GO_ON || strcmp(f->name, path) != 0)
			continue;
		if (f->type == FL_TEXT)
			break;
		if (f->type != FL_WRITTEN)
			continue;
		if (sscanf(f->text, "errno %d", error) != 1 || !*error)
			*error = EIO;
		break;
	}
	return r;
}

static void compose_frame(struct fl_session *s, enum fl_frame_type type, const char *name,
			  const char *text, size_t len)
{
	size_t name_len = name ? strlen(name) : 0;
	uint8_t head[FL_FRAME_HEAD];

	fl_frame_head(head, type, 0, 0, name_len, len);
	fl_text_append(&s->script, (const char *)head, sizeof(head));
	fl_text_append(&s->script, name ? name : "", name_len);
	fl_text_append(&s->script, text ? text : "", len);
}

int fl_session_send(struct fl_session *s, enum fl_frame_type type, const char *name,
		    const char *text, size_t len)
{
	if (s->composing)
		compose_frame(s, type, name, text, len);
	if (s->scripted)
		return FL_GO_ON;
	return fl_guest_send(s->guest, type, name, text, len) ? fl_session_gone(s) : FL_GO_ON;
}

void fl_session_limit(struct fl_session *s, const char *what, uint64_t ns)
{
	s->limited = what;
	s->limit_ns = ns;
	s->barred_ns = fl_guest_barred_ns(s->guest);
	s->deadline_ns = fl_now_ns() + ns;
}

int fl_session_command(struct fl_session *s, enum fl_frame_type type, const char *name,
		       const char *command)
{
	cleanup_free char *text = fl_alloc(strlen(command) + 1);
	struct fl_strv words = { 0 };
	size_t len = 0;
	int bad = fl_strv_split_words(&words, command);

	for (size_t i = 0; i < words.n; i++) {
		size_t n = strlen(words.v[i]) + 1;

		memcpy(text + len, words.v[i], n);
		len += n;
	}
	fl_strv_release(&words);
	return bad ? fl_outcome_decide(s->o, FL_STATUS_FAILED, "cannot split the command: %s",
				       command)
		   : fl_session_send(s, type, name, text, len);
}
