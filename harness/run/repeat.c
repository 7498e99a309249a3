/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/repeat.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/experiment/kernels.h"
#include "harness/guest/kernel.h"

/* Makes a file's path absolute, so that the line works anywhere; a name from bench/ stays. */
static void push_experiment(struct fl_strv *words, const char *name)
{
	size_t len = strlen(name);
	bool path = strchr(name, '/') || (len > 4 && !strcmp(name + len - 4, ".ini"));
	cleanup_free char *absolute = path ? fl_absolute(name) : NULL;

	fl_strv_push(words, path ? absolute : name);
}

static void push_each(struct fl_strv *words, const char *option, const struct fl_strv *values)
{
	for (size_t i = 0; i < values->n; i++) {
		fl_strv_push(words, option);
		fl_strv_push(words, values->v[i]);
	}
}

/* "A,NAME=B" with both paths made absolute; text that is not a list stays. */
static char *absolute_list(const char *list)
{
	struct fl_strv items = { 0 };
	char *out = fl_strdup("");

	if (fl_strv_split_list(&items, list)) {
		fl_strv_release(&items);
		free(out);
		return fl_strdup(list);
	}
	for (size_t i = 0; i < items.n; i++) {
		size_t name = fl_kernel_given_name(items.v[i]);
		cleanup_free char *place = fl_kernel_absolute(items.v[i] + name);
		cleanup_free char *old = out;

		out = fl_asprintf("%s%s%.*s%s", old, i ? "," : "", (int)name, items.v[i], place);
	}
	fl_strv_release(&items);
	return out;
}

static void push_kernels(struct fl_strv *words, const struct fl_strv *lists)
{
	for (size_t i = 0; i < lists->n; i++) {
		cleanup_free char *list = absolute_list(lists->v[i]);

		fl_strv_push(words, "-k");
		fl_strv_push(words, list);
	}
}

static void push_number(struct fl_strv *words, const char *option, unsigned int n)
{
	if (!n)
		return;
	fl_strv_push(words, option);
	fl_strv_pushf(words, "%u", n);
}

static void push_word(struct fl_strv *words, const char *option, const char *word)
{
	fl_strv_push(words, option);
	fl_strv_push(words, word);
}

char *fl_run_line(const struct fl_run_options *o)
{
	struct fl_strv words = { 0 };
	char *line;

	fl_strv_push(&words, "run");
	push_experiment(&words, o->experiment);
	push_each(&words, "-s", &o->settings);
	push_each(&words, "-w", &o->workloads);
	push_kernels(&words, &o->kernels);
	push_number(&words, "--repeat", o->repeat);
	if (o->clock >= 0)
		push_word(&words, "--clock",
			  o->clock == FL_CLOCK_INSTRUCTIONS ? "instructions" : "real");
	if (o->accel != FL_ACCEL_AUTO)
		push_word(&words, "--accel", o->accel == FL_ACCEL_KVM ? "kvm" : "tcg");
	push_number(&words, "--cpus", o->cpus);
	if (o->parallel)
		fl_strv_push(&words, "--parallel");
	push_each(&words, "--stall", &o->stalls);
	push_each(&words, "--entry", &o->entries);
	if (o->host)
		push_word(&words, "--target", "host");
	push_number(&words, "--jobs", o->jobs);
	if (o->quick)
		fl_strv_push(&words, "--quick");
	line = fl_strv_join_words((const char *const *)words.v, words.n);
	fl_strv_release(&words);
	return line;
}
