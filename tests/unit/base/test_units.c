/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"

Test(units, sizes)
{
	uint64_t v;

	cr_expect_eq(fl_parse_size("4096", &v), 0);
	cr_expect_eq(v, 4096);
	cr_expect_eq(fl_parse_size("1g", &v), 0);
	cr_expect_eq(v, 1ull << 30);
	cr_expect_eq(fl_parse_size("3T", &v), 0);
	cr_expect_eq(v, 3ull << 40);
	cr_expect_eq(fl_parse_size("18446744073709551615", &v), 0);
	cr_expect_eq(fl_parse_size("18446744073709551616", &v), -ERANGE);
	cr_expect_eq(fl_parse_size("17179869184g", &v), -ERANGE);
}

Test(units, bad_sizes)
{
	static const char *const bad[] = { "",   "g",   "-1", "+1",   " 1",
					   "1 ", "1gb", "1x", "0x10", "1.5g" };
	uint64_t v;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(fl_parse_size(bad[i], &v), -EINVAL, "\"%s\"", bad[i]);
}

Test(units, times)
{
	uint64_t v;

	cr_expect_eq(fl_parse_time("250ms", &v), 0);
	cr_expect_eq(v, 250000000);
	cr_expect_eq(fl_parse_time("2m", &v), 0);
	cr_expect_eq(v, 120000000000);
	cr_expect_eq(fl_parse_time("5", &v), -EINVAL, "a time needs its unit");
	cr_expect_eq(fl_parse_time("1h", &v), -EINVAL);
	cr_expect_eq(fl_parse_time("18446744073709551615m", &v), -ERANGE);
}

Test(units, numbers_keep_their_bounds)
{
	uint64_t v;

	cr_expect_eq(fl_parse_u64("7", 1, 7, &v), 0);
	cr_expect_eq(fl_parse_u64("8", 1, 7, &v), -ERANGE);
	cr_expect_eq(fl_parse_u64("0", 1, 7, &v), -ERANGE);
	cr_expect_eq(fl_parse_u64("7x", 1, 7, &v), -EINVAL);
}

Test(units, sizes_are_printed_as_they_are_read)
{
	static const uint64_t sizes[] = {
		0, 1, 1023, 1024, 1536, 1ull << 20, 3ull << 29, 1ull << 40
	};
	char text[32];
	uint64_t v;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		cr_expect_eq(fl_parse_size(fl_format_size(sizes[i], text, sizeof(text)), &v), 0);
		cr_expect_eq(v, sizes[i], "%s", text);
	}
}

Test(strv, words_and_quotes)
{
	struct fl_strv s = { 0 };

	cr_expect_eq(fl_strv_split_words(&s, "  sh -c 'a b;c' \"d e\"f  "), 0);
	cr_assert_eq(s.n, 4);
	cr_expect_str_eq(s.v[2], "a b;c");
	cr_expect_str_eq(s.v[3], "d ef");
	cr_expect_null(s.v[4]);
	fl_strv_release(&s);
	cr_expect_eq(fl_strv_split_words(&s, "a 'b"), -EINVAL);
	fl_strv_release(&s);
}

Test(strv, lists)
{
	struct fl_strv s = { 0 };

	cr_expect_eq(fl_strv_split_list(&s, "1, 8 ,64"), 0);
	cr_assert_eq(s.n, 3);
	cr_expect_str_eq(s.v[1], "8");
	fl_strv_release(&s);
	cr_expect_eq(fl_strv_split_list(&s, "1,,2"), -EINVAL);
	cr_expect_eq(fl_strv_split_list(&s, ""), -EINVAL);
	fl_strv_release(&s);
}

Test(error, a_prefix_never_overflows)
{
	struct fl_error err;

	cr_expect_eq(fl_fail(&err, FL_USAGE, "%01023d", 7), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	fl_prefix(&err, "%s:%d", "file", 12);
	cr_expect_eq(strncmp(err.text, "file:12: 000", 12), 0);
	cr_expect_lt(strlen(err.text), sizeof(err.text));
}
