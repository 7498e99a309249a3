/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/steps.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/guest/qmp.h"

#define TURN_MS 50
#define QMP_MS 10000
#define BALLOON_DRIVER "/sys/bus/virtio/drivers/virtio_balloon"
#define VIRTIO_MEM_DRIVER "/sys/bus/virtio/drivers/virtio_mem"
#define ACPI_HOTPLUG "/sys/firmware/acpi/hotplug/memory"
#define BLOCK_SIZE "/sys/devices/system/memory/block_size_bytes"
#define ZONEINFO "/proc/zoneinfo"

int fl_step_failed(struct fl_session *s, const struct fl_step *step, const char *fmt, ...)
{
	char why[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (step->may_fail) {
		snprintf(s->gave_up, sizeof(s->gave_up), "%s", why);
		return FL_GAVE_UP;
	}
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

int fl_step_find_device(struct fl_session *s, const struct fl_step *step, const char *id,
			struct fl_memory_device *device)
{
	json_t *answer = NULL, *one;
	size_t i;
	int r = fl_step_qmp(s, step, "query-memory-devices", NULL, &answer);

	*device = (struct fl_memory_device){ 0 };
	json_array_foreach (answer, i, one) {
		const json_t *data = json_object_get(one, "data");
		const char *name = json_string_value(json_object_get(data, "id"));

		if (!name || strcmp(name, id) != 0)
			continue;
		device->there = true;
		device->start = (uint64_t)json_integer_value(json_object_get(data, "addr"));
		device->bytes = (uint64_t)json_integer_value(json_object_get(data, "size"));
	}
	json_decref(answer);
	return r;
}

int fl_step_need_dimm(struct fl_session *s, const struct fl_step *step, const char *id,
		      struct fl_memory_device *dimm)
{
	int r = fl_step_find_device(s, step, id, dimm);

	if (r == FL_GO_ON && !dimm->bytes)
		return fl_step_failed(s, step, "QEMU has no %s", id);
	return r;
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
			return fl_step_failed(s, step,
					      "all programs have exited without printing it%s%s",
					      *line ? "; last output: " : "", line);
		if (fl_step_late(step, began))
			return fl_step_failed(s, step, "not printed within %g s%s%s",
					      (double)step->timeout_ns / 1e9,
					      *line ? "; last output: " : "", line);
		r = fl_step_pause(s);
	}
	return r;
}

/* --- sampling and waiting --- */

int fl_step_look(struct fl_session *s, const struct fl_step *step, const char *name,
		 struct fl_zones *zones)
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
			fl_session_forget_look(s);
			break;
		}
		r = fl_session_turn(s, TURN_MS, &f, &got);
		if (r == FL_GO_ON && got && zones && f.type == FL_TEXT && !strcmp(f.name, ZONEINFO))
			fl_zones_parse(zones, f.text, f.len);
		ticked = r == FL_GO_ON && got && f.type == FL_TICK && strstr(f.text, "cause step");
	}
	fl_collect_at(s->material.collecting, NULL);
	return r;
}

/* A later step may ask what happened to the memory that is in use now. */
static int do_sample(struct fl_session *s, const struct fl_step *step)
{
	int r = fl_step_look(s, step, step->name, NULL);

	s->held.is = r == FL_GO_ON &&
		     !fl_collect_last(s->material.collecting, "guest_free_huge",
				      &s->held.guest_free_huge) &&
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
		if (r == FL_GO_ON && got && f.type == FL_WRITTEN && !strcmp(f.name, step->what)) {
			if (sscanf(f.text, "errno %d", &error) == 1 && error)
				return fl_step_failed(s, step, "%s", strerror(error));
			return FL_GO_ON;
		}
		if (r == FL_GO_ON && fl_step_late(step, began)) {
			fl_session_forget(s, step->what);
			return fl_step_failed(s, step, "not written after %g s",
					      (double)step->timeout_ns / 1e9);
		}
	}
	return r;
}

static int (*const actions[FL_N_ACTIONS])(struct fl_session *s, const struct fl_step *step) = {
	[FL_DO_BALLOON] = fl_step_balloon,
	[FL_DO_DIMM_ADD] = fl_step_dimm_add,
	[FL_DO_DIMM_DEL] = fl_step_dimm_del,
	[FL_DO_HOST_LIMIT] = fl_step_host_limit,
	[FL_DO_KILL] = do_kill,
	[FL_DO_ONLINE] = fl_step_online,
	[FL_DO_QMP] = do_qmp,
	[FL_DO_RUN] = do_run,
	[FL_DO_SAMPLE] = do_sample,
	[FL_DO_SETTLE] = do_settle,
	[FL_DO_VIRTIO_MEM] = fl_step_virtio_mem,
	[FL_DO_WAIT_EXIT] = do_wait_exit,
	[FL_DO_WAIT_FREED] = fl_step_wait_freed,
	[FL_DO_WAIT_OUTPUT] = do_wait_output,
	[FL_DO_WRITE] = do_write,
};

/* --- the list --- */

/* A folder in sysfs exists if reading it fails with anything other than ENOENT. */
static int need(struct fl_session *s, const char *path, const char *what, const char *who)
{
	struct fl_frame f;
	int error, r = fl_session_read(s, path, &f, &error);

	if (r == FL_GO_ON && error == ENOENT)
		return fl_outcome_decide(s->o, FL_SKIPPED, "%s (%s) has no %s, which %s needs",
					 s->c->point->kernel, s->o->kernel_release, what, who);
	return r;
}

/* Hotplugged memory must be whole blocks, and the guest chooses their size. */
static int check_blocks(struct fl_session *s)
{
	char have[32], wanted[32];
	struct fl_frame f;
	int error, r = fl_session_read(s, BLOCK_SIZE, &f, &error);

	if (r != FL_GO_ON)
		return r;
	s->block_bytes = error ? 0 : strtoull(f.text, NULL, 16);
	if (!s->block_bytes)
		return fl_outcome_decide(s->o, FL_SKIPPED,
					 "%s (%s) has no memory hot-plug "
					 "(CONFIG_MEMORY_HOTPLUG), which a step needs",
					 s->c->point->kernel, s->o->kernel_release);
	for (size_t i = 0; i < s->steps->n; i++) {
		const struct fl_step *step = &s->steps->v[i];

		if (step->action == FL_DO_DIMM_ADD && step->bytes % s->block_bytes)
			return fl_outcome_decide(
				s->o, FL_SKIPPED,
				"step %s (%s): %s is not a multiple of this guest's memory "
				"blocks of %s",
				step->name, step->text,
				fl_format_size(step->bytes, wanted, sizeof(wanted)),
				fl_format_size(s->block_bytes, have, sizeof(have)));
	}
	return FL_GO_ON;
}

/* Such guests have no steps. */
void fl_steps_ask(struct fl_session *s)
{
	if (s->c->point->guest.balloon)
		fl_session_send(s, FL_READ, BALLOON_DRIVER, NULL, 0);
}

static const char *who_needs_balloon(const struct fl_session *s)
{
	for (size_t i = 0; s->steps && i < s->steps->n; i++)
		if (s->steps->v[i].action == FL_DO_BALLOON)
			return "a step";
	return s->c->point->guest.free_page_reporting ? "free_page_reporting = on" : "balloon = on";
}

int fl_steps_prepare(struct fl_session *s)
{
	const struct fl_guest_spec *g = &s->c->point->guest;
	int r = FL_GO_ON;

	if (g->balloon)
		r = need(s, BALLOON_DRIVER, "balloon driver (CONFIG_VIRTIO_BALLOON)",
			 who_needs_balloon(s));
	if (r == FL_GO_ON && s->steps && (g->hotplug_slots || g->virtio_mem))
		r = check_blocks(s);
	if (r == FL_GO_ON && s->steps && g->hotplug_slots)
		r = need(s, ACPI_HOTPLUG, "hot-plug of DIMMs (CONFIG_ACPI_HOTPLUG_MEMORY)",
			 "a step");
	if (r == FL_GO_ON && s->steps && g->virtio_mem)
		r = need(s, VIRTIO_MEM_DRIVER, "virtio-mem driver (CONFIG_VIRTIO_MEM)", "a step");
	return r;
}

/* CPU time of QEMU with all its threads; 0: it is gone. */
static uint64_t cpu_ns(const struct fl_session *s)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(fl_guest_pid(s->guest), &clock) || clock_gettime(clock, &t))
		return 0;
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void keep_cpu(struct fl_session *s, const struct fl_step *step, uint64_t before)
{
	cleanup_free char *name = fl_asprintf("step_%s_cpu", step->name);
	uint64_t after = cpu_ns(s);

	if (before && after >= before)
		fl_result_put(&s->o->result, name, (double)(after - before), FL_UNIT_HOST_NS);
}

static void keep_times(struct fl_session *s, const struct fl_step *step, uint64_t began_ns)
{
	uint64_t at = fl_session_guest_time(s, began_ns), start = s->material.started_ns;
	cleanup_free char *name = fl_asprintf("step_%s_start", step->name);
	cleanup_free char *time = fl_asprintf("step_%s_time", step->name);

	fl_result_put(&s->o->result, name, at > start ? (double)(at - start) : 0, FL_UNIT_NS);
	fl_result_put(&s->o->result, time, (double)(fl_now_ns() - began_ns), FL_UNIT_NS);
}

/* In the point's folder: how each step went, with the reason if one failed. */
static void log_step(struct fl_session *s, const struct fl_step *step, uint64_t began_ns, int r)
{
	cleanup_free char *path = fl_asprintf("%s/steps", s->c->dir);
	cleanup_file FILE *f = fopen(path, "ae");

	if (f)
		fprintf(f, "%-16s %8.3f s  %s%s%s\n", step->name,
			(double)(fl_now_ns() - began_ns) / 1e9, step->text,
			r == FL_GO_ON ? "" : ": ",
			r == FL_GAVE_UP   ? s->gave_up
			: r == FL_DECIDED ? s->o->reason
					  : "");
}

static void keep_try(struct fl_session *s, const struct fl_step *step, int r)
{
	cleanup_free char *name = fl_asprintf("step_%s_ok", step->name);

	if (step->may_fail)
		fl_result_put(&s->o->result, name, r == FL_GO_ON, FL_UNIT_COUNT);
}

static int do_step(struct fl_session *s, const struct fl_step *step)
{
	cleanup_free char *what = fl_asprintf("past step %s (%s)", step->name, step->text);
	const char *limited = s->limited;
	uint64_t began = fl_now_ns(), cpu = cpu_ns(s);
	int r;

	s->limited = what;
	r = actions[step->action](s, step);
	s->limited = limited;
	keep_times(s, step, began);
	keep_cpu(s, step, cpu);
	keep_try(s, step, r);
	log_step(s, step, began, r);
	return r == FL_GAVE_UP ? FL_GO_ON : r;
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
