/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/programs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"

/* What --latency 1 appends to a program's own lines. */
#define LATENCY_HEAD "faultline-latency "

struct fl_program *fl_programs_add(struct fl_programs *p, const char *name)
{
	struct fl_program *new = &p->v[p->n++];

	*new = (struct fl_program){ .name = name, .running = true };
	return new;
}

/* The agent names the workload's frames "", its output stdout; another's NAME and NAME/stdout. */
static struct fl_program *of_frame(struct fl_programs *p, const struct fl_frame *f)
{
	size_t len = f->type == FL_OUT && !strchr(f->name, '/') ? 0 : strcspn(f->name, "/");

	for (size_t i = 0; i < p->n; i++) {
		const char *name = strcmp(p->v[i].name, FL_STEP_WORKLOAD) ? p->v[i].name : "";

		if (strlen(name) == len && !strncmp(name, f->name, len))
			return &p->v[i];
	}
	return NULL;
}

void fl_programs_frame(struct fl_programs *p, const struct fl_frame *f)
{
	struct fl_program *one;
	char how[16];

	if (f->type != FL_OUT && f->type != FL_EXIT)
		return;
	one = of_frame(p, f);
	if (one && f->type == FL_OUT)
		fl_text_append(&one->out, f->text, f->len);
	if (!one || f->type != FL_EXIT || sscanf(f->text, "%15s %d", how, &one->code) != 2)
		return;
	one->running = false;
	one->killed = !strcmp(how, "killed");
}

bool fl_programs_running(const struct fl_programs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].running && (!name || !strcmp(p->v[i].name, name)))
			return true;
	return false;
}

bool fl_programs_stopped(const struct fl_programs *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].stopped && !strcmp(p->v[i].name, name))
			return true;
	return false;
}

bool fl_programs_heard(struct fl_programs *p, const char *text)
{
	for (size_t i = 0; i < p->n; i++) {
		struct fl_program *one = &p->v[i];
		const char *at = one->out.text
					 ? memmem(one->out.text + one->heard,
						  one->out.len - one->heard, text, strlen(text))
					 : NULL;

		if (!at)
			continue;
		one->heard = (size_t)(at - one->out.text) + strlen(text);
		return true;
	}
	return false;
}

void fl_programs_last_line(const struct fl_programs *p, char *line, size_t len)
{
	*line = '\0';
	for (size_t i = p->n; i && !*line; i--)
		fl_text_last_line(&p->v[i - 1].out, line, len);
}

static bool is_bad(const struct fl_program *one)
{
	return !one->running && !one->stopped && (one->killed || one->code);
}

bool fl_programs_any_bad(const struct fl_programs *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_bad(&p->v[i]))
			return true;
	return false;
}

const char *fl_programs_bad(struct fl_programs *p)
{
	char words[256];

	for (size_t i = 0; i < p->n; i++) {
		const struct fl_program *one = &p->v[i];

		if (!is_bad(one) || !strcmp(one->name, FL_STEP_WORKLOAD))
			continue;
		fl_text_last_line(&one->out, words, sizeof(words));
		snprintf(p->bad, sizeof(p->bad), "%s %s %d%s%s", one->name,
			 one->killed ? "was killed by signal" : "exited with status", one->code,
			 *words ? ": " : "", words);
		return p->bad;
	}
	return NULL;
}

static int save(const struct fl_program *one, const char *dir, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/output-%s", dir, one->name);

	return fl_write_file(path, one->out.text, one->out.len, err);
}

/*
 * Names too long for the store are dropped.  1: invalid latencies, *why names the line.  The output
 * of a program killed by a step may be truncated.
 */
static int put_numbers(const struct fl_program *one, const char *dir, struct fl_result *r,
		       struct fl_error *why)
{
	const char *end = one->out.text + one->out.len;
	const char *latency =
		memmem(one->out.text, one->out.len, LATENCY_HEAD, strlen(LATENCY_HEAD));
	struct fl_result own = { 0 };
	char name[sizeof(own.values->name)];
	int line, bad = 0;

	fl_collect_output(&own, one->name, one->out.text, one->out.len);
	if (latency && fl_collect_latency(&own, latency, (size_t)(end - latency), &line) &&
	    !one->stopped) {
		bad = 1;
		fl_fail(why, FL_FAILED, "%s/output-%s: line %d of the latencies is no such line",
			dir, one->name, line);
	}
	for (size_t i = 0; i < own.n_values; i++)
		if (snprintf(name, sizeof(name), "%s_of_%s", own.values[i].name, one->name) <
		    (int)sizeof(name))
			fl_result_put(r, name, own.values[i].value, own.values[i].unit);
	fl_result_release(&own);
	return bad;
}

static int close_one(const struct fl_program *one, const char *dir, struct fl_result *r,
		     struct fl_error *why)
{
	if (!strcmp(one->name, FL_STEP_WORKLOAD) || !one->out.len)
		return 0;
	return save(one, dir, why) ? -1 : put_numbers(one, dir, r, why);
}

int fl_programs_close(struct fl_programs *p, const char *dir, struct fl_result *r,
		      struct fl_error *why)
{
	struct fl_error untold;
	int bad = 0;

	for (size_t i = 0; i < p->n; i++) {
		int one = close_one(&p->v[i], dir, r, bad ? &untold : why);

		bad = bad ? bad : one;
		free(p->v[i].out.text);
	}
	p->n = 0;
	return bad;
}
