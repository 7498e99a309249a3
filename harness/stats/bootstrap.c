/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/bootstrap.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/distribution.h"
#include "harness/stats/median.h"
#include "harness/stats/rng.h"

/* A tail of 0.025 is then estimated within 0.003 (two standard errors). */
#define DRAWS 10000

struct side {
	const double *values;
	size_t n;
	double *drawn;
	double median;
};

static const struct fl_interval nothing = { NAN, NAN };

static bool sound(const double *values, size_t n, double level)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return false;
	return n && level > 0 && level < 1;
}

static struct side side_new(const double *values, size_t n)
{
	struct side s = { .values = values, .n = n, .drawn = fl_calloc(n, sizeof(double)) };

	memcpy(s.drawn, values, n * sizeof(*values));
	s.median = fl_spread(s.drawn, n).median;
	return s;
}

static double draw(struct side *s, struct fl_rng *random)
{
	for (size_t i = 0; i < s->n; i++)
		s->drawn[i] = s->values[fl_rng_below(random, s->n)];
	return fl_spread(s->drawn, s->n).median;
}

/* Sorts. */
static struct fl_interval percentiles(double *drawn, double level)
{
	size_t cut = (size_t)((1 - level) / 2 * DRAWS);

	fl_spread(drawn, DRAWS);
	return (struct fl_interval){ drawn[cut], drawn[DRAWS - 1 - cut] };
}

/* An end that equals the point estimate stays there, whatever the stretch. */
static double stretched(double point, double end, double factor)
{
	return end == point ? point : point + factor * (end - point);
}

static struct fl_interval stretch(struct fl_interval i, double point, double factor)
{
	return (struct fl_interval){ stretched(point, i.low, factor),
				     stretched(point, i.high, factor) };
}

/*
 * How much wider t with df degrees of freedom is than the normal distribution that percentiles
 * assume.
 */
static double t_over_z(double level, double df)
{
	return fl_t_exceeded((1 - level) / 2, df) / fl_normal_exceeded((1 - level) / 2);
}

struct fl_interval fl_bootstrap_median(const double *values, size_t n, double level, uint64_t seed)
{
	cleanup_free double *drawn = NULL, *medians = NULL;
	struct fl_interval result = nothing;
	struct fl_rng random;
	struct side s;

	if (!sound(values, n, level))
		return nothing;
	s = side_new(values, n);
	drawn = s.drawn;
	result = (struct fl_interval){ s.median, s.median };
	if (n < 2)
		return result;
	medians = fl_calloc(DRAWS, sizeof(*medians));
	fl_rng_seed(&random, seed);
	for (int i = 0; i < DRAWS; i++)
		medians[i] = draw(&s, &random);
	result = percentiles(medians, level);
	return stretch(result, s.median,
		       sqrt((double)n / (double)(n - 1)) * t_over_z(level, (double)(n - 1)));
}

struct moments {
	double n, mean, square;
};

static void add(struct moments *m, double value)
{
	double off = value - m->mean;

	m->n++;
	m->mean += off / m->n;
	m->square += off * (value - m->mean);
}

/*
 * va, vb: variances of log medians.  A bootstrap draw varies by (n - 1) / n too little; corrected
 * for each side.  Degrees of freedom by Welch and Satterthwaite.
 */
static double change_factor(double va, double na, double vb, double nb, double level)
{
	double wa = va * na / (na - 1), wb = vb * nb / (nb - 1);
	double df = (wa + wb) * (wa + wb) / (wa * wa / (na - 1) + wb * wb / (nb - 1));

	if (!(df > 0)) /* neither side varies, or the variance of one is infinite */
		df = fmin(na, nb) - 1;
	return (va + vb > 0 ? sqrt((wa + wb) / (va + vb)) : 1) * t_over_z(level, df);
}

/* 0 / 0 is no change. */
static double ratio(double b, double a)
{
	return b == 0 && a == 0 ? 1 : b / a;
}

static struct fl_interval change(struct side *a, struct side *b, double level, uint64_t seed)
{
	cleanup_free double *ratios = fl_calloc(DRAWS, sizeof(*ratios));
	double point = b->median / a->median, factor;
	struct moments of_a = { 0 }, of_b = { 0 };
	struct fl_interval i;
	struct fl_rng random;

	fl_rng_seed(&random, seed);
	for (int k = 0; k < DRAWS; k++) {
		double ma = draw(a, &random), mb = draw(b, &random);

		ratios[k] = ratio(mb, ma);
		add(&of_a, ma / a->median);
		add(&of_b, b->median ? mb / b->median : mb / a->median);
	}
	i = percentiles(ratios, level);
	factor = change_factor(of_a.square, (double)a->n, of_b.square, (double)b->n, level);
	if (point > 0 && i.low > 0 && isfinite(i.high)) {
		i = stretch((struct fl_interval){ log(i.low), log(i.high) }, log(point), factor);
		i = (struct fl_interval){ exp(i.low), exp(i.high) };
	} else {
		i = stretch(i, point, factor);
	}
	return (struct fl_interval){ i.low - 1, i.high - 1 };
}

struct fl_interval fl_bootstrap_change(const double *a, size_t na, const double *b, size_t nb,
				       double level, uint64_t seed)
{
	cleanup_free double *drawn_a = NULL, *drawn_b = NULL;
	struct side sa, sb;
	double point;

	if (!sound(a, na, level) || !sound(b, nb, level))
		return nothing;
	sa = side_new(a, na);
	drawn_a = sa.drawn;
	sb = side_new(b, nb);
	drawn_b = sb.drawn;
	if (sa.median == 0)
		return nothing;
	point = sb.median / sa.median - 1;
	if (na < 2 || nb < 2)
		return (struct fl_interval){ point, point };
	return change(&sa, &sb, level, seed);
}
