// SPDX-License-Identifier: GPL-2.0
#include "zipf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* (exp(t) - 1) / t and log(1 + t) / t, both 1 at t = 0. */
static double expm1_by(double t)
{
	return fabs(t) > 1e-8 ? expm1(t) / t : 1 + t / 2;
}

static double log1p_by(double t)
{
	return fabs(t) > 1e-8 ? log1p(t) / t : 1 - t / 2;
}

/* The hat 1/x^theta, its integral from 1 to x and the inverse of that. */
static double hat(const struct zipf *z, double x)
{
	return exp(-z->theta * log(x));
}

static double area(const struct zipf *z, double x)
{
	return expm1_by((1 - z->theta) * log(x)) * log(x);
}

static double area_inverse(const struct zipf *z, double a)
{
	double t = a * (1 - z->theta);

	return exp(log1p_by(t < -1 ? -1 : t) * a);
}

void zipf_init(struct zipf *z, uint64_t n, double theta)
{
	*z = (struct zipf){ .n = n, .theta = theta };
	z->low = area(z, 1.5) - 1;
	z->high = area(z, (double)n + 0.5);
	z->accept = 2 - area_inverse(z, area(z, 2.5) - hat(z, 2));
}

uint64_t zipf_next(const struct zipf *z, struct prng *random)
{
	for (;;) {
		double a = z->high + prng_unit(random) * (z->low - z->high);
		double x = area_inverse(z, a), k = floor(x + 0.5);

		if (k < 1)
			k = 1;
		else if (k > (double)z->n)
			k = (double)z->n;
		if (k - x <= z->accept || a >= area(z, k + 0.5) - hat(z, k))
			return (uint64_t)k - 1;
	}
}

int zipf_parse(const char *text, double *theta)
{
	char *end;

	*theta = 0;
	if (!strcmp(text, "uniform"))
		return 0;
	*theta = 0.99;
	if (!strcmp(text, "zipf"))
		return 0;
	if (strncmp(text, "zipf:", 5) != 0)
		return -EINVAL;
	*theta = strtod(text + 5, &end);
	return end != text + 5 && !*end && *theta > 0 && *theta <= 10 ? 0 : -EINVAL;
}
