/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/step.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/experiment/experiment.h"

#define TIMEOUT_NS (60ull * 1000000000)
#define TIMEOUT_MAX_NS (86400ull * 1000000000)
#define BLOCK (128ull << 20) /* memory comes and goes in blocks of this size on x86 */
#define MIB (1ull << 20)

void fl_steps_init(struct fl_steps *s, const char *workload)
{
	*s = (struct fl_steps){ .workload = workload ? fl_strdup(workload) : NULL,
				.timeout_ns = TIMEOUT_NS };
}

static void release_step(struct fl_step *step)
{
	free(step->name);
	free(step->text);
	free(step->what);
	free(step->with);
}

void fl_steps_release(struct fl_steps *s)
{
	for (size_t i = 0; i < s->n; i++)
		release_step(&s->v[i]);
	free(s->v);
	free(s->workload);
	memset(s, 0, sizeof(*s));
}

/* --- one action each: 0 or -EINVAL --- */

static int take_size(struct fl_step *step, const char *rest)
{
	if (fl_parse_size(rest, &step->bytes) || !step->bytes || step->bytes % MIB)
		return -EINVAL;
	return 0;
}

static int take_dimm(struct fl_step *step, const char *rest)
{
	struct fl_strv words = { 0 };
	uint64_t node = 0;
	int bad = fl_strv_split_words(&words, rest);

	if (!bad &&
	    (words.n < 1 || words.n > 2 || take_size(step, words.v[0]) || step->bytes % BLOCK))
		bad = -EINVAL;
	if (!bad && words.n == 2 &&
	    (strncmp(words.v[1], "node=", 5) || fl_parse_u64(words.v[1] + 5, 0, 15, &node)))
		bad = -EINVAL;
	step->node = (unsigned int)node;
	fl_strv_release(&words);
	return bad;
}

static int take_nothing(struct fl_step *step, const char *rest)
{
	(void)step;
	return *rest ? -EINVAL : 0;
}

static int take_name(struct fl_step *step, const char *rest)
{
	if (!*rest || strpbrk(rest, " \t"))
		return -EINVAL;
	step->what = fl_strdup(rest);
	return 0;
}

static int take_any_name(struct fl_step *step, const char *rest)
{
	return *rest ? take_name(step, rest) : 0;
}

static int take_command(struct fl_step *step, const char *rest)
{
	struct fl_strv words = { 0 };
	int bad = fl_strv_split_words(&words, rest);

	if (!bad && !words.n)
		bad = -EINVAL;
	fl_strv_release(&words);
	step->what = fl_strdup(rest);
	return bad;
}

static int take_time(struct fl_step *step, const char *rest)
{
	return fl_parse_time(rest, &step->wait_ns) || step->wait_ns > TIMEOUT_MAX_NS ? -EINVAL : 0;
}

/* Text to its end; quotes around the whole keep what the file's reader would cut. */
static int take_text(struct fl_step *step, const char *rest)
{
	size_t len = strlen(rest);

	if (len >= 2 && (*rest == '"' || *rest == '\'') && rest[len - 1] == *rest) {
		rest++;
		len -= 2;
	}
	if (!len)
		return -EINVAL;
	step->what = strndup(rest, len);
	return 0;
}

/* A word, and the rest if there is one. */
static int take_two(struct fl_step *step, const char *rest)
{
	size_t len = strcspn(rest, " \t");

	if (!len)
		return -EINVAL;
	step->what = strndup(rest, len);
	rest += len + strspn(rest + len, " \t");
	step->with = *rest ? fl_strdup(rest) : NULL;
	return 0;
}

static int take_qmp(struct fl_step *step, const char *rest)
{
	json_t *args;
	bool good;

	if (take_two(step, rest))
		return -EINVAL;
	args = step->with ? json_loads(step->with, JSON_REJECT_DUPLICATES, NULL) : NULL;
	good = !step->with || json_is_object(args);
	json_decref(args);
	return good ? 0 : -EINVAL;
}

static int take_write(struct fl_step *step, const char *rest)
{
	return take_two(step, rest) || *step->what != '/' || !step->with ? -EINVAL : 0;
}

static const struct {
	const char *word, *form;
	int (*take)(struct fl_step *step, const char *rest);
} actions[] = {
	[FL_DO_BALLOON] = { "balloon", "balloon SIZE, in whole MiB, such as 624m", take_size },
	[FL_DO_DIMM_ADD] = { "dimm-add", "dimm-add SIZE [node=N], in blocks of 128m", take_dimm },
	[FL_DO_DIMM_DEL] = { "dimm-del", "dimm-del STEP", take_name },
	[FL_DO_HOST_LIMIT] = { "host-limit", "host-limit SIZE, in whole MiB", take_size },
	[FL_DO_KILL] = { "kill", "kill [workload|STEP]", take_any_name },
	[FL_DO_QMP] = { "qmp", "qmp COMMAND [{JSON}]", take_qmp },
	[FL_DO_RUN] = { "run", "run COMMAND", take_command },
	[FL_DO_SAMPLE] = { "sample", "sample", take_nothing },
	[FL_DO_SETTLE] = { "settle", "settle TIME, such as 2s", take_time },
	[FL_DO_WAIT_EXIT] = { "wait-exit", "wait-exit [workload|STEP]", take_any_name },
	[FL_DO_WAIT_FREED] = { "wait-freed", "wait-freed TIME, such as 30s", take_time },
	[FL_DO_WAIT_OUTPUT] = { "wait-output", "wait-output TEXT", take_text },
	[FL_DO_WRITE] = { "write", "write /PATH VALUE", take_write },
};

const char *fl_action_form(unsigned int action)
{
	return action < FL_N_ACTIONS ? actions[action].form : NULL;
}

static int unknown_action(const char *name, const char *text, struct fl_error *err)
{
	char list[320] = "";

	for (size_t i = 0; i < FL_N_ACTIONS; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 actions[i].word);
	return fl_fail(err, FL_USAGE, "step %s = %s: it begins with one of %s", name, text, list);
}

static int check_name(const struct fl_steps *s, const char *name, struct fl_error *err)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (!len || name[len] || len > FL_STEP_NAME_MAX || *name < 'a' ||
	    !strcmp(name, FL_STEP_WORKLOAD))
		return fl_fail(err, FL_USAGE,
			       "step %s: a name is a letter, then letters, digits and _, at most "
			       "%d, all small, and not \"%s\"",
			       name, FL_STEP_NAME_MAX, FL_STEP_WORKLOAD);
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].name, name))
			return fl_fail(err, FL_USAGE, "step %s is given twice", name);
	return 0;
}

static int take_timeout(struct fl_steps *s, const char *text, struct fl_error *err)
{
	uint64_t ns;

	if (fl_parse_time(text, &ns) || ns < 1000000 || ns > TIMEOUT_MAX_NS)
		return fl_fail(err, FL_USAGE, "timeout = %s: a time with its unit, such as 60s",
			       text);
	s->timeout_ns = ns;
	return 0;
}

int fl_steps_take(struct fl_steps *s, const char *name, const char *text, unsigned int line,
		  struct fl_error *err)
{
	size_t len = strcspn(text, " \t"), i = 0;
	const char *rest = text + len + strspn(text + len, " \t");
	struct fl_step step = { .timeout_ns = s->timeout_ns, .line = line };

	if (!strcmp(name, "timeout"))
		return take_timeout(s, text, err);
	if (check_name(s, name, err))
		return -1;
	while (i < FL_N_ACTIONS &&
	       (strlen(actions[i].word) != len || strncmp(actions[i].word, text, len) != 0))
		i++;
	if (i == FL_N_ACTIONS)
		return unknown_action(name, text, err);
	step.action = (enum fl_action)i;
	if (actions[i].take(&step, rest)) {
		release_step(&step);
		return fl_fail(err, FL_USAGE, "step %s = %s: wanted %s", name, text,
			       actions[i].form);
	}
	step.name = fl_strdup(name);
	step.text = fl_strdup(text);
	s->v = fl_realloc(s->v, (s->n + 1) * sizeof(*s->v));
	s->v[s->n++] = step;
	return 0;
}

/* --- the whole --- */

static bool goes_before(const struct fl_steps *s, size_t at, enum fl_action action)
{
	for (size_t i = 0; i < at; i++)
		if (s->v[i].action == action && !strcmp(s->v[i].name, s->v[at].what))
			return true;
	return false;
}

static bool has_before(const struct fl_steps *s, size_t at, enum fl_action action)
{
	for (size_t i = 0; i < at; i++)
		if (s->v[i].action == action)
			return true;
	return false;
}

static int check_references(const struct fl_steps *s, size_t at, struct fl_error *err)
{
	const struct fl_step *step = &s->v[at];
	bool program = step->action == FL_DO_KILL || step->action == FL_DO_WAIT_EXIT;

	if (program && step->what && strcmp(step->what, FL_STEP_WORKLOAD) != 0 &&
	    !goes_before(s, at, FL_DO_RUN))
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: \"%s\", or the name of a run step above it",
			       step->name, step->text, FL_STEP_WORKLOAD);
	if (step->action == FL_DO_DIMM_DEL && !goes_before(s, at, FL_DO_DIMM_ADD))
		return fl_fail(err, FL_USAGE, "step %s = %s: the name of a dimm-add step above it",
			       step->name, step->text);
	if (step->action == FL_DO_WAIT_FREED && !has_before(s, at, FL_DO_SAMPLE))
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: what is freed is counted from a sample step above it",
			       step->name, step->text);
	if (step->action == FL_DO_RUN && strstr(step->what, "@latency@"))
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: @latency@ is the workload's; leave it out",
			       step->name, step->text);
	return 0;
}

static int check_guest(const struct fl_step *step, struct fl_guest_spec *spec, struct fl_error *err)
{
	char memory[32];

	if (spec->clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE,
			       "step %s: steps need clock = real: what the host does comes at no "
			       "certain instruction",
			       step->name);
	if (step->action == FL_DO_BALLOON && step->bytes > spec->memory)
		return fl_fail(err, FL_USAGE, "step %s = %s: the guest has only memory = %s",
			       step->name, step->text,
			       fl_format_size(spec->memory, memory, sizeof(memory)));
	if (step->action == FL_DO_DIMM_ADD && step->node >= spec->numa)
		return fl_fail(err, FL_USAGE, "step %s = %s: the guest has only numa = %u",
			       step->name, step->text, spec->numa);
	if (step->action == FL_DO_DIMM_ADD && spec->machine == FL_MACHINE_MICROVM)
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: a microvm takes no memory; machine = q35", step->name,
			       step->text);
	return 0;
}

int fl_steps_check(const struct fl_steps *s, struct fl_guest_spec *spec, const char *file,
		   struct fl_error *err)
{
	uint64_t added = 0;
	unsigned int dimms = 0, runs = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct fl_step *step = &s->v[i];

		if (check_references(s, i, err) || check_guest(step, spec, err))
			return fl_prefix(err, "%s:%u", file, step->line);
		runs += step->action == FL_DO_RUN;
		if (runs > FL_STEP_RUNS_MAX) {
			fl_fail(err, FL_USAGE, "step %s: at most %d run steps", step->name,
				FL_STEP_RUNS_MAX);
			return fl_prefix(err, "%s:%u", file, step->line);
		}
		spec->balloon |= step->action == FL_DO_BALLOON;
		spec->limited |= step->action == FL_DO_HOST_LIMIT;
		if (step->action == FL_DO_DIMM_ADD) {
			added += step->bytes;
			dimms++;
		}
	}
	spec->hotplug_memory = added > spec->hotplug_memory ? added : spec->hotplug_memory;
	spec->hotplug_slots = dimms > spec->hotplug_slots ? dimms : spec->hotplug_slots;
	return 0;
}
