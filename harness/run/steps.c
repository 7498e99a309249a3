/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/steps.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/strv.h"
#include "harness/guest/qmp.h"

#define TURN_MS 50
#define QMP_MS 10000
#define BALLOON_DRIVER "/sys/bus/virtio/drivers/virtio_balloon"

int fl_step_failed(struct fl_session *s, const struct fl_step *step, const char *fmt, ...)
{
	char why[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return fl_outcome_decide(s->o, FL_STATUS_FAILED, "step %s (%s): %s", step->name, step->text,
				 why);
}

bool fl_step_late(const struct fl_step *step, uint64_t began_ns)
{
	return fl_now_ns() - began_ns > step->timeout_ns;
}

int fl_step_qmp(struct fl_session *s, const struct fl_step *step, const char *command, json_t *args,
		json_t **answer)
{
	struct fl_error why;

	if (!fl_qmp_command(fl_guest_qmp(s->guest), command, args, answer, QMP_MS, &why))
		return FL_GO_ON;
	if (why.kind == FL_MACHINE && fl_step_pause(s) != FL_GO_ON)
		return FL_DECIDED;
	return fl_step_failed(s, step, "%s", why.text);
}

int fl_step_pause(struct fl_session *s)
{
	struct fl_frame f;
	bool got;

	return fl_session_turn(s, TURN_MS, &f, &got);
}

/* --- what runs in the guest --- */

/* The agent names the workload "". */
static const char *wire_name(const char *name)
{
	return strcmp(name, FL_STEP_WORKLOAD) ? name : "";
}

static int do_kill(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns();
	int r = FL_GO_ON;

	for (size_t i = 0; r == FL_GO_ON && i < s->programs.n; i++) {
		struct fl_program *one = &s->programs.v[i];

		if (!one->running || (step->what && strcmp(step->what, one->name) != 0))
			continue;
		one->stopped = true;
		r = fl_session_send(s, FL_STOP, wire_name(one->name), NULL, 0);
	}
	while (r == FL_GO_ON && fl_programs_running(&s->programs, step->what)) {
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "it still runs after %g s",
					      (double)step->timeout_ns / 1e9);
		r = fl_step_pause(s);
	}
	return r;
}

static int do_run(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns();
	struct fl_frame f;
	bool got = false, started = false;
	int r;

	fl_programs_add(&s->programs, step->name);
	r = fl_session_command(s, FL_RUN, step->name, step->what);
	while (r == FL_GO_ON && !started && !fl_programs_any_bad(&s->programs)) {
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "not started after %g s",
					      (double)step->timeout_ns / 1e9);
		r = fl_session_turn(s, TURN_MS, &f, &got);
		started =
			r == FL_GO_ON && got && f.type == FL_STARTED && !strcmp(f.name, step->name);
	}
	return r;
}

static int do_wait_exit(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns();
	int r = FL_GO_ON;

	while (r == FL_GO_ON && fl_programs_running(&s->programs, step->what) &&
	       !fl_programs_any_bad(&s->programs)) {
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "it still runs after %g s",
					      (double)step->timeout_ns / 1e9);
		r = fl_step_pause(s);
	}
	return r;
}

static int do_wait_output(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns();
	char line[256];
	int r = FL_GO_ON;

	while (r == FL_GO_ON && !fl_programs_heard(&s->programs, step->what)) {
		bool ended = !fl_programs_running(&s->programs, NULL);

		if (fl_programs_any_bad(&s->programs))
			return FL_GO_ON;
		fl_programs_last_line(&s->programs, line, sizeof(line));
		if (ended)
			return fl_step_failed(s, step, "all has ended without it%s%s",
					      *line ? "; last words: " : "", line);
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "not heard after %g s%s%s",
					      (double)step->timeout_ns / 1e9,
					      *line ? "; last words: " : "", line);
		r = fl_step_pause(s);
	}
	return r;
}

/* --- what is looked at, and waited --- */

int fl_step_look(struct fl_session *s, const struct fl_step *step, const char *name)
{
	uint64_t began = fl_now_ns();
	struct fl_frame f;
	bool got = false, ticked = false;
	int r = fl_session_send(s, FL_LOOK, NULL, NULL, 0);

	fl_collect_at(s->material.collecting, name);
	fl_session_sample_host(s, fl_session_guest_time(s, fl_now_ns()));
	while (r == FL_GO_ON && !ticked) {
		if (fl_step_late(step, began)) {
			r = fl_step_failed(s, step, "the guest sent none in %g s",
					   (double)step->timeout_ns / 1e9);
			break;
		}
		r = fl_session_turn(s, TURN_MS, &f, &got);
		ticked = r == FL_GO_ON && got && f.type == FL_TICK && strstr(f.text, "cause step");
	}
	fl_collect_at(s->material.collecting, NULL);
	return r;
}

/* A later step may ask what came of the memory that is in use now. */
static int do_sample(struct fl_session *s, const struct fl_step *step)
{
	int r = fl_step_look(s, step, step->name);

	s->held.is = r == FL_GO_ON &&
		     !fl_collect_last(s->material.collecting, "guest_free", &s->held.guest_free) &&
		     !fl_collect_last(s->material.collecting, "host_rss", &s->held.host_rss);
	return r;
}

static int do_settle(struct fl_session *s, const struct fl_step *step)
{
	uint64_t until = fl_now_ns() + step->wait_ns, now;
	struct fl_frame f;
	bool got;
	int r = FL_GO_ON;

	while (r == FL_GO_ON && (now = fl_now_ns()) < until) {
		uint64_t left = (until - now) / 1000000;

		r = fl_session_turn(s, left < TURN_MS ? (int)left + 1 : TURN_MS, &f, &got);
	}
	return r;
}

static int do_qmp(struct fl_session *s, const struct fl_step *step)
{
	json_t *args = step->with ? json_loads(step->with, 0, NULL) : NULL;

	return fl_step_qmp(s, step, step->what, args, NULL);
}

static int do_write(struct fl_session *s, const struct fl_step *step)
{
	uint64_t began = fl_now_ns();
	struct fl_frame f;
	bool got;
	int error = 0;
	int r = fl_session_send(s, FL_WRITE, step->what, step->with, strlen(step->with));

	while (r == FL_GO_ON) {
		r = fl_session_turn(s, TURN_MS, &f, &got);
		if (r == FL_GO_ON && got && f.type == FL_WRITTEN) {
			if (sscanf(f.text, "errno %d", &error) == 1 && error)
				return fl_step_failed(s, step, "%s", strerror(error));
			return FL_GO_ON;
		}
		if (r == FL_GO_ON && fl_step_late(step, began))
			return fl_step_failed(s, step, "not written after %g s",
					      (double)step->timeout_ns / 1e9);
	}
	return r;
}

static int (*const actions[FL_N_ACTIONS])(struct fl_session *s, const struct fl_step *step) = {
	[FL_DO_BALLOON] = fl_step_balloon,
	[FL_DO_DIMM_ADD] = fl_step_dimm_add,
	[FL_DO_DIMM_DEL] = fl_step_dimm_del,
	[FL_DO_HOST_LIMIT] = fl_step_host_limit,
	[FL_DO_KILL] = do_kill,
	[FL_DO_QMP] = do_qmp,
	[FL_DO_RUN] = do_run,
	[FL_DO_SAMPLE] = do_sample,
	[FL_DO_SETTLE] = do_settle,
	[FL_DO_WAIT_EXIT] = do_wait_exit,
	[FL_DO_WAIT_FREED] = fl_step_wait_freed,
	[FL_DO_WAIT_OUTPUT] = do_wait_output,
	[FL_DO_WRITE] = do_write,
};

/* --- the list --- */

int fl_steps_prepare(struct fl_session *s)
{
	struct fl_frame f;
	int error = 0, r;

	if (!s->c->point->guest.balloon || s->scripted)
		return FL_GO_ON;
	/* A folder: its driver is there when reading it says so. */
	r = fl_session_send(s, FL_READ, BALLOON_DRIVER, NULL, 0);
	if (r == FL_GO_ON)
		r = fl_session_wait(s, FL_WRITTEN, &f);
	if (r == FL_GO_ON && sscanf(f.text, "errno %d", &error) == 1 && error == ENOENT)
		return fl_outcome_decide(
			s->o, FL_SKIPPED,
			"kernel %s has no balloon driver (CONFIG_VIRTIO_BALLOON), which %s needs",
			s->o->kernel_release,
			s->c->point->guest.free_page_reporting ? "free page reporting"
			: s->steps                             ? "a step"
							       : "balloon = on");
	return r;
}

static void keep_times(struct fl_session *s, const struct fl_step *step, uint64_t began_ns)
{
	uint64_t at = fl_session_guest_time(s, began_ns), start = s->material.started_ns;
	cleanup_free char *name = fl_asprintf("step_%s_start", step->name);
	cleanup_free char *time = fl_asprintf("step_%s_time", step->name);

	fl_result_put(&s->o->result, name, at > start ? (double)(at - start) : 0, FL_UNIT_NS);
	fl_result_put(&s->o->result, time, (double)(fl_now_ns() - began_ns), FL_UNIT_NS);
}

static int do_step(struct fl_session *s, const struct fl_step *step)
{
	cleanup_free char *what = fl_asprintf("past step %s (%s)", step->name, step->text);
	const char *limited = s->limited;
	uint64_t began = fl_now_ns();
	int r;

	s->limited = what;
	r = actions[step->action](s, step);
	s->limited = limited;
	keep_times(s, step, began);
	return r;
}

int fl_steps_run(struct fl_session *s)
{
	int r = FL_GO_ON;

	fl_programs_add(&s->programs, FL_STEP_WORKLOAD);
	while (r == FL_GO_ON && !s->material.started_ns && !fl_programs_any_bad(&s->programs))
		r = fl_step_pause(s);
	for (size_t i = 0; r == FL_GO_ON && i < s->steps->n; i++)
		if (!fl_programs_any_bad(&s->programs))
			r = do_step(s, &s->steps->v[i]);
	while (r == FL_GO_ON && fl_programs_running(&s->programs, NULL) &&
	       !fl_programs_any_bad(&s->programs))
		r = fl_step_pause(s);
	return r;
}
