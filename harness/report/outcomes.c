/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/ini.h"

static int take_results(void *arg, const char *section, const char *key, const char *value,
			unsigned int line, struct fl_error *err)
{
	(void)line;
	(void)err;
	if (!strcmp(section, "experiment") && !strcmp(key, "outcomes"))
		fl_strv_split_list(arg, value);
	return 0;
}

bool fl_outcomes_fails(const struct fl_outcomes *o, const char *status)
{
	return strcmp(status, "ok") != 0 && strcmp(status, "skipped") != 0 &&
	       !fl_strv_has(&o->results, status);
}

void fl_outcomes_count(struct fl_outcomes *o, const struct fl_summary *s)
{
	struct fl_error ignored;

	memset(o, 0, sizeof(*o));
	fl_ini_read_text(s->run.experiment_text, "the stored experiment", take_results, &o->results,
			 &ignored);
	for (size_t i = 0; i < s->n_points; i++) {
		const char *status = s->points[i].status;

		o->ok += !strcmp(status, "ok");
		o->result += fl_strv_has(&o->results, status);
		o->skipped += !strcmp(status, "skipped");
		o->failed += fl_outcomes_fails(o, status);
	}
	if (s->run.stored < s->run.planned)
		o->missing = s->run.planned - s->run.stored;
}

char *fl_outcomes_text(const struct fl_outcomes *o)
{
	cleanup_free char *names = fl_strv_join(&o->results, "/");
	cleanup_free char *results =
		o->result ? fl_asprintf(", %zu %s", o->result, names) : fl_strdup("");
	cleanup_free char *missing =
		o->missing ? fl_asprintf(", %u not measured", o->missing) : fl_strdup("");

	return fl_asprintf("%zu ok%s, %zu skipped%s", o->ok, results, o->skipped, missing);
}

void fl_outcomes_release(struct fl_outcomes *o)
{
	fl_strv_release(&o->results);
	memset(o, 0, sizeof(*o));
}
