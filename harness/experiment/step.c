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
#include "harness/experiment/command.h"
#include "harness/experiment/experiment.h"
#include "harness/wire/frame.h"

#define TIMEOUT_NS (60ull * 1000000000)
#define TIMEOUT_MAX_NS (86400ull * 1000000000)
#define BLOCK (128ull << 20) /* memory comes and goes in blocks of this size on x86 */
#define MIB (1ull << 20)
#define VIRTIO_MEM_BLOCK (2 * MIB)

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

static int take_memory_option(struct fl_step *step, const char *word)
{
	uint64_t node;

	if (!strcmp(word, "reserve=off") || !strcmp(word, "reserve=on")) {
		step->unreserved = !strcmp(word, "reserve=off");
		return 0;
	}
	if (strncmp(word, "node=", 5) || fl_parse_u64(word + 5, 0, 15, &node))
		return -EINVAL;
	step->node = (unsigned int)node;
	return 0;
}

/* SIZE [node=N] [reserve=off] */
static int take_memory(struct fl_step *step, const char *rest, uint64_t block)
{
	struct fl_strv words = { 0 };
	int bad = fl_strv_split_words(&words, rest);

	if (!bad && (!words.n || fl_parse_size(words.v[0], &step->bytes) || step->bytes % block))
		bad = -EINVAL;
	for (size_t i = 1; !bad && i < words.n; i++)
		bad = take_memory_option(step, words.v[i]);
	fl_strv_release(&words);
	return bad;
}

static int take_dimm(struct fl_step *step, const char *rest)
{
	return take_memory(step, rest, BLOCK) || !step->bytes ? -EINVAL : 0;
}

/* May shrink to 0. */
static int take_virtio_mem(struct fl_step *step, const char *rest)
{
	return take_memory(step, rest, VIRTIO_MEM_BLOCK);
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
	struct fl_error said;

	step->what = fl_strdup(rest);
	return fl_command_check(rest, &said) ? -EINVAL : 0;
}

static int take_time(struct fl_step *step, const char *rest)
{
	return fl_parse_time(rest, &step->wait_ns) || step->wait_ns > TIMEOUT_MAX_NS ? -EINVAL : 0;
}

/* Text up to the end; quotes around all of it keep what the file's parser would trim. */
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

static int take_online(struct fl_step *step, const char *rest)
{
	static const char *const zones[] = { "auto", "kernel", "movable" };

	if (take_two(step, rest))
		return -EINVAL;
	if (!step->with)
		step->with = fl_strdup(zones[0]);
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (!strcmp(step->with, zones[i]))
			return 0;
	return -EINVAL;
}

static const struct {
	const char *word, *form;
	int (*take)(struct fl_step *step, const char *rest);
} actions[] = {
	[FL_DO_BALLOON] = { "balloon", "balloon SIZE, in whole MiB, such as 624m", take_size },
	[FL_DO_DIMM_ADD] = { "dimm-add", "dimm-add SIZE [node=N] [reserve=off], in blocks of 128m",
			     take_dimm },
	[FL_DO_DIMM_DEL] = { "dimm-del", "dimm-del STEP", take_name },
	[FL_DO_HOST_LIMIT] = { "host-limit", "host-limit SIZE, in whole MiB", take_size },
	[FL_DO_KILL] = { "kill", "kill [workload|STEP]", take_any_name },
	[FL_DO_ONLINE] = { "online", "online STEP [auto|kernel|movable]", take_online },
	[FL_DO_QMP] = { "qmp", "qmp COMMAND [{JSON}]", take_qmp },
	[FL_DO_RUN] = { "run", "run COMMAND", take_command },
	[FL_DO_SAMPLE] = { "sample", "sample", take_nothing },
	[FL_DO_SETTLE] = { "settle", "settle TIME, such as 2s", take_time },
	[FL_DO_VIRTIO_MEM] = { "virtio-mem",
			       "virtio-mem SIZE [node=N] [reserve=off], in blocks of 2m",
			       take_virtio_mem },
	[FL_DO_WAIT_EXIT] = { "wait-exit", "wait-exit [workload|STEP]", take_any_name },
	[FL_DO_WAIT_FREED] = { "wait-freed", "wait-freed TIME, such as 30s", take_time },
	[FL_DO_WAIT_OUTPUT] = { "wait-output", "wait-output TEXT", take_text },
	[FL_DO_WRITE] = { "write", "write /PATH VALUE", take_write },
};

const char *fl_step_form(enum fl_action action)
{
	return actions[action].form;
}

static int unknown_action(const char *name, const char *text, struct fl_error *err)
{
	char list[320] = "";

	for (size_t i = 0; i < FL_N_ACTIONS; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 actions[i].word);
	return fl_fail(err, FL_USAGE, "step %s = %s: unknown action; one of %s", name, text, list);
}

static int check_name(const struct fl_steps *s, const char *name, struct fl_error *err)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (!len || name[len] || len > FL_STEP_NAME_MAX || *name < 'a' ||
	    !strcmp(name, FL_STEP_WORKLOAD))
		return fl_fail(err, FL_USAGE,
			       "step %s: a name is a letter, then letters, digits and _, at most "
			       "%d, all lowercase, and not \"%s\"",
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

/* The setting's name in an "@NAME@" here; setting names have a dot, @latency@ has none. */
static size_t word_at(const char *at)
{
	size_t len = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_-.");

	return len && at[1 + len] == '@' && memchr(at + 1, '.', len) ? len : 0;
}

static const char *find_word(const char *text)
{
	for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@'))
		if (word_at(at))
			return at;
	return NULL;
}

static const char *skip_word(const char *text)
{
	text += strcspn(text, " \t");
	return text + strspn(text, " \t");
}

int fl_steps_take(struct fl_steps *s, const char *name, const char *text, unsigned int line,
		  struct fl_error *err)
{
	bool try = !strncmp(text, "try", 3) && strchr(" \t", text[3]) && text[3];
	const char *word = try ? skip_word(text) : text, *rest = skip_word(word);
	size_t len = strcspn(word, " \t"), i = 0;
	struct fl_step step = {
		.timeout_ns = s->timeout_ns,
		.line = line,
		.may_fail = try,
		.later = find_word(rest) != NULL,
	};

	if (!strcmp(name, "timeout"))
		return take_timeout(s, text, err);
	if (check_name(s, name, err))
		return -1;
	while (i < FL_N_ACTIONS &&
	       (strlen(actions[i].word) != len || strncmp(actions[i].word, word, len) != 0))
		i++;
	if (i == FL_N_ACTIONS)
		return unknown_action(name, text, err);
	step.action = (enum fl_action)i;
	if (!step.later && actions[i].take(&step, rest)) {
		release_step(&step);
		if (step.action == FL_DO_RUN && strlen(rest) >= FL_COMMAND_MAX &&
		    fl_command_check(rest, err))
			return fl_prefix(err, "step %s", name);
		return fl_fail(err, FL_USAGE, "step %s = %.*s%s: expected %s", name,
			       FL_COMMAND_SHOWN, text, fl_command_dots(text), actions[i].form);
	}
	step.name = fl_strdup(name);
	step.text = fl_strdup(text);
	s->v = fl_realloc(s->v, (s->n + 1) * sizeof(*s->v));
	s->v[s->n++] = step;
	return 0;
}

/* --- words of a point --- */

static char *fill_words(const char *text, const struct fl_point_setting *settings, size_t n,
			struct fl_error *err)
{
	char *filled = fl_strdup("");

	for (const char *at; (at = find_word(text)); text = at + word_at(at) + 2) {
		size_t len = word_at(at), i = 0;
		cleanup_free char *before = filled;

		while (i < n && (strlen(settings[i].name) != len ||
				 strncmp(settings[i].name, at + 1, len) != 0))
			i++;
		if (i == n) {
			fl_fail(err, FL_USAGE, "@%.*s@: no such setting in [settings]", (int)len,
				at + 1);
			return NULL;
		}
		filled = fl_asprintf("%s%.*s%s", before, (int)(at - text), text, settings[i].value);
	}
	cleanup_free char *before = filled;

	return fl_asprintf("%s%s", before, text);
}

int fl_steps_fill(struct fl_steps *filled, const struct fl_steps *s,
		  const struct fl_point_setting *settings, size_t n, const char *file,
		  struct fl_error *err)
{
	int bad = 0;

	fl_steps_init(filled, s->workload);
	for (size_t i = 0; !bad && i < s->n; i++) {
		const struct fl_step *step = &s->v[i];
		cleanup_free char *text = fill_words(step->text, settings, n, err);

		filled->timeout_ns = step->timeout_ns;
		if (!text)
			bad = fl_prefix(err, "%s:%u: step %s = %s", file, step->line, step->name,
					step->text);
		else if (fl_steps_take(filled, step->name, text, step->line, err))
			bad = fl_prefix(err, "%s:%u", file, step->line);
	}
	if (bad)
		fl_steps_release(filled);
	return bad;
}

/* --- the whole --- */

/* A step of that name, or of any: NULL. */
static bool goes_before(const struct fl_steps *s, size_t at, enum fl_action action,
			const char *name)
{
	for (size_t i = 0; i < at; i++)
		if (s->v[i].action == action && (!name || !strcmp(s->v[i].name, name)))
			return true;
	return false;
}

static int check_references(const struct fl_steps *s, size_t at, struct fl_error *err)
{
	const struct fl_step *step = &s->v[at];
	bool program = step->action == FL_DO_KILL || step->action == FL_DO_WAIT_EXIT;

	if (program && step->what && strcmp(step->what, FL_STEP_WORKLOAD) != 0 &&
	    !goes_before(s, at, FL_DO_RUN, step->what))
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: \"%s\", or the name of a run step above it",
			       step->name, step->text, FL_STEP_WORKLOAD);
	if ((step->action == FL_DO_DIMM_DEL || step->action == FL_DO_ONLINE) &&
	    !goes_before(s, at, FL_DO_DIMM_ADD, step->what))
		return fl_fail(err, FL_USAGE, "step %s = %s: the name of a dimm-add step above it",
			       step->name, step->text);
	if (step->action == FL_DO_WAIT_FREED && !goes_before(s, at, FL_DO_SAMPLE, NULL))
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: needs a sample step above it, from which freed "
			       "memory is counted",
			       step->name, step->text);
	if (step->action == FL_DO_RUN && strstr(step->what, "@latency@"))
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: @latency@ is the workload's; leave it out",
			       step->name, step->text);
	return 0;
}

static bool adds_memory(const struct fl_step *step)
{
	return step->action == FL_DO_DIMM_ADD || step->action == FL_DO_VIRTIO_MEM;
}

static int check_guest(const struct fl_step *step, struct fl_guest_spec *spec, struct fl_error *err)
{
	char memory[32];

	if (spec->clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE,
			       "step %s: steps need clock = real, since the host does not act at a "
			       "fixed instruction",
			       step->name);
	if (step->action == FL_DO_BALLOON && step->bytes > spec->memory)
		return fl_fail(err, FL_USAGE, "step %s = %s: the guest has only memory = %s",
			       step->name, step->text,
			       fl_format_size(spec->memory, memory, sizeof(memory)));
	if (adds_memory(step) && step->node >= spec->numa)
		return fl_fail(err, FL_USAGE, "step %s = %s: the guest has only numa = %u",
			       step->name, step->text, spec->numa);
	if (adds_memory(step) && spec->machine == FL_MACHINE_MICROVM)
		return fl_fail(err, FL_USAGE,
			       "step %s = %s: a microvm has no memory hot-plug; use machine = q35",
			       step->name, step->text);
	return 0;
}

/* Its memmap, and twice that for what else the guest writes to that much memory. */
#define UNRESERVED_SHARE 32

static uint64_t at_least(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Devices for the steps; several virtio-mem steps resize one. */
static void equip(const struct fl_steps *s, struct fl_guest_spec *spec)
{
	uint64_t added = 0, backed = 0, resized = 0, resized_backed = 0;
	unsigned int dimms = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct fl_step *step = &s->v[i];
		uint64_t cost = step->unreserved ? step->bytes / UNRESERVED_SHARE : step->bytes;

		spec->balloon |= step->action == FL_DO_BALLOON;
		spec->limited |= step->action == FL_DO_HOST_LIMIT;
		if (step->action == FL_DO_DIMM_ADD) {
			dimms++;
			added += step->bytes;
			backed += cost;
		} else if (step->action == FL_DO_VIRTIO_MEM) {
			resized = at_least(resized, step->bytes);
			resized_backed = at_least(resized_backed, cost);
			spec->virtio_mem_node = step->node;
		}
	}
	spec->hotplug_memory = at_least(spec->hotplug_memory, added);
	spec->hotplug_backed = at_least(spec->hotplug_backed, backed + resized_backed);
	spec->hotplug_slots = dimms > spec->hotplug_slots ? dimms : spec->hotplug_slots;
	spec->virtio_mem = at_least(spec->virtio_mem, resized);
}

static int check_count(const struct fl_steps *s, enum fl_action action, size_t max,
		       const char *what, const char *file, struct fl_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		n += s->v[i].action == action;
		if (n <= max)
			continue;
		fl_fail(err, FL_USAGE, "step %s: at most %zu %s", s->v[i].name, max, what);
		return fl_prefix(err, "%s:%u", file, s->v[i].line);
	}
	return 0;
}

int fl_steps_check(const struct fl_steps *s, struct fl_guest_spec *spec, const char *file,
		   struct fl_error *err)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct fl_step *step = &s->v[i];

		if (!step->later && (check_references(s, i, err) || check_guest(step, spec, err)))
			return fl_prefix(err, "%s:%u", file, step->line);
	}
	if (check_count(s, FL_DO_RUN, FL_STEP_RUNS_MAX, "run steps", file, err) ||
	    check_count(s, FL_DO_DIMM_ADD, FL_STEP_DIMMS_MAX,
			"dimm-add steps: a guest has no more slots", file, err))
		return -1;
	equip(s, spec);
	return 0;
}
