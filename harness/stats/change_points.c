/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/change_points.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct moments {
	double mean, variance;
};

static struct moments moments(const double *v, size_t n)
{
	struct moments m = { 0, 0 };

	for (size_t i = 0; i < n; i++)
		m.mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		m.variance += (v[i] - m.mean) * (v[i] - m.mean) / (double)(n - 1);
	return m;
}

double fl_welch_p(const double *a, size_t na, const double *b, size_t nb)
{
	struct moments ma, mb;
	double va, vb, t, freedom;

	if (na < 2 || nb < 2)
		return 1;
	ma = moments(a, na);
	mb = moments(b, nb);
	va = ma.variance / (double)na;
	vb = mb.variance / (double)nb;
	if (va + vb <= 1e-24 * ma.mean * ma.mean)
		return fabs(ma.mean - mb.mean) <= 1e-12 * fabs(ma.mean) ? 1 : 0;
	t = fabs(ma.mean - mb.mean) / sqrt(va + vb);
	freedom = (va + vb) * (va + vb) / (va * va / (double)(na - 1) + vb * vb / (double)(nb - 1));
	return 2 * gsl_cdf_tdist_Q(t, freedom);
}

/* Mean distance between two sets; within one, of its pairs. */
static double between(const double *a, size_t na, const double *b, size_t nb)
{
	double sum = 0;

	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++)
			sum += fabs(a[i] - b[j]);
	return sum / (double)(na * nb);
}

static double within(const double *a, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			sum += fabs(a[i] - a[j]);
	return 2 * sum / (double)(n * (n - 1));
}

/* Energy distance of the two sides of a split, weighted by their sizes. */
static double energy(const double *v, size_t n, size_t split)
{
	size_t m = n - split;
	double e = 2 * between(v, split, v + split, m) - within(v, split) - within(v + split, m);

	return (double)split * (double)m / (double)n * e;
}

static size_t divide(const double *v, size_t n, size_t offset, double alpha, size_t *at)
{
	size_t best = 0, found;
	double most = 0;

	for (size_t i = FL_SEGMENT_MIN; i + FL_SEGMENT_MIN <= n; i++) {
		double e = energy(v, n, i);

		if (e > most) {
			most = e;
			best = i;
		}
	}
	if (!best || fl_welch_p(v, best, v + best, n - best) >= alpha)
		return 0;
	found = divide(v, best, offset, alpha, at);
	at[found++] = offset + best;
	return found + divide(v + best, n - best, offset + best, alpha, at + found);
}

size_t fl_change_points(const double *values, size_t n, double alpha, size_t *at)
{
	return divide(values, n, 0, alpha, at);
}
