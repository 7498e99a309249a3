/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>

#include "harness/base/strv.h"

Test(strv, a_text_is_added_once_and_found)
{
	struct fl_strv s = { 0 };

	cr_expect_not(fl_strv_has(&s, "a"));
	cr_expect_eq(fl_strv_find(&s, "a"), 0);
	cr_expect(fl_strv_add(&s, "a"));
	cr_expect(fl_strv_add(&s, "b"));
	cr_expect_not(fl_strv_add(&s, "a"));
	cr_assert_eq(s.n, 2);
	cr_expect_eq(fl_strv_find(&s, "b"), 1);
	cr_expect_eq(fl_strv_find(&s, "c"), 2);
	cr_expect(fl_strv_has(&s, "b"));
	fl_strv_release(&s);
}
