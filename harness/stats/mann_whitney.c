/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/mann_whitney.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/distribution.h"

struct ranked {
	double value;
	uint32_t rank; /* twice the midrank, so that it is whole */
	bool second;
};

/* How often k of the ranks sum to `least` + i, as a share of all combinations. */
struct sums {
	double *share;
	size_t n, least;
};

static int ascending(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->value, y = ((const struct ranked *)b)->value;

	return (x > y) - (x < y);
}

/* Returns the sum of t^3 - t over the groups of ties. */
static double rank_all(struct ranked *r, size_t n)
{
	double ties = 0;

	qsort(r, n, sizeof(*r), ascending);
	for (size_t i = 0, end; i < n; i = end) {
		double t;

		for (end = i + 1; end < n && r[end].value == r[i].value;)
			end++;
		for (size_t k = i; k < end; k++)
			r[k].rank = (uint32_t)(i + end + 1);
		t = (double)(end - i);
		ties += t * t * t - t;
	}
	return ties;
}

/*
 * Row j holds the number of ways to have a sum with j of the ranks seen so far; each rank is added
 * to every row.  C(100, 50) is 1e29: doubles hold it, and as nothing is ever subtracted the shares
 * are good to 1e-14.
 */
static struct sums count_sums(const uint32_t *rank, size_t n, size_t k)
{
	struct sums s = { 0 };
	cleanup_free double *ways = NULL;
	size_t most = 0, width;
	double all = 0;

	for (size_t i = 0; i < k; i++) {
		s.least += rank[i];
		most += rank[n - 1 - i];
	}
	width = most + 1;
	ways = fl_calloc((k + 1) * width, sizeof(*ways));
	ways[0] = 1;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1 < k ? i + 1 : k; j > 0; j--)
			for (size_t sum = rank[i]; sum < width; sum++)
				ways[j * width + sum] += ways[(j - 1) * width + sum - rank[i]];
	s.n = most - s.least + 1;
	s.share = fl_calloc(s.n, sizeof(*s.share));
	memcpy(s.share, ways + k * width + s.least, s.n * sizeof(*s.share));
	for (size_t i = 0; i < s.n; i++)
		all += s.share[i];
	for (size_t i = 0; i < s.n; i++)
		s.share[i] /= all;
	return s;
}

/* Ranks are doubled, so the mean of the sum, k (n + 1), is whole. */
static double exact_p(const uint32_t *rank, size_t n, size_t k, size_t seen)
{
	struct sums s = count_sums(rank, n, k);
	size_t mean = k * (n + 1), distance = seen > mean ? seen - mean : mean - seen;
	double p = 0;

	for (size_t i = 0; i < s.n; i++) {
		size_t sum = s.least + i;

		if ((sum > mean ? sum - mean : mean - sum) >= distance)
			p += s.share[i];
	}
	free(s.share);
	return p > 1 ? 1 : p;
}

/* Lehmann, "Nonparametrics" (1975). */
static double normal_p(double u, double na, double nb, double ties)
{
	double n = na + nb, distance = fabs(u - na * nb / 2) - 0.5;
	double variance = na * nb / 12 * (n + 1 - ties / (n * (n - 1)));

	if (!(variance > 0) || distance <= 0)
		return 1;
	return 2 * fl_normal_above(distance / sqrt(variance));
}

static double p_value(const struct ranked *r, size_t na, size_t nb, size_t seen)
{
	cleanup_free uint32_t *rank = fl_calloc(na + nb, sizeof(*rank));
	size_t n = na + nb;

	for (size_t i = 0; i < n; i++)
		rank[i] = r[i].rank;
	/* The smaller side is faster to count, and its sum is as far from its mean. */
	if (na < nb)
		return exact_p(rank, n, na, n * (n + 1) - seen);
	return exact_p(rank, n, nb, seen);
}

struct fl_mann_whitney fl_mann_whitney(const double *a, size_t na, const double *b, size_t nb)
{
	struct fl_mann_whitney m = { NAN, NAN, NAN, false };
	cleanup_free struct ranked *r = fl_calloc(na + nb, sizeof(*r));
	size_t n = na + nb;
	double sum = 0, ties;

	for (size_t i = 0; i < n; i++) {
		r[i].second = i >= na;
		r[i].value = r[i].second ? b[i - na] : a[i];
		if (isnan(r[i].value))
			return m;
	}
	if (!na || !nb)
		return m;
	ties = rank_all(r, n);
	for (size_t i = 0; i < n; i++)
		if (r[i].second)
			sum += r[i].rank;
	m.u = (sum - (double)nb * (double)(nb + 1)) / 2;
	m.superiority = m.u / ((double)na * (double)nb);
	m.exact = na <= FL_EXACT_MOST && nb <= FL_EXACT_MOST;
	m.p = m.exact ? p_value(r, na, nb, (size_t)sum)
		      : normal_p(m.u, (double)na, (double)nb, ties);
	return m;
}

double fl_mann_whitney_size(size_t na, size_t nb, double alpha)
{
	size_t n = na + nb, k = na < nb ? na : nb;
	cleanup_free uint32_t *rank = NULL;
	struct sums s;
	double p = 0;

	if (!k || !(alpha > 0))
		return 0;
	if (alpha >= 1)
		return 1;
	if (na > FL_EXACT_MOST || nb > FL_EXACT_MOST)
		return alpha;
	rank = fl_calloc(n, sizeof(*rank));
	for (size_t i = 0; i < n; i++)
		rank[i] = (uint32_t)(i + 1);
	s = count_sums(rank, n, k);
	/* Both tails; allows for rounding where p is alpha itself. */
	for (size_t i = 0; i < s.n / 2 && p + 2 * s.share[i] <= alpha * (1 + 1e-12); i++)
		p += 2 * s.share[i];
	free(s.share);
	return p;
}
