/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text that the kernel gives begins, for us, with what was enabled and with
 * the settings that the parser (collect/trace.c) needs, as comments: so the
 * point's file says all by itself.
 */
#include "harness/run/trace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"

#define TRACING "/sys/kernel/tracing/"
#define TEXT_MAX "8388608"

static const struct fl_strv *events(const struct fl_session *s)
{
	return &s->c->point->workload->trace;
}

static char *enable_path(const char *event)
{
	char *path = fl_asprintf(TRACING "events/%s/enable", event);
	char *colon = strchr(path, ':');

	if (colon)
		*colon = '/';
	return path;
}

int fl_trace_ask(struct fl_session *s)
{
	int r = FL_GO_ON;

	for (size_t i = 0; r == FL_GO_ON && i < events(s)->n; i++) {
		cleanup_free char *path = enable_path(events(s)->v[i]);

		r = fl_session_send(s, FL_WRITE, path, "1", 1);
	}
	return r;
}

static void say(struct fl_session *s, const char *what, const char *value)
{
	cleanup_free char *line = fl_asprintf("# %s %s\n", what, value);

	fl_text_append(&s->material.trace, line, strlen(line));
}

static int take_answer(struct fl_session *s, const char *event)
{
	struct fl_frame f;
	int error = EPROTO, r = fl_session_wait(s, FL_WRITTEN, &f);

	if (r != FL_GO_ON)
		return r;
	if (sscanf(f.text, "errno %d", &error) != 1 || (error && error != ENOENT))
		return fl_outcome_decide(s->o, FL_STATUS_FAILED, "kernel %s cannot trace %s: %s",
					 s->o->kernel_release, event, strerror(error));
	if (!error)
		say(s, "enabled", event);
	return FL_GO_ON;
}

int fl_trace_begin(struct fl_session *s)
{
	const struct fl_point *p = s->c->point;
	int r = FL_GO_ON;

	for (size_t i = 0; r == FL_GO_ON && i < events(s)->n; i++)
		r = take_answer(s, events(s)->v[i]);
	for (size_t i = 0; events(s)->n && i < p->n_settings; i++)
		say(s, p->settings[i].name, p->settings[i].value);
	return r;
}

int fl_trace_ask_text(struct fl_session *s)
{
	int r;

	if (!events(s)->n)
		return FL_GO_ON;
	r = fl_session_send(s, FL_WRITE, TRACING "tracing_on", "0", 1);
	return r == FL_GO_ON
		       ? fl_session_send(s, FL_FETCH, TRACING "trace", TEXT_MAX, sizeof(TEXT_MAX))
		       : r;
}

int fl_trace_end(struct fl_session *s)
{
	struct fl_frame f;
	int r = FL_GO_ON;

	if (!events(s)->n)
		return FL_GO_ON;
	do {
		r = fl_session_wait(s, FL_PIECE, &f);
	} while (r == FL_GO_ON && f.len);
	return r;
}
