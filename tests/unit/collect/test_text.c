/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/collect/text.h"

Test(text, lines_one_after_another)
{
	static const char text[] = "one\n\nthree\nlast";
	const char *at = text, *end = text + strlen(text);
	char line[16];

	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "one");
	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "");
	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "three");
	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "last", "no newline ends it");
	cr_expect_not(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_not(fl_text_next(&at, end, line, sizeof(line)), "it stays so");
}

Test(text, a_newline_at_the_end_begins_no_line)
{
	static const char text[] = "one\n";
	const char *at = text, *end = text + strlen(text);
	char line[16];

	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_not(fl_text_next(&at, end, line, sizeof(line)));
	at = text;
	cr_expect_not(fl_text_next(&at, at, line, sizeof(line)), "no text, no line");
}

Test(text, a_long_line_is_cut_and_the_next_is_whole)
{
	static const char text[] = "1234567\n12345678\nnext\n";
	const char *at = text, *end = text + strlen(text);
	char line[8];

	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "1234567", "it just fits");
	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "1234567");
	cr_assert(fl_text_next(&at, end, line, sizeof(line)));
	cr_expect_str_eq(line, "next");
}

Test(text, the_end_counts_not_what_lies_behind_it)
{
	static const char text[] = "one\ntwo\n";
	const char *at = text;
	char line[16];

	cr_assert(fl_text_next(&at, text + 2, line, sizeof(line)));
	cr_expect_str_eq(line, "on");
	cr_expect_not(fl_text_next(&at, text + 2, line, sizeof(line)));
}
