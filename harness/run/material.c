/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/material.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/collect/text.h"

void fl_material_open(struct fl_material *m)
{
	memset(m, 0, sizeof(*m));
	m->collecting = fl_collect_new();
}

void fl_text_append(struct fl_text *t, const char *text, size_t len)
{
	if (len > FL_MATERIAL_MAX - t->len) {
		len = FL_MATERIAL_MAX - t->len;
		t->cut = true;
	}
	if (t->len + len + 1 > t->size) {
		t->size = 2 * (t->len + len + 1);
		t->text = fl_realloc(t->text, t->size);
	}
	if (len)
		memcpy(t->text + t->len, text, len);
	t->len += len;
	t->text[t->len] = '\0';
}

/* Time since the workload's start; earlier samples count as its start. */
static uint64_t since_start(const struct fl_material *m, uint64_t guest_ns)
{
	return m->started_ns && guest_ns > m->started_ns ? guest_ns - m->started_ns : 0;
}

static void take_tick(struct fl_material *m, const struct fl_frame *f)
{
	unsigned long long cost;

	if ((m->exit.seen && !m->keep_on) || sscanf(f->text, "index %*u cost_ns %llu", &cost) != 1)
		return;
	if (!m->exit.seen) {
		m->samples++;
		m->sample_cost_ns += (double)cost;
	}
	fl_collect_tick(m->collecting, since_start(m, f->time_ns));
}

void fl_text_last_line(const struct fl_text *t, char *line, size_t room)
{
	size_t end = t->len, start;

	while (end && t->text[end - 1] == '\n')
		end--;
	for (start = end; start && t->text[start - 1] != '\n';)
		start--;
	snprintf(line, room, "%.*s", (int)(end - start), end ? t->text + start : "");
}

static void take_exit(struct fl_material *m, const struct fl_frame *f)
{
	struct fl_exit *e = &m->exit;
	const char *more = memchr(f->text, '\n', f->len);
	char how[16];

	if (sscanf(f->text, "%15s %d", how, &e->code) != 2)
		return;
	e->seen = true;
	e->killed = !strcmp(how, "killed");
	m->exited_ns = f->time_ns;
	fl_text_last_line(m->err.len ? &m->err : &m->out, m->last_words, sizeof(m->last_words));
	if (!more)
		more = f->text;
	more = strstr(more, "maxrss_kib");
	if (more)
		sscanf(more,
		       "maxrss_kib %lf user_us %lf system_us %lf minflt %lf majflt %lf "
		       "began_ns %" SCNu64 " ended_ns %" SCNu64,
		       &e->maxrss_kib, &e->user_us, &e->system_us, &e->faults, &e->major,
		       &e->began_ns, &e->ended_ns);
}

static void take_started(struct fl_material *m, const struct fl_frame *f)
{
	if (!f->name[0])
		m->started_ns = f->time_ns;
	else if (m->beside.n < FL_MATERIAL_BESIDE &&
		 sscanf(f->text, "pid %u", &m->beside.v[m->beside.n]) == 1)
		m->beside.n++;
}

/*
 * Does the pid belong to a step's program: itself, or a process of its session?  The agent gives
 * each program a session.
 */
static bool is_beside(const struct fl_material *m, unsigned int pid, const struct fl_frame *f)
{
	double session = 0;

	fl_text_colon(f->text, f->len, "NSsid", &session);
	for (size_t i = 0; i < m->beside.n; i++)
		if (m->beside.v[i] == pid || m->beside.v[i] == (unsigned int)session)
			return true;
	return false;
}

/*
 * The kernel's maximum RSS of a process can be read until its exit, where the agent stops it; for
 * children that were waited for it is in the exit record.
 */
static void take_status(struct fl_material *m, const struct fl_frame *f)
{
	double kib;
	unsigned int pid;
	int end = 0;

	if (sscanf(f->name, "/proc/%u/status%n", &pid, &end) != 1 || !end || f->name[end] ||
	    is_beside(m, pid, f) || fl_text_colon(f->text, f->len, "VmHWM", &kib))
		return;
	m->hwm_kib = kib > m->hwm_kib ? kib : m->hwm_kib;
}

void fl_material_frame(struct fl_material *m, const struct fl_frame *f)
{
	m->last_ns = f->time_ns;
	switch (f->type) {
	case FL_STARTED:
		take_started(m, f);
		break;
	case FL_TEXT:
		if (!m->exit.seen)
			take_status(m, f);
		if (m->exit.seen) {
			fl_collect_after(m->collecting, f->name, f->text, f->len);
			if (!m->keep_on)
				break;
		}
		fl_collect_text(m->collecting, f->name, f->text, f->len,
				since_start(m, f->time_ns));
		break;
	case FL_TICK:
		take_tick(m, f);
		break;
	case FL_OUT:
		if (!strchr(f->name, '/')) /* a program beside has its own place (programs.h) */
			fl_text_append(strcmp(f->name, "stderr") ? &m->out : &m->err, f->text,
				       f->len);
		break;
	case FL_LATENCY:
		fl_text_append(&m->latency, f->text, f->len);
		break;
	case FL_PIECE:
		fl_text_append(&m->trace, f->text, f->len);
		break;
	case FL_EXIT:
		if (!f->name[0])
			take_exit(m, f);
		break;
	default:
		break;
	}
}

static size_t read_whole(const char *path, char **text)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct fl_text t = { 0 };
	char buf[65536];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		fl_text_append(&t, buf, (size_t)n);
	*text = t.text;
	return t.len;
}

void fl_material_host(struct fl_material *m, pid_t qemu, uint64_t guest_ns)
{
	for (const struct fl_collector *const *c = fl_collectors(); *c; c++) {
		cleanup_free char *path = NULL, *name = NULL, *text = NULL;
		size_t len;

		if ((*c)->side != FL_SIDE_HOST)
			continue;
		path = fl_asprintf("/proc/%d/%s", (int)qemu, (*c)->file);
		name = fl_asprintf("host:%s", (*c)->file);
		len = read_whole(path, &text);
		if (len)
			fl_collect_text(m->collecting, name, text, len, since_start(m, guest_ns));
	}
	fl_collect_tick_host(m->collecting, since_start(m, guest_ns));
}

void fl_material_qmp(struct fl_material *m, const char *command, const char *text)
{
	cleanup_free char *name = fl_asprintf("qmp:%s", command);

	fl_collect_text(m->collecting, name, text, strlen(text), 0);
}

void fl_material_step(struct fl_material *m, const char *file, const char *text, uint64_t guest_ns)
{
	cleanup_free char *name = fl_asprintf("step:%s", file);

	fl_collect_text(m->collecting, name, text, strlen(text), 0);
	fl_collect_tick_host(m->collecting, since_start(m, guest_ns));
}

char *fl_material_sample_spec(uint64_t interval_ns, bool keep_on)
{
	char *spec =
		fl_asprintf("interval_ms %llu\n%s", (unsigned long long)(interval_ns / 1000000),
			    keep_on ? "keep_on 1\n" : "");

	for (const struct fl_collector *const *c = fl_collectors(); *c; c++) {
		char *old = spec;
		char line[320];

		if ((*c)->side != FL_SIDE_GUEST && (*c)->side != FL_SIDE_PROCESS)
			continue;
		snprintf(line, sizeof(line), "%s %s\n",
			 (*c)->whole                   ? "listing"
			 : (*c)->side == FL_SIDE_GUEST ? "global"
						       : "process",
			 (*c)->file);
		if (strstr(spec, line))
			continue;
		spec = fl_asprintf("%s%s", old, line);
		free(old);
	}
	return spec;
}

static int save(const char *dir, const char *name, const struct fl_text *t, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, name);

	return t->len ? fl_write_file(path, t->text, t->len, err) : 0;
}

static void put_harness_metrics(struct fl_material *m, struct fl_result *r)
{
	const struct fl_exit *e = &m->exit;
	double ns, idle = m->out.len ? fl_collect_idle(m->out.text, m->out.len) : 0;

	if (!e->seen || !m->started_ns || m->exited_ns <= m->started_ns)
		return;
	ns = (double)(m->exited_ns - m->started_ns);
	if (e->ended_ns > e->began_ns)
		ns = (double)(e->ended_ns - e->began_ns);
	if (idle > 0 && idle < ns)
		fl_result_put(r, "workload_idle", idle, FL_UNIT_NS);
	fl_result_put(r, "workload_time", idle < ns ? ns - idle : ns, FL_UNIT_NS);
	fl_result_put(r, "workload_user_time", e->user_us * 1e3, FL_UNIT_NS);
	fl_result_put(r, "workload_system_time", e->system_us * 1e3, FL_UNIT_NS);
	fl_result_put(r, "fault_count", e->faults + e->major, FL_UNIT_COUNT);
	fl_result_put(r, "guest_rss_peak", e->maxrss_kib > m->hwm_kib ? e->maxrss_kib : m->hwm_kib,
		      FL_UNIT_KIB);
	fl_result_put(r, "sample_count", m->samples, FL_UNIT_COUNT);
	fl_result_put(r, "sample_cost", 100 * m->sample_cost_ns / ns, FL_UNIT_PERCENT);
}

/* Nothing is kept of an invalid file: neither its first classes nor part of a curve. */
static int read_latency(struct fl_material *m, const char *dir, struct fl_result *r,
			struct fl_error *why)
{
	size_t classes = r->n_classes, buckets = r->n_buckets;
	int line;

	if (!m->latency.len || !fl_collect_latency(r, m->latency.text, m->latency.len, &line))
		return 0;
	r->n_classes = classes;
	r->n_buckets = buckets;
	fl_fail(why, FL_FAILED, "%s/latency:%d: not a latency file%s", dir, line,
		m->latency.cut ? ", cut at 16 MiB" : "");
	return 1;
}

static int too_many(struct fl_error *why)
{
	fl_fail(why, FL_FAILED, "more than %u values of samples came; the rest is left out",
		FL_TICKS_MAX);
	return 1;
}

int fl_material_close(struct fl_material *m, const char *dir, const char *workload,
		      struct fl_result *r, struct fl_error *why)
{
	int bad = 0;

	if (save(dir, "stdout", &m->out, why) || save(dir, "stderr", &m->err, why) ||
	    save(dir, "latency", &m->latency, why) || save(dir, "trace", &m->trace, why))
		bad = -1;
	fl_collect_finish(m->collecting, r);
	put_harness_metrics(m, r);
	if (!bad)
		bad = read_latency(m, dir, r, why);
	if (!bad && r->ticks_cut)
		bad = too_many(why);
	if (m->out.len) {
		fl_collect_output(r, workload, m->out.text, m->out.len);
		fl_collect_cases(r, m->out.text, m->out.len);
	}
	free(m->out.text);
	free(m->err.text);
	if (m->trace.len)
		fl_collect_trace(r, m->trace.text, m->trace.len);
	free(m->latency.text);
	free(m->trace.text);
	return bad;
}
