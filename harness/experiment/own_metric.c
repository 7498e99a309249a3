/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/own_metric.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/units.h"
#include "harness/experiment/ini.h"
#include "harness/experiment/keys.h"

static const char word[] = "metric";

bool fl_own_metrics_section(const char *section)
{
	return fl_ini_after(section, word) != NULL;
}

/* --- one key each: 0 or -EINVAL --- */

static int take_about(struct fl_own_metric *m, const char *value)
{
	return fl_ini_text(&m->about, value);
}

/* Quotes around the whole keep blanks at its ends, and make an empty text. */
static char *unquoted(const char *value)
{
	size_t len = strlen(value);
	bool quoted = len >= 2 && (*value == '"' || *value == '\'') && value[len - 1] == *value;

	return quoted ? strndup(value + 1, len - 2) : fl_strdup(value);
}

static int take_found(struct fl_own_metric *m, enum fl_find find, const char *text)
{
	free(m->text);
	m->find = find;
	m->text = unquoted(text);
	return 0;
}

static int take_after(struct fl_own_metric *m, const char *value)
{
	return take_found(m, FL_FIND_AFTER, value);
}

static int take_before(struct fl_own_metric *m, const char *value)
{
	return take_found(m, FL_FIND_BEFORE, value);
}

static int take_json(struct fl_own_metric *m, const char *value)
{
	const char *at = value;
	struct fl_path_step step;
	int got;

	while ((got = fl_path_next(&at, &step)) > 0)
		;
	free(m->text);
	m->find = FL_FIND_JSON;
	m->text = fl_strdup(value);
	return got;
}

static char *trimmed(const char *text, size_t len)
{
	cleanup_free char *copy = NULL;

	for (; len && strchr(" \t", *text); len--)
		text++;
	while (len && strchr(" \t", text[len - 1]))
		len--;
	copy = strndup(text, len);
	return unquoted(copy);
}

/* Rows have commas of their own ("MSET (10 keys, 3 bytes)"), columns have not. */
static int take_csv(struct fl_own_metric *m, const char *value)
{
	const char *comma = strrchr(value, ',');

	if (!comma)
		return -EINVAL;
	free(m->text);
	free(m->column);
	m->find = FL_FIND_CSV;
	m->text = trimmed(value, (size_t)(comma - value));
	m->column = trimmed(comma + 1, strlen(comma + 1));
	return *m->text && *m->column ? 0 : -EINVAL;
}

/* Index of value among words that a NULL ends; -EINVAL. */
static int find_word(const char *const words[], const char *value)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], value))
			return i;
	return -EINVAL;
}

static int take_better(struct fl_own_metric *m, const char *value)
{
	static const char *const words[] = {
		[FL_OWN_NEITHER] = "neither", [FL_OWN_LESS] = "less", [FL_OWN_MORE] = "more", NULL
	};
	int i = find_word(words, value);

	m->better = i < 0 ? FL_OWN_NEITHER : (enum fl_own_better)i;
	return i < 0 ? i : 0;
}

static int take_class(struct fl_own_metric *m, const char *value)
{
	static const char *const words[] = {
		[FL_OWN_NOISY] = "noisy", [FL_OWN_EXACT] = "exact", [FL_OWN_TAIL] = "tail", NULL
	};
	int i = find_word(words, value);

	m->class = i < 0 ? FL_OWN_NOISY : (enum fl_own_class)i;
	return i < 0 ? i : 0;
}

static int take_pick(struct fl_own_metric *m, const char *value)
{
	static const char *const words[] = {
		[FL_PICK_LAST] = "last",
		[FL_PICK_FIRST] = "first",
		[FL_PICK_MAX] = "max",
		[FL_PICK_MEAN] = "mean",
		[FL_PICK_MIN] = "min",
		[FL_PICK_SUM] = "sum",
		NULL,
	};
	int i = find_word(words, value);

	m->pick = i < 0 ? FL_PICK_LAST : (enum fl_pick)i;
	return i < 0 ? i : 0;
}

static int take_from(struct fl_own_metric *m, const char *value)
{
	fl_ini_text(&m->from, value);
	return strpbrk(value, " \t,") ? -EINVAL : 0;
}

static int take_nth(struct fl_own_metric *m, const char *value)
{
	uint64_t n;

	if (fl_parse_u64(value, 1, 1000, &n))
		return -EINVAL;
	m->nth = (unsigned int)n;
	return 0;
}

static int take_unit(struct fl_own_metric *m, const char *value)
{
	fl_ini_text(&m->unit, value);
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p <= ' ' || strchr("\",;<>&", *p))
			return -EINVAL;
	return strlen(value) > FL_OWN_METRIC_UNIT_MAX ? -EINVAL : 0;
}

static int take_workloads(struct fl_own_metric *m, const char *value)
{
	return fl_strv_split_list(&m->workloads, value);
}

enum { ABOUT, AFTER, BEFORE, BETTER, CLASS, CSV, FROM, JSON, NTH, PICK, UNIT, WORKLOAD, N_KEYS };

static const struct {
	const char *name;
	int (*take)(struct fl_own_metric *m, const char *value);
	const char *wanted;
} keys[N_KEYS] = {
	[ABOUT] = { "about", take_about, "" },
	[AFTER] = { "after", take_after, "" },
	[BEFORE] = { "before", take_before, "" },
	[BETTER] = { "better", take_better, "one of more, less, neither" },
	[CLASS] = { "class", take_class, "one of noisy, exact, tail" },
	[CSV] = { "csv", take_csv, "ROW, COLUMN: the row's first field, the column's heading" },
	[FROM] = { "from", take_from, "stdout, stderr, or the name of a run step" },
	[JSON] = { "json", take_json, "a path such as jobs[0].read.iops or a[\"b.c\"]" },
	[NTH] = { "nth", take_nth, "a whole number from 1 to 1000" },
	[PICK] = { "pick", take_pick, "one of last, first, max, mean, min, sum" },
	[UNIT] = { "unit", take_unit, "one word such as ops/s, us, KiB, count" },
	[WORKLOAD] = { "workload", take_workloads, "names separated by commas" },
};

#define FINDS (1u << AFTER | 1u << BEFORE | 1u << CSV | 1u << JSON)

static int take_key(struct fl_own_metric *m, const char *key, const char *value,
		    struct fl_error *err)
{
	unsigned int i = 0;

	while (i < N_KEYS && strcmp(keys[i].name, key) != 0)
		i++;
	if (i == N_KEYS)
		return fl_key_unknown("metric NAME", m->name, key, err);
	if (m->seen & 1u << i)
		return fl_fail(err, FL_USAGE, "%s is given twice in [metric %s]", key, m->name);
	if ((1u << i & FINDS) && (m->seen & FINDS))
		return fl_fail(err, FL_USAGE, "[metric %s]: only one of after, before, json, csv",
			       m->name);
	m->seen |= 1u << i;
	return keys[i].take(m, value) ? fl_fail(err, FL_USAGE, "%s = %s in [metric %s]: %s", key,
						value, m->name, keys[i].wanted)
				      : 0;
}

static int check_name(const char *name, struct fl_error *err)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (!*name)
		return fl_fail(err, FL_USAGE, "[metric] needs a name: [metric NAME]");
	if (name[len] || len > FL_OWN_METRIC_NAME_MAX || *name < 'a')
		return fl_fail(err, FL_USAGE,
			       "[metric %s]: a name is a letter, then letters, digits and _, at "
			       "most %d, all lowercase",
			       name, FL_OWN_METRIC_NAME_MAX);
	return 0;
}

int fl_own_metrics_take(struct fl_own_metrics *m, const char *section, const char *key,
			const char *value, unsigned int line, struct fl_error *err)
{
	const char *name = fl_ini_after(section, word);

	if (check_name(name, err))
		return -1;
	if (!m->n || strcmp(m->v[m->n - 1].name, name) != 0) {
		if (fl_own_metrics_find(m, name))
			return fl_fail(err, FL_USAGE, "[metric %s] is given twice", name);
		m->v = fl_realloc(m->v, (m->n + 1) * sizeof(*m->v));
		m->v[m->n++] = (struct fl_own_metric){
			.name = fl_strdup(name), .from = fl_strdup("stdout"), .nth = 1, .line = line
		};
	}
	return take_key(&m->v[m->n - 1], key, value, err);
}

static int check_whole(const struct fl_own_metric *m, struct fl_error *err)
{
	static const unsigned int needed[] = { ABOUT, UNIT, BETTER };

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!(m->seen & 1u << needed[i]))
			return fl_fail(err, FL_USAGE, "[metric %s] needs %s =", m->name,
				       keys[needed[i]].name);
	if (!(m->seen & FINDS))
		return fl_fail(
			err, FL_USAGE,
			"[metric %s] needs one of after =, before =, json =, csv =", m->name);
	if ((m->seen & 1u << NTH) && m->find != FL_FIND_AFTER && m->find != FL_FIND_BEFORE)
		return fl_fail(err, FL_USAGE, "[metric %s]: nth goes with after or before",
			       m->name);
	return 0;
}

int fl_own_metrics_check(const struct fl_own_metrics *m, const char *file, struct fl_error *err)
{
	for (size_t i = 0; i < m->n; i++)
		if (check_whole(&m->v[i], err))
			return fl_prefix(err, "%s:%u", file, m->v[i].line);
	return 0;
}

static int take_line(void *arg, const char *section, const char *key, const char *value,
		     unsigned int line, struct fl_error *err)
{
	return fl_own_metrics_section(section)
		       ? fl_own_metrics_take(arg, section, key, value, line, err)
		       : 0;
}

int fl_own_metrics_parse(struct fl_own_metrics *m, const char *text, struct fl_error *err)
{
	memset(m, 0, sizeof(*m));
	return fl_ini_read_text(text, "the stored experiment", take_line, m, err);
}

const struct fl_own_metric *fl_own_metrics_find(const struct fl_own_metrics *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strcmp(m->v[i].name, name))
			return &m->v[i];
	return NULL;
}

bool fl_own_metric_is_of(const struct fl_own_metric *m, const char *workload)
{
	return !m->workloads.n || fl_strv_has(&m->workloads, workload);
}

void fl_own_metrics_release(struct fl_own_metrics *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct fl_own_metric *one = &m->v[i];

		free(one->name);
		free(one->about);
		free(one->unit);
		free(one->text);
		free(one->column);
		free(one->from);
		fl_strv_release(&one->workloads);
	}
	free(m->v);
	memset(m, 0, sizeof(*m));
}

/* --- paths --- */

/* ["KEY"] or [NUMBER], whose opening bracket is at **path. */
static int take_bracket(const char **path, struct fl_path_step *step)
{
	const char *at = *path + 1, *end;
	char *rest;

	if (*at == '"') {
		end = strchr(at + 1, '"');
		if (!end || end[1] != ']')
			return -EINVAL;
		*step = (struct fl_path_step){ at + 1, (size_t)(end - at - 1), 0, true };
		*path = end + 2;
		return 1;
	}
	if (*at < '0' || *at > '9')
		return -EINVAL;
	errno = 0;
	*step = (struct fl_path_step){ .index = strtoul(at, &rest, 10) };
	if (errno || *rest != ']')
		return -EINVAL;
	*path = rest + 1;
	return 1;
}

int fl_path_next(const char **path, struct fl_path_step *step)
{
	size_t len;
	int got;

	if (!**path)
		return 0;
	if (**path == '[') {
		got = take_bracket(path, step);
	} else {
		len = strcspn(*path, ".[");
		*step = (struct fl_path_step){ *path, len, 0, false };
		*path += len;
		got = len ? 1 : -EINVAL;
	}
	if (got > 0 && **path == '.' && !*++*path)
		return -EINVAL;
	return got > 0 && **path && **path != '[' && (*path)[-1] != '.' ? -EINVAL : got;
}
