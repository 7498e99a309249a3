/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/mann_whitney.h"

#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

/*
 * How many arrangements of n and m values give each U, by the recurrence
 * c(u; n, m) = c(u - m; n - 1, m) + c(u; n, m - 1): shares instead of counts,
 * which pass 2^53.  share[u], u = 0 .. n * m.
 */
static void distribution(size_t n, size_t m, double *share)
{
	size_t most = n * m;
	double sum = 0;

	memset(share, 0, (most + 1) * sizeof(*share));
	share[0] = 1;
	/* the Gaussian binomial coefficient: product of (1 - q^(m + i)) / (1 - q^i) */
	for (size_t i = 1; i <= n; i++) {
		for (size_t u = most; u >= m + i && u <= most; u--)
			share[u] -= share[u - m - i];
		for (size_t u = i; u <= most; u++)
			share[u] += share[u - i];
	}
	for (size_t u = 0; u <= most; u++)
		sum += share[u];
	for (size_t u = 0; u <= most; u++)
		share[u] /= sum;
}

static double exact_p(double u, size_t n, size_t m)
{
	cleanup_free double *share = fl_calloc(n * m + 1, sizeof(*share));
	size_t least = (size_t)fmin(u, (double)(n * m) - u);
	double tail = 0;

	distribution(n, m, share);
	for (size_t i = 0; i <= least; i++)
		tail += share[i];
	return fmin(1, 2 * tail);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sum of t^3 - t over the groups of equals of both sides together. */
static double ties(const double *a, size_t na, const double *b, size_t nb)
{
	cleanup_free double *all = fl_calloc(na + nb, sizeof(*all));
	double sum = 0;

	memcpy(all, a, na * sizeof(*all));
	memcpy(all + na, b, nb * sizeof(*all));
	qsort(all, na + nb, sizeof(*all), ascending);
	for (size_t i = 0, next; i < na + nb; i = next) {
		double t;

		for (next = i; next < na + nb && all[next] == all[i];)
			next++;
		t = (double)(next - i);
		sum += t * t * t - t;
	}
	return sum;
}

static double normal_p(double u, double n, double m, double tied)
{
	double all = n + m, variance = n * m / 12 * (all + 1 - tied / (all * (all - 1)));
	double z = fabs(u - n * m / 2) - 0.5;

	if (!(variance > 0) || z <= 0)
		return 1;
	return erfc(z / sqrt(2 * variance));
}

struct fl_mann_whitney fl_mann_whitney(const double *a, size_t na, const double *b, size_t nb)
{
	struct fl_mann_whitney w = { .p = 1, .superiority = 0.5 };
	double tied;

	if (!na || !nb)
		return w;
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb; j++)
			w.u += b[j] > a[i] ? 1 : b[j] == a[i] ? 0.5 : 0;
	w.superiority = w.u / (double)(na * nb);
	tied = ties(a, na, b, nb);
	w.exact = tied == 0 && na <= FL_MANN_WHITNEY_EXACT && nb <= FL_MANN_WHITNEY_EXACT;
	w.p = w.exact ? exact_p(w.u, na, nb) : normal_p(w.u, (double)na, (double)nb, tied);
	return w;
}
