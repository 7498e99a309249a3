/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/path_renamed.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum likeness { BY_NAME, BY_CALLER, BY_WORK };

/* Callers that were renamed themselves are one. */
static bool same_caller(const struct fl_path_alone *v, size_t n, const size_t *other,
			const struct fl_path_alone *a, const struct fl_path_alone *b)
{
	if (!strcmp(a->caller, b->caller))
		return true;
	for (size_t i = 0; i < n; i++)
		if (v[i].side == 0 && other[i] != FL_PATH_NOBODY && !strcmp(v[i].name, a->caller) &&
		    !strcmp(v[other[i]].name, b->caller))
			return true;
	return false;
}

/* Bytes that both have in a row, at most. */
static size_t common(const char *a, const char *b)
{
	size_t most = 0;

	for (const char *x = a; *x; x++)
		for (const char *y = b; *y; y++) {
			size_t n = 0;

			while (x[n] && x[n] == y[n])
				n++;
			most = n > most ? n : most;
		}
	return most;
}

#define ALIKE 0.6 /* of the longer name */

static bool names_alike(const char *a, const char *b)
{
	size_t x = strlen(a), y = strlen(b);

	return (double)common(a, b) >= ALIKE * (double)(x > y ? x : y);
}

static double ratio(double x, double y)
{
	double least = fmin(x, y);

	return least > 0 ? fmax(x, y) / least : INFINITY;
}

/* How unlike they are; INFINITY: they are two. */
static double distance(const struct fl_path_alone *a, const struct fl_path_alone *b)
{
	double times = ratio(a->insns, b->insns);

	if (ratio(a->calls, b->calls) > 1 + FL_RENAMED_CALLS || times > FL_RENAMED_TIMES)
		return INFINITY;
	return times;
}

#define MUCH 0.05

static bool is_alike(const struct fl_path_alone *v, size_t n, const size_t *other, size_t a,
		     size_t b, enum likeness by)
{
	switch (by) {
	case BY_NAME:
		return names_alike(v[a].name, v[b].name);
	case BY_CALLER:
		return same_caller(v, n, other, &v[a], &v[b]);
	default:
		return v[a].share >= MUCH && v[b].share >= MUCH &&
		       ratio(v[a].insns, v[b].insns) < 1 + FL_RENAMED_ALIKE;
	}
}

static bool pair_nearest(const struct fl_path_alone *v, size_t n, size_t *other, enum likeness by)
{
	double least = INFINITY;
	size_t a = 0, b = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			double d;

			if (v[i].side || !v[k].side || other[i] != FL_PATH_NOBODY ||
			    other[k] != FL_PATH_NOBODY || !is_alike(v, n, other, i, k, by))
				continue;
			d = distance(&v[i], &v[k]);
			if (d < least) {
				least = d;
				a = i;
				b = k;
			}
		}
	if (isinf(least))
		return false;
	other[a] = b;
	other[b] = a;
	return true;
}

void fl_path_pair_renamed(const struct fl_path_alone *v, size_t n, size_t *other)
{
	for (size_t i = 0; i < n; i++)
		other[i] = FL_PATH_NOBODY;
	while (pair_nearest(v, n, other, BY_NAME) || pair_nearest(v, n, other, BY_CALLER) ||
	       pair_nearest(v, n, other, BY_WORK))
		;
}
