// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <errno.h>

#include "workloads/lib/size.h"

static void size_is(const char *text, uint64_t bytes)
{
	uint64_t v = 42;

	cr_assert_eq(size_parse(text, &v), 0, "%s", text);
	cr_assert_eq(v, bytes, "%s is %lu", text, v);
}

static void size_fails(const char *text, int err)
{
	uint64_t v = 42;

	cr_assert_eq(size_parse(text, &v), err, "'%s'", text);
	cr_assert_eq(v, 42, "'%s' must leave the value alone", text);
}

Test(workload_size, as_memparse)
{
	size_is("0", 0);
	size_is("4096", 4096);
	size_is("0x1000", 4096);
	size_is("010", 8);
	size_is("64k", 65536);
	size_is("64K", 65536);
	size_is("800m", 838860800);
	size_is("3G", (uint64_t)3 << 30);
	size_is("2t", (uint64_t)2 << 40);
	size_is("0x10k", 16384);
	size_is("18446744073709551615", UINT64_MAX);
	size_is("16777215t", (uint64_t)16777215 << 40);
}

Test(workload_size, garbage)
{
	static const char *const bad[] = { "",    " 1",   "-1", "+1",  "m",  "1mm", "1mb",
					   "1 m", "1.5g", "0x", "0xg", "1p", "k1" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		size_fails(bad[i], -EINVAL);
}

Test(workload_size, overflow)
{
	size_fails("18446744073709551616", -ERANGE);
	size_fails("16777216t", -ERANGE);
	size_fails("0xffffffffffffffffk", -ERANGE);
}

Test(workload_number, bounds)
{
	uint64_t v;

	cr_assert_eq(number_parse("7", 1, 7, &v), 0);
	cr_assert_eq(v, 7);
	cr_assert_eq(number_parse("8", 1, 7, &v), -ERANGE);
	cr_assert_eq(number_parse("0", 1, 7, &v), -ERANGE);
	cr_assert_eq(number_parse("7k", 1, 7, &v), -EINVAL);
	cr_assert_eq(number_parse("99999999999999999999", 0, UINT64_MAX, &v), -ERANGE);
	cr_assert_eq(number_parse("99999999999999999999z", 0, UINT64_MAX, &v), -EINVAL);
}

Test(workload_number, signs)
{
	int64_t v;

	cr_assert_eq(number_parse_signed("-1", -5, 5, &v), 0);
	cr_assert_eq(v, -1);
	cr_assert_eq(number_parse_signed("-6", -5, 5, &v), -ERANGE);
	cr_assert_eq(number_parse_signed("--1", -5, 5, &v), -EINVAL);
	cr_assert_eq(number_parse_signed("-", -5, 5, &v), -EINVAL);
}

Test(workload_delay, suffixes)
{
	uint64_t ns;

	cr_assert_eq(delay_parse("100", &ns), 0);
	cr_assert_eq(ns, 100);
	cr_assert_eq(delay_parse("5u", &ns), 0);
	cr_assert_eq(ns, 5000);
	cr_assert_eq(delay_parse("2m", &ns), 0);
	cr_assert_eq(ns, 2000000);
	cr_assert_eq(delay_parse("2ms", &ns), -EINVAL);
	cr_assert_eq(delay_parse("2s", &ns), -EINVAL);
	cr_assert_eq(delay_parse("18446744073709551615m", &ns), -ERANGE);
}
