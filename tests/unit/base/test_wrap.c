/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "harness/base/wrap.h"

static void expect(const char *head, const char *text, const char *want)
{
	char *got;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	fl_wrap(out, head, text, 30);
	fclose(out);
	cr_expect_str_eq(got, want);
	free(got);
}

Test(wrap, lines)
{
	expect("note  ", "short", "note  short\n");
	expect("note  ", "", "note  \n");
	expect("note  ", "of twenty-four letters a", "note  of twenty-four letters a\n");
	expect("note  ", "of twenty-four letters an", "note  of twenty-four letters\n      an\n");
	expect("", "one two three four five six seven eight",
	       "one two three four five six\nseven eight\n");
	expect("- ", "a_word_that_is_longer_than_the_line_is and more",
	       "- a_word_that_is_longer_than_the_line_is\n  and more\n");
	expect("- ", "blanks at the end of a line   ", "- blanks at the end of a line\n");
}
