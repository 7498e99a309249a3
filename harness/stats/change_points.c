/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/change_points.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/distribution.h"
#include "harness/stats/median.h"

/* Ten times alpha misses a spell of 3 in 43 at 0.01: one cut through a stretch with a spell in its
 * middle has a large p, however high the spell is. */
#define WEAK 0.5

/* `border` holds 0, the change points and n; there are `n_borders` of them. */
struct history {
	const double *values;
	size_t n;
	size_t *border;
	size_t n_borders;
};

struct level {
	double n, mean, square; /* sum of squared deviations */
};

/* Relative to the first value, so that a constant stretch has squares of exactly 0. */
static struct level level(const double *values, size_t from, size_t to)
{
	struct level l = { .n = (double)(to - from) };
	double first = values[from], mean = 0;

	for (size_t i = from; i < to; i++)
		mean += (values[i] - first) / l.n;
	for (size_t i = from; i < to; i++)
		l.square += (values[i] - first - mean) * (values[i] - first - mean);
	l.mean = first + mean;
	return l;
}

/* Two-sided p of Student's t-test; if both sides are constant any step counts (p is 0). */
static double t_test(struct level a, struct level b)
{
	double square = a.square + b.square, df = a.n + b.n - 2, error;

	if (a.mean == b.mean)
		return 1;
	if (square == 0)
		return 0;
	error = sqrt(square / df * (1 / a.n + 1 / b.n));
	return 2 * fl_t_above(fabs(a.mean - b.mean) / error, df);
}

/* Sums of the distances within the left side, within the right side and between them. */
struct distances {
	double left, right, between;
};

static double energy(struct distances d, double n, double m)
{
	double e =
		2 * d.between / (n * m) - 2 * d.left / (n * (n - 1)) - 2 * d.right / (m * (m - 1));

	return n * m / (n + m) * e;
}

/* The index that starts the right side; 0 when there is no place for a cut. */
static size_t best_cut(const double *values, size_t from, size_t to)
{
	struct distances d = { 0 };
	double best = 0;
	size_t at = 0;

	for (size_t i = from; i < to; i++)
		for (size_t k = i + 1; k < to; k++)
			d.right += fabs(values[i] - values[k]);
	for (size_t i = from; i + FL_SEGMENT_LEAST < to; i++) {
		double to_left = 0, to_right = 0, e;

		for (size_t k = from; k < i; k++)
			to_left += fabs(values[i] - values[k]);
		for (size_t k = i + 1; k < to; k++)
			to_right += fabs(values[i] - values[k]);
		d.left += to_left;
		d.right -= to_right;
		d.between += to_right - to_left;
		if (i + 1 - from < FL_SEGMENT_LEAST)
			continue;
		e = energy(d, (double)(i + 1 - from), (double)(to - i - 1));
		if (e > best) {
			best = e;
			at = i + 1;
		}
	}
	return at;
}

/* `weak` is the p up to which a cut is made at first.  Adds the cuts in order. */
static void cut(struct history *h, size_t from, size_t to, double weak)
{
	size_t at = to - from < (size_t)2 * FL_SEGMENT_LEAST ? 0 : best_cut(h->values, from, to);

	if (!at || !(t_test(level(h->values, from, at), level(h->values, at, to)) <= weak))
		return;
	cut(h, from, at, weak);
	h->border[h->n_borders++] = at;
	cut(h, at, to, weak);
}

static double significance(const struct history *h, size_t i)
{
	size_t from = h->border[i - 1], at = h->border[i], to = h->border[i + 1];
	double places = (double)(to - from + 1) - 2 * FL_SEGMENT_LEAST;
	double p = t_test(level(h->values, from, at), level(h->values, at, to));

	return fmin(1, p * places);
}

static bool take_back_weakest(struct history *h, double alpha)
{
	double most = alpha;
	size_t weakest = 0;

	for (size_t i = 1; i + 1 < h->n_borders; i++) {
		double p = significance(h, i);

		if (p > most) {
			most = p;
			weakest = i;
		}
	}
	if (!weakest)
		return false;
	h->n_borders--;
	memmove(h->border + weakest, h->border + weakest + 1,
		(h->n_borders - weakest) * sizeof(*h->border));
	return true;
}

static double median(const double *values, size_t from, size_t to)
{
	cleanup_free double *copy = fl_calloc(to - from, sizeof(*copy));

	memcpy(copy, values + from, (to - from) * sizeof(*copy));
	return fl_spread(copy, to - from).median;
}

size_t fl_change_points(const double *values, size_t n, double alpha,
			struct fl_change_point *points, size_t room)
{
	cleanup_free size_t *border = fl_calloc(n / FL_SEGMENT_LEAST + 2, sizeof(*border));
	struct history h = { .values = values, .n = n, .border = border, .n_borders = 1 };
	size_t i;

	for (i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return 0;
	if (!n || !(alpha > 0 && alpha < 1))
		return 0;
	cut(&h, 0, n, fmax(WEAK, alpha));
	border[h.n_borders++] = n;
	while (take_back_weakest(&h, alpha))
		;
	for (i = 1; i + 1 < h.n_borders && i <= room; i++)
		points[i - 1] = (struct fl_change_point){
			.at = border[i],
			.before = median(values, border[i - 1], border[i]),
			.after = median(values, border[i], border[i + 1]),
			.p = significance(&h, i),
		};
	return i - 1;
}
