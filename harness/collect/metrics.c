/* SPDX-License-Identifier: GPL-2.0 */
/* The registry: every table, walked as one. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/collect.h"
#include "harness/collect/tables.h"

const char *const fl_owner_names[] = {
	[FL_OWNER_KERNEL] = "kernel",         [FL_OWNER_WORKLOAD] = "workload",
	[FL_OWNER_HARNESS] = "harness",       [FL_OWNER_STEP] = "step",
	[FL_OWNER_EXPERIMENT] = "experiment",
};

const char *const fl_better_names[] = {
	[FL_NEITHER] = "-",
	[FL_LESS] = "less",
	[FL_MORE] = "more",
};

const char *const fl_class_names[] = {
	[FL_EXACT] = "exact",
	[FL_NOISY] = "noisy",
	[FL_TAIL] = "tail",
	[FL_UNJUDGED] = "not judged",
};

const char *const fl_topic_names[] = {
	[FL_TOPIC_CASES] = "test cases",
	[FL_TOPIC_TOUCH] = "touches and faults",
	[FL_TOPIC_REPORTING] = "free page reporting",
	[FL_TOPIC_GUESTS] = "several guests",
	[FL_TOPIC_FORK] = "fork and snapshot",
	[FL_TOPIC_DENSITY] = "children that fit",
	[FL_TOPIC_PRESSURE] = "memory pressure",
	[FL_TOPIC_HOTPLUG] = "memory hot-plug",
	[FL_TOPIC_SEARCH] = "search",
	[FL_TOPIC_MEMORY] = "memory",
	[FL_TOPIC_HUGE] = "huge pages",
	[FL_TOPIC_FOLIOS] = "large folios by size",
	[FL_TOPIC_SWAP] = "swap",
	[FL_TOPIC_BALLOON] = "balloon",
	[FL_TOPIC_PROMOTION] = "promotion, from the trace",
	[FL_TOPIC_HOST] = "host",
	[FL_TOPIC_TIME] = "time",
	[FL_TOPIC_STEPS] = "steps",
};

static const struct fl_metric *(*const tables[])(void) = {
	fl_harness_metrics, fl_latency_metrics, fl_profile_metrics,  fl_trace_metrics,
	fl_stall_metrics,   fl_step_metrics,    fl_workload_metrics,
};

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

/* Takes from *i the length of the table; the entry if it lies in it. */
static const struct fl_metric *within(const struct fl_metric *m, size_t *i)
{
	for (; m->name; m++)
		if (!(*i)--)
			return m;
	return NULL;
}

const struct fl_metric *fl_metric_at(size_t i)
{
	const struct fl_metric *m = NULL;

	for (const struct fl_collector *const *c = fl_collectors(); *c && !m; c++)
		m = within((*c)->metrics, &i);
	for (size_t t = 0; t < N_TABLES && !m; t++)
		m = within(tables[t](), &i);
	return m;
}

static const struct fl_metric *find_in(const struct fl_metric *m, const char *name)
{
	for (; m->name; m++)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

typedef const struct fl_metric *search_fn(const struct fl_metric *table, const char *name);

static const struct fl_metric *search(search_fn *find, const char *name)
{
	const struct fl_metric *m = NULL;

	for (const struct fl_collector *const *c = fl_collectors(); *c && !m; c++)
		m = find((*c)->metrics, name);
	for (size_t t = 0; t < N_TABLES && !m; t++)
		m = find(tables[t](), name);
	return m;
}

static const struct fl_series *series_of(const char *name)
{
	for (const struct fl_collector *const *c = fl_collectors(); *c; c++)
		for (const struct fl_series *s = (*c)->series; s->name; s++)
			if (s->timeline && fl_metric_fits(s->name, name))
				return s;
	return NULL;
}

static size_t word_length(const char *pattern)
{
	return strspn(pattern, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static bool is_word(const char *pattern, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(pattern, word, len);
}

/* May name[len] stand for that word of a pattern? */
static bool stands_for(const char *word, size_t word_len, const char *name, size_t len)
{
	size_t digits = strspn(name, "0123456789");

	if (is_word(word, word_len, "GUEST") || is_word(word, word_len, "ROUND"))
		return digits == len;
	if (is_word(word, word_len, "SIZE"))
		return digits && (digits == len || (digits + 1 == len && isalpha(name[digits])));
	return true;
}

bool fl_metric_fits(const char *pattern, const char *name)
{
	size_t word = word_length(pattern);

	if (!word) {
		if (*pattern != *name)
			return false;
		return !*pattern || fl_metric_fits(pattern + 1, name + 1);
	}
	for (size_t len = 1; len <= strlen(name); len++)
		if (stands_for(pattern, word, name, len) &&
		    fl_metric_fits(pattern + word, name + len))
			return true;
	return false;
}

/* METRIC_of_STEP has the meaning of METRIC, if a program can print that one. */
static const struct fl_metric *of_program(const char *name)
{
	const struct fl_metric *m = NULL;

	for (const char *at = strstr(name, "_of_"); at && !m; at = strstr(at + 1, "_of_")) {
		cleanup_free char *metric = strndup(name, (size_t)(at - name));

		m = at[4] ? search(find_in, metric) : NULL;
		if (m && (m->series || m->owner == FL_OWNER_STEP || m->owner == FL_OWNER_KERNEL))
			m = NULL;
	}
	return m;
}

/* SERIES_at_STEP has the unit of SERIES: there is an entry for each. */
static const struct fl_metric *at_step(const char *name)
{
	for (const char *at = strstr(name, "_at_"); at; at = strstr(at + 1, "_at_")) {
		cleanup_free char *series = strndup(name, (size_t)(at - name));
		const struct fl_series *s = series_of(series);

		for (const struct fl_metric *m = fl_step_metrics(); s && at[4] && m->name; m++)
			if (!strcmp(m->name, FL_AT_STEP) && m->unit == s->unit)
				return m;
	}
	return NULL;
}

static const struct fl_metric *family_in(const struct fl_metric *m, const char *name)
{
	for (; m->name; m++)
		if (strcmp(m->name, FL_AT_STEP) && strcmp(m->name, FL_OF_STEP) &&
		    m->name[strcspn(m->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] &&
		    fl_metric_fits(m->name, name))
			return m;
	return NULL;
}

const struct fl_metric *fl_metric_find(const char *name)
{
	const struct fl_metric *m = search(find_in, name);

	if (!m)
		m = at_step(name);
	if (!m)
		m = of_program(name);
	return m ? m : search(family_in, name);
}
