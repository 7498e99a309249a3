/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/selection.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/summary.h"

static int take_condition(struct fl_selection *s, const char *text, const char *condition,
			  struct fl_error *err)
{
	const char *equals = strchr(condition, '=');
	cleanup_free char *key = NULL;

	if (!equals || equals == condition || !equals[1])
		return fl_fail(err, FL_USAGE,
			       "%s: after @ come KEY=VALUE,... with KEY kernel, workload or a "
			       "setting",
			       text);
	key = strndup(condition, (size_t)(equals - condition));
	fl_strv_push(&s->keys, key);
	fl_strv_push(&s->values, equals + 1);
	return 0;
}

int fl_selection_parse(struct fl_selection *s, struct fl_store *store, const char *text,
		       struct fl_error *err)
{
	const char *at = strchr(text, '@');
	cleanup_free char *run = at ? strndup(text, (size_t)(at - text)) : fl_strdup(text);
	struct fl_strv conditions = { 0 };
	int bad = 0;

	memset(s, 0, sizeof(*s));
	if (at && fl_strv_split_list(&conditions, at + 1))
		bad = fl_fail(err, FL_USAGE, "%s: an empty condition after @", text);
	for (size_t i = 0; i < conditions.n && !bad; i++)
		bad = take_condition(s, text, conditions.v[i], err);
	fl_strv_release(&conditions);
	return bad ? -1 : fl_store_find_run(store, run, &s->run, err);
}

static bool is_known(const struct fl_summary *run, const char *key)
{
	for (size_t i = 0; i < run->n_points; i++)
		if (fl_summary_point_value(&run->points[i], key))
			return true;
	return !run->n_points;
}

/* "kernel, workload, thp.enabled"; malloc'd. */
static char *known_keys(const struct fl_summary *run)
{
	char *text = fl_strdup("kernel, workload");
	struct fl_strv names = { 0 };

	for (size_t i = 0; i < run->n_points; i++)
		for (size_t j = 0; j < run->points[i].n_settings; j++)
			fl_strv_add(&names, run->points[i].settings[j].name);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *old = text;

		text = fl_asprintf("%s, %s", old, names.v[i]);
	}
	fl_strv_release(&names);
	return text;
}

int fl_selection_check(const struct fl_selection *s, const struct fl_summary *run,
		       struct fl_error *err)
{
	for (size_t i = 0; i < s->keys.n; i++) {
		cleanup_free char *keys = NULL;

		if (is_known(run, s->keys.v[i]))
			continue;
		keys = known_keys(run);
		return fl_fail(err, FL_USAGE, "%s@%s=%s: no point has %s; this run has %s",
			       run->run.name, s->keys.v[i], s->values.v[i], s->keys.v[i], keys);
	}
	return 0;
}

void fl_selection_release(struct fl_selection *s)
{
	fl_strv_release(&s->keys);
	fl_strv_release(&s->values);
}

bool fl_selection_takes(const struct fl_selection *s, const struct fl_stored_point *p)
{
	for (size_t i = 0; i < s->keys.n; i++) {
		const char *value = fl_summary_point_value(p, s->keys.v[i]);

		if (!value || strcmp(value, s->values.v[i]))
			return false;
	}
	return true;
}

bool fl_selection_names(const struct fl_selection *s, const char *key)
{
	for (size_t i = 0; i < s->keys.n; i++)
		if (!strcmp(s->keys.v[i], key))
			return true;
	return false;
}
