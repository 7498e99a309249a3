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

static void expect_command(const char *command, const char *want)
{
	char *got;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	fl_wrap_command(out, "repeat  ", command, 30);
	fclose(out);
	cr_expect_str_eq(got, want);
	free(got);
}

/* Pasted into a shell it is the same command: no word is broken, nor one in quotes at its blank. */
Test(wrap, commands)
{
	expect_command("", "repeat  \n");
	expect_command("twenty-two letters are", "repeat  twenty-two letters are\n");
	expect_command("twenty-three letters are",
		       "repeat  twenty-three letters \\\n        are\n");
	expect_command("twenty letters were a", "repeat  twenty letters were a\n");
	expect_command("run exp --kernel k=/a/path/longer/than/it --quick",
		       "repeat  run exp --kernel \\\n        k=/a/path/longer/than/it \\\n"
		       "        --quick\n");
	expect_command("run 'one word of four blanks' and it's end' ",
		       "repeat  run \\\n        'one word of four blanks' \\\n"
		       "        and it's end' \n");
	expect_command(
		"run a\\ b\\ c\\ d\\ e\\ f\\ g \"h i\\\" j\" k",
		"repeat  run \\\n        a\\ b\\ c\\ d\\ e\\ f\\ g \\\n        \"h i\\\" j\" k\n");
}
