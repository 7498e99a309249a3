/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "harness/experiment/ini.h"

/* "section.key=value:line " one after another; a key "bad" is refused. */
static int note(void *arg, const char *section, const char *key, const char *value,
		unsigned int line, struct fl_error *err)
{
	char *seen = arg;

	if (!strcmp(key, "bad"))
		return fl_fail(err, FL_USAGE, "it is bad");
	sprintf(seen + strlen(seen), "%s.%s=%s:%u ", section, key, value, line);
	return 0;
}

Test(ini, a_text_in_memory_gives_its_keys)
{
	struct fl_error err = { 0 };
	char seen[256] = "";

	cr_assert_eq(
		fl_ini_read_text("[a]\nx = 1\n  2\n# no\n[b c]\ny = 3", "it", note, seen, &err), 0,
		"%s", err.text);
	cr_expect_str_eq(seen, "a.x=1 2:2 b c.y=3:6 ");
}

Test(ini, no_text_has_no_keys)
{
	struct fl_error err = { 0 };
	char seen[256] = "";

	cr_expect_eq(fl_ini_read_text(NULL, "it", note, seen, &err), 0);
	cr_expect_eq(fl_ini_read_text("", "it", note, seen, &err), 0);
	cr_expect_str_eq(seen, "");
}

Test(ini, an_error_says_the_text_and_the_line)
{
	struct fl_error err = { 0 };
	char seen[256] = "";

	cr_expect_eq(fl_ini_read_text("[a]\nx = 1\nbad = 2\ny = 3\n", "it", note, seen, &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_str_eq(err.text, "it:3: it is bad");
	cr_expect_str_eq(seen, "a.x=1:2 ");
}
