/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/summary.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/foreign.h"
#include "harness/experiment/ini.h"
#include "harness/judge/provenance.h"

const char *fl_summary_setting(const struct fl_stored_point *p, const char *name)
{
	for (size_t i = 0; i < p->n_settings; i++)
		if (!strcmp(p->settings[i].name, name))
			return p->settings[i].value;
	return NULL;
}

const char *fl_summary_point_value(const struct fl_stored_point *p, const char *key)
{
	if (!strcmp(key, "kernel"))
		return p->kernel;
	if (!strcmp(key, "workload"))
		return p->workload_name;
	return fl_summary_setting(p, key);
}

const char *fl_summary_value(const struct fl_summary *s, const struct fl_row *row, const char *key)
{
	return fl_summary_point_value(&s->points[row->points[0]], key);
}

bool fl_summary_takes(const struct fl_summary *s, const struct fl_row *row,
		      const struct fl_conditions *c)
{
	for (size_t i = 0; i < c->keys.n; i++) {
		const char *value = fl_summary_value(s, row, c->keys.v[i]);
		const char *wanted = c->values.v[i];

		if (!strcmp(c->keys.v[i], "kernel"))
			wanted = fl_kernel_of_role(&s->run, wanted);
		if (!value || strcmp(value, wanted) != 0)
			return false;
	}
	return true;
}

static bool names(const struct fl_conditions *c, const char *key)
{
	for (size_t i = 0; i < c->keys.n; i++)
		if (!strcmp(c->keys.v[i], key))
			return true;
	return false;
}

/* How many settings two rows have in common, a kernel counting as the first of them. */
static size_t likeness(const struct fl_summary *s, const struct fl_row *a, const struct fl_row *b)
{
	const struct fl_stored_point *p = &s->points[a->points[0]];
	size_t n = !strcmp(a->kernel, b->kernel);

	for (size_t i = 0; i < p->n_settings; i++) {
		const char *other = fl_summary_value(s, b, p->settings[i].name);

		n += other && !strcmp(other, p->settings[i].value);
	}
	return n;
}

const struct fl_row *fl_summary_reference(const struct fl_summary *s, const struct fl_row *row,
					  const struct fl_conditions *against)
{
	const struct fl_row *best = NULL;

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *r = &s->rows[i];

		if (!fl_summary_takes(s, r, against) || !r->n_ok)
			continue;
		if (!names(against, "workload") &&
		    strcmp(r->workload_name, row->workload_name) != 0)
			continue;
		if (!best || likeness(s, row, r) > likeness(s, row, best))
			best = r;
	}
	return best;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool varies(const struct fl_summary *s, const char *name)
{
	const char *first = fl_summary_setting(&s->points[0], name);

	for (size_t i = 1; i < s->n_points; i++)
		if (!same_text(first, fl_summary_setting(&s->points[i], name)))
			return true;
	return false;
}

static bool same_settings(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	if (a->n_settings != b->n_settings)
		return false;
	for (size_t i = 0; i < a->n_settings; i++)
		if (!same_text(a->settings[i].value, fl_summary_setting(b, a->settings[i].name)))
			return false;
	return true;
}

/* "khugepaged.max_ptes_none" is max_ptes_none here: the table has little room. */
static const char *short_name(const char *name)
{
	const char *dot = strchr(name, '.');

	if (!strncmp(name, "thp.enabled", 11))
		return "thp";
	return dot ? dot + 1 : name;
}

/* Do all the settings of p but `without` and those dropped before also hold for another row? */
static bool ambiguous(const struct fl_summary *s, const struct fl_stored_point *p,
		      const bool *dropped, size_t without)
{
	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *o = &s->points[i];
		bool agrees = true;

		if (same_settings(o, p))
			continue;
		for (size_t j = 0; j < p->n_settings && agrees; j++)
			if (j != without && !dropped[j])
				agrees = same_text(p->settings[j].value,
						   fl_summary_setting(o, p->settings[j].name));
		if (agrees)
			return true;
	}
	return false;
}

static bool is_everywhere(const struct fl_summary *s, const char *name)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (!fl_summary_setting(&s->points[i], name))
			return false;
	return true;
}

/*
 * The settings that vary, without those that the others already tell; first to go are those that
 * some rows do not have, as that tells less than another value.
 */
char *fl_summary_label(const struct fl_summary *s, const struct fl_stored_point *p)
{
	cleanup_free bool *dropped = fl_calloc(p->n_settings, sizeof(*dropped));
	char *text = fl_strdup("");

	for (size_t i = 0; i < p->n_settings; i++)
		dropped[i] = !varies(s, p->settings[i].name);
	for (int everywhere = 0; everywhere < 2; everywhere++)
		for (size_t i = p->n_settings; i-- > 0;)
			if (is_everywhere(s, p->settings[i].name) == (everywhere == 1))
				dropped[i] = dropped[i] || !ambiguous(s, p, dropped, i);
	for (size_t i = 0; i < p->n_settings; i++) {
		cleanup_free char *old = NULL;

		if (dropped[i])
			continue;
		old = text;
		text = fl_asprintf("%s%s%s=%s", old, *old ? " " : "",
				   short_name(p->settings[i].name), p->settings[i].value);
	}
	return text;
}

/* Those that are the same everywhere. */
static char *common_settings(const struct fl_summary *s)
{
	const struct fl_stored_point *p = s->points;
	char *text = fl_strdup("");

	for (size_t i = 0; s->n_points && i < p->n_settings; i++) {
		cleanup_free char *old = NULL;

		if (varies(s, p->settings[i].name))
			continue;
		old = text;
		text = fl_asprintf("%s%s%s=%s", old, *old ? " " : "", p->settings[i].name,
				   p->settings[i].value);
	}
	return text;
}

static bool same_row(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	return !strcmp(a->kernel, b->kernel) && !strcmp(a->workload_name, b->workload_name) &&
	       same_settings(a, b);
}

static struct fl_row *row_of(struct fl_summary *s, size_t point)
{
	const struct fl_stored_point *p = &s->points[point];
	struct fl_row *row;

	for (size_t i = 0; i < s->n_rows; i++)
		if (same_row(&s->points[s->rows[i].points[0]], p))
			return &s->rows[i];
	s->rows = fl_realloc(s->rows, (s->n_rows + 1) * sizeof(*s->rows));
	row = &s->rows[s->n_rows++];
	*row = (struct fl_row){
		.kernel = p->kernel,
		.workload_name = p->workload_name,
		.workload = p->workload,
		.label = fl_summary_label(s, p),
	};
	if (!*row->label) {
		free(row->label);
		row->label = fl_strdup("as booted");
	}
	return row;
}

static int take_key(void *arg, const char *section, const char *key, const char *value,
		    unsigned int line, struct fl_error *err)
{
	struct fl_summary *s = arg;

	(void)line;
	(void)err;
	if (!strcmp(section, "experiment") && !strcmp(key, "columns"))
		fl_strv_split_list(&s->columns, value);
	if (!strcmp(section, "experiment") && !strcmp(key, "picture"))
		return fl_ini_text(&s->picture, value);
	return 0;
}

static int read_own_metrics(struct fl_summary *s, struct fl_error *err)
{
	if (fl_own_metrics_parse(&s->own, s->run.experiment_text, err))
		return -1;
	s->own_meanings = fl_calloc(s->own.n, sizeof(*s->own_meanings));
	for (size_t i = 0; i < s->own.n; i++)
		s->own_meanings[i] = fl_foreign_meaning(&s->own.v[i]);
	return 0;
}

const struct fl_metric *fl_summary_meaning(const struct fl_summary *s, const char *name)
{
	for (size_t i = 0; i < s->own.n; i++)
		if (!strcmp(s->own.v[i].name, name))
			return &s->own_meanings[i];
	return fl_metric_find(name);
}

int fl_summary_read(struct fl_summary *s, struct fl_store *store, int64_t run, struct fl_error *err)
{
	memset(s, 0, sizeof(*s));
	if (fl_store_run(store, run, &s->run, err) ||
	    fl_store_points(store, run, &s->points, &s->n_points, err) ||
	    fl_store_provenance(store, run, &s->provenance, err))
		return -1;
	for (size_t i = 0; i < s->n_points; i++) {
		struct fl_row *row = row_of(s, i);

		row->points = fl_realloc(row->points, (row->n + 1) * sizeof(*row->points));
		row->points[row->n++] = i;
		row->n_ok += !strcmp(s->points[i].status, "ok");
		fl_strv_add(&s->workloads, s->points[i].workload_name);
		s->kernels_vary |= strcmp(s->points[i].kernel, s->points[0].kernel) != 0;
	}
	s->common = common_settings(s);
	if (fl_summary_name_rows(s, err) || fl_case_changes_read(&s->cases, s, store, err) ||
	    read_own_metrics(s, err))
		return -1;
	return fl_ini_read_text(s->run.experiment_text, "the stored experiment", take_key, s, err);
}

void fl_summary_release(struct fl_summary *s)
{
	free(s->picture);
	for (size_t i = 0; i < s->n_rows; i++) {
		free(s->rows[i].label);
		free(s->rows[i].name);
		free(s->rows[i].points);
	}
	free(s->rows);
	free(s->common);
	fl_case_changes_release(&s->cases);
	fl_own_metrics_release(&s->own);
	free(s->own_meanings);
	fl_strv_release(&s->workloads);
	fl_strv_release(&s->columns);
	fl_provenance_release(&s->provenance);
	fl_stored_points_free(s->points, s->n_points);
	fl_stored_run_release(&s->run);
	memset(s, 0, sizeof(*s));
}

#define WARM_FROM 4

size_t fl_summary_values(const struct fl_summary *s, const struct fl_row *row, const char *metric,
			 bool warm, double *values, const char **unit)
{
	const struct fl_metric *meaning = fl_summary_meaning(s, metric);
	bool any_end = meaning && meaning->any_end;
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *p = &s->points[row->points[i]];

		if (warm && p->repeat == 1 && row->n_ok >= WARM_FROM)
			continue;
		if (!any_end && strcmp(p->status, "ok") != 0)
			continue;
		for (size_t j = 0; j < p->n_metrics; j++) {
			if (strcmp(p->metrics[j].name, metric))
				continue;
			if (!n && unit)
				*unit = p->metrics[j].unit;
			values[n++] = p->metrics[j].value;
			break; /* values has room for one a point */
		}
	}
	return n;
}

const struct fl_row *fl_summary_row_of(const struct fl_summary *s, const struct fl_stored_point *p)
{
	for (size_t i = 0; i < s->n_rows; i++)
		for (size_t j = 0; j < s->rows[i].n; j++)
			if (&s->points[s->rows[i].points[j]] == p)
				return &s->rows[i];
	return NULL;
}

char *fl_summary_row_name(const struct fl_row *row)
{
	return fl_asprintf("%s %s", row->workload_name, row->label);
}

struct fl_spread fl_summary_metric(const struct fl_summary *s, const struct fl_row *row,
				   const char *metric, const char **unit)
{
	cleanup_free double *values = fl_calloc(row->n, sizeof(*values));
	size_t n = fl_summary_values(s, row, metric, false, values, unit);

	return fl_spread(values, n);
}

const struct fl_stored_point *fl_summary_point(const struct fl_summary *s, unsigned int number,
					       struct fl_error *err)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (s->points[i].number == number)
			return &s->points[i];
	if (number <= s->run.planned)
		fl_fail(err, FL_USAGE, "%s: point %u was not measured (%s after %u of %u)",
			s->run.name, number, s->run.state, s->run.stored, s->run.planned);
	else
		fl_fail(err, FL_USAGE, "%s has no point %u: 1 to %u", s->run.name, number,
			s->run.planned);
	return NULL;
}

static const char *word(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "?";
}

char *fl_summary_machine(const struct fl_summary *s)
{
	json_t *o = json_loads(s->run.machine_json, 0, NULL);
	const char *qemu = word(o, "qemu"), *accel = word(o, "accelerator");
	bool guest = strcmp(accel, "none") != 0;
	char *text =
		fl_asprintf("%s, %lld threads, %.0f GiB, Linux %s%s%.*s%s%s%s", word(o, "cpu"),
			    (long long)json_integer_value(json_object_get(o, "threads")),
			    (double)json_integer_value(json_object_get(o, "memory_kib")) / 1048576,
			    word(o, "kernel"), guest ? ", " : ", on the host itself",
			    guest ? (int)strcspn(qemu, "(") : 0, qemu, guest ? "under " : "",
			    guest ? accel : "",
			    !strncmp(s->run.timebase, "tcg", 3) ? ": emulated time"
			    : !strcmp(s->run.timebase, "insn")  ? ": instructions"
								: "");

	json_decref(o);
	return text;
}

const char *fl_summary_clock(const struct fl_summary *s)
{
	if (!strcmp(s->run.timebase, "tcg-multi"))
		return "Emulated CPUs that run at once (ns-tcg-multi): times are not judged.";
	if (!strcmp(s->run.timebase, "tcg"))
		return "Emulated time (ns-tcg) compares settings; it does not predict hardware.";
	if (!strcmp(s->run.timebase, "insn"))
		return "Instructions, not time (unit insn): exact, blind to caches and memory.";
	return "Times are nanoseconds on real hardware.";
}

const char *fl_summary_time(const struct fl_summary *s)
{
	if (!strcmp(s->run.timebase, "insn"))
		return "instructions";
	return !strncmp(s->run.timebase, "tcg", 3) ? "ns of emulated time" : "ns";
}

bool fl_summary_judges(const char *unit)
{
	return !strstr(unit, "-tcg-multi");
}

const struct fl_stored_point *fl_summary_good_boot(const struct fl_summary *s,
						   const struct fl_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!strcmp(s->points[row->points[i]].status, "ok"))
			return &s->points[row->points[i]];
	return NULL;
}

double fl_readable(const char *unit, double max, char *out, size_t len)
{
	static const struct {
		const char *unit, *larger, *largest;
		double first, second, from;
	} ladders[] = {
		{ "ns", "us", "ms", 1e3, 1e6, 1e4 },
		{ "ns-tcg", "us-tcg", "ms-tcg", 1e3, 1e6, 1e4 },
		{ "ns-host", "us-host", "ms-host", 1e3, 1e6, 1e4 },
		{ "insn", "kinsn", "Minsn", 1e3, 1e6, 1e4 },
		{ "KiB", "MiB", "GiB", 1024, 1048576, 1e4 },
		{ "1/s", "k/s", "M/s", 1e3, 1e6, 1e4 },
		{ "1/s-tcg", "k/s-tcg", "M/s-tcg", 1e3, 1e6, 1e4 },
	};

	for (size_t i = 0; i < sizeof(ladders) / sizeof(ladders[0]); i++) {
		if (strcmp(ladders[i].unit, unit) || max < ladders[i].from)
			continue;
		if (max < ladders[i].from * ladders[i].first) {
			snprintf(out, len, "%s", ladders[i].larger);
			return ladders[i].first;
		}
		snprintf(out, len, "%s", ladders[i].largest);
		return ladders[i].second;
	}
	snprintf(out, len, "%s", unit);
	return 1;
}
