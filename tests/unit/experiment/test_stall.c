/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/stall.h"

Test(stall, read)
{
	struct fl_error err = { 0 };
	struct fl_stalls s;

	cr_assert_eq(fl_stalls_parse(&s, "rwsem_wake.isra.0:200us+try_to_unmap:1ms:1/8", &err), 0,
		     "%s", err.text);
	cr_assert_eq(s.n, 2);
	cr_expect_str_eq(s.v[0].function, "rwsem_wake.isra.0");
	cr_expect_eq(s.v[0].ns, 200000);
	cr_expect_eq(s.v[0].one_in, 1);
	cr_expect_str_eq(s.v[1].function, "try_to_unmap");
	cr_expect_eq(s.v[1].ns, 1000000);
	cr_expect_eq(s.v[1].one_in, 8);
	cr_assert_eq(fl_stalls_parse(&s, "none", &err), 0);
	cr_expect_eq(s.n, 0);
}

static void refused(const char *text, const char *why)
{
	struct fl_error err = { 0 };
	struct fl_stalls s;

	cr_expect_eq(fl_stalls_parse(&s, text, &err), -1, "%s", text);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, why), "%s: %s", text, err.text);
	cr_expect_eq(fl_setting_check("guest.stall", text, &err), -1);
	cr_expect_not_null(strstr(err.text, "guest.stall = "), "%s", err.text);
}

Test(stall, nonsense_is_refused)
{
	refused("", "FUNCTION:TIME");
	refused("f", "FUNCTION:TIME");
	refused("f+g:1ms", "'f': FUNCTION:TIME");
	refused("f:1ms+", "'': FUNCTION:TIME");
	refused("f:1ms+none", "'none': FUNCTION:TIME");
	refused(":1ms", "'' is no name");
	refused("a b:1ms", "'a b' is no name");
	refused("f(x):1ms", "no name of a function");
	refused("f:", "'' is no time");
	refused("f:200", "'200' is no time from 1us to 1s");
	refused("f:999ns", "no time from 1us to 1s");
	refused("f:2s", "no time from 1us to 1s");
	refused("f:-1ms", "no time");
	refused("f:1ms:", "'' is no share");
	refused("f:1ms:8", "'8' is no share of the entries, such as 1/8");
	refused("f:1ms:1/0", "no share");
	refused("f:1ms:1/1000001", "no share");
	refused("f:1ms:1/8:x", "'1/8:x' is no share");
	refused("f:1ms+f:2ms", "f is there twice");
}

Test(stall, has_bounds)
{
	struct fl_error err = { 0 };
	struct fl_strv many = { 0 };
	struct fl_stalls s;
	char name[160];
	char *text;

	memset(name, 'f', sizeof(name));
	memcpy(name + 128, ":1ms", 5);
	refused(name, "longer than 127");
	cr_expect_eq(fl_stalls_parse(&s, name + 1, &err), 0, "%s", err.text);
	for (int i = 0; i < FL_STALLS_MAX; i++)
		fl_strv_pushf(&many, "f%d:1us", i);
	text = fl_strv_join(&many, "+");
	cr_expect_eq(fl_stalls_parse(&s, text, &err), 0, "%s", err.text);
	free(text);
	fl_strv_push(&many, "g:1s");
	text = fl_strv_join(&many, "+");
	refused(text, "more than 16 functions");
	free(text);
	fl_strv_release(&many);
}
