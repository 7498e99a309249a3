/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/stall.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"

#define LEAST_NS 1000
#define MOST_NS 1000000000
#define ONE_IN_MAX 1000000

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$"

static int take_function(struct fl_stall *s, const char *name, struct fl_error *err)
{
	size_t len = strlen(name);

	if (!len || name[strspn(name, NAME_LETTERS)])
		return fl_fail(err, FL_USAGE, "'%s' is no name of a function", name);
	if (len >= sizeof(s->function))
		return fl_fail(err, FL_USAGE, "'%.32s...' is longer than %zu letters", name,
			       sizeof(s->function) - 1);
	snprintf(s->function, sizeof(s->function), "%s", name);
	return 0;
}

static int take_time(struct fl_stall *s, const char *time, struct fl_error *err)
{
	if (fl_parse_time(time, &s->ns) || s->ns < LEAST_NS || s->ns > MOST_NS)
		return fl_fail(err, FL_USAGE, "'%s' is no time from 1us to 1s, such as 200us",
			       time);
	return 0;
}

static int take_share(struct fl_stall *s, const char *share, struct fl_error *err)
{
	uint64_t n;

	if (strncmp(share, "1/", 2) || fl_parse_u64(share + 2, 1, ONE_IN_MAX, &n))
		return fl_fail(err, FL_USAGE, "'%s' is no share of the entries, such as 1/8",
			       share);
	s->one_in = (unsigned int)n;
	return 0;
}

static int take_one(struct fl_stall *s, const char *text, struct fl_error *err)
{
	cleanup_free char *copy = fl_strdup(text);
	char *rest = copy, *name = strsep(&rest, ":"), *time = strsep(&rest, ":");

	s->one_in = 1;
	if (!time)
		return fl_fail(err, FL_USAGE, "'%s': FUNCTION:TIME or FUNCTION:TIME:1/N is wanted",
			       text);
	if (take_function(s, name, err) || take_time(s, time, err))
		return -1;
	return rest ? take_share(s, rest, err) : 0;
}

static int take_next(struct fl_stalls *s, const char *text, struct fl_error *err)
{
	if (s->n == FL_STALLS_MAX)
		return fl_fail(err, FL_USAGE, "more than %d functions", FL_STALLS_MAX);
	if (take_one(&s->v[s->n], text, err))
		return -1;
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].function, s->v[s->n].function))
			return fl_fail(err, FL_USAGE, "%s is there twice", s->v[i].function);
	s->n++;
	return 0;
}

int fl_stalls_parse(struct fl_stalls *s, const char *text, struct fl_error *err)
{
	cleanup_free char *copy = fl_strdup(text);
	char *rest = copy, *one;

	s->n = 0;
	if (!strcmp(text, FL_STALL_NONE))
		return 0;
	while ((one = strsep(&rest, "+")))
		if (take_next(s, one, err))
			return -1;
	return 0;
}
