/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/row_name.h"

static const char *value(void *arg, const char *key)
{
	(void)arg;
	return !strcmp(key, "khugepaged.max_ptes_none") ? "448"
	       : !strcmp(key, "thp.enabled")            ? "madvise"
							: NULL;
}

Test(row_name, settings_are_filled_in)
{
	static const char text[] = "[row T=@512 - khugepaged.max_ptes_none@ of @thp.enabled@]\n"
				   "of = thp.enabled=madvise\n"
				   "[row T=@thp.promotion_threshold@]\nof = kernel=a\n"
				   "[row @512 - thp.enabled@]\nof = kernel=a\n";
	struct fl_error err = { 0 };
	struct fl_row_names names;
	cleanup_free char *name = NULL;

	cr_assert(!fl_row_names_parse(&names, text, &err), "%s", err.text);
	cr_assert(!fl_row_names_check(&names, "x.ini", &err), "%s", err.text);
	cr_assert_eq(names.n, 3);
	name = fl_row_name_fill(&names.v[0], value, NULL);
	cr_expect_str_eq(name, "T=64 of madvise");
	cr_expect_null(fl_row_name_fill(&names.v[1], value, NULL), "the row has no such setting");
	cr_expect_null(fl_row_name_fill(&names.v[2], value, NULL), "512 - madvise is no number");
	fl_row_names_release(&names);
}

static void refused(const char *text, const char *sentence)
{
	struct fl_error err = { 0 };
	struct fl_row_names names;

	cr_expect(fl_row_names_parse(&names, text, &err) ||
			  fl_row_names_check(&names, "x.ini", &err),
		  "%s is taken", text);
	cr_expect(strstr(err.text, sentence), "%s", err.text);
	fl_row_names_release(&names);
}

Test(row_name, what_cannot_be_one_is_refused_with_its_line)
{
	refused("[row a @thp.enabled]\nof = kernel=a\n", "x.ini:2: [row a @thp.enabled]: @ is");
	refused("[row @thp.enbled@]\nof = kernel=a\n", "no setting thp.enbled");
	refused("[row a]\nif = kernel=a\n", "unknown key if in [row a]; allowed: of");
	refused("[row a]\nof = kernel\n", "expected KEY=VALUE words");
}
