/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "harness/guest/symbols.h"

static const char map[] = "0000000000001000 A absolute\n"
			  "ffffffff81000000 T do_it\n"
			  "ffffffff81000100 t do_it.cold\n"
			  "ffffffff81000200 t do_it.isra.0\n"
			  "ffffffff81000300 t do_it.constprop.12\n"
			  "ffffffff81000400 t do_it.part.0\n"
			  "ffffffff81000500 t do_it_well\n"
			  "ffffffff81000600 t twin\n"
			  "ffffffff81000700 t twin\n"
			  "ffffffff81000800 W alias\n"
			  "ffffffff81000800 T alias\n"
			  "ffffffff81000900 D do_data\n"
			  "ffffffff81000a00 t pages_that_are_moved\n"
			  "nonsense\n";

Test(symbols_of_a_kernel, copies_belong_to_the_function)
{
	struct fl_symbols *s = fl_symbols_parse(map, sizeof(map) - 1);
	uint64_t at[4];

	cr_assert_not_null(s);
	cr_expect_eq(fl_symbols_find(s, "do_it", at, 4), 3);
	cr_expect_eq(at[0], 0xffffffff81000000);
	cr_expect_eq(at[1], 0xffffffff81000200);
	cr_expect_eq(at[2], 0xffffffff81000300);
	cr_expect_eq(fl_symbols_find(s, "do_it", at, 2), 3, "how many there are");
	cr_expect_eq(fl_symbols_find(s, "do_it.isra.0", at, 4), 1);
	cr_expect_eq(fl_symbols_find(s, "twin", at, 4), 2);
	cr_expect_eq(fl_symbols_find(s, "alias", at, 4), 1, "one place with two names");
	cr_expect_eq(fl_symbols_find(s, "do_data", at, 4), 0);
	cr_expect_eq(fl_symbols_find(s, "do", at, 4), 0);
	fl_symbols_free(s);
}

Test(symbols_of_a_kernel, near_ones)
{
	struct fl_symbols *s = fl_symbols_parse(map, sizeof(map) - 1);
	char near[128];

	cr_assert_not_null(s);
	cr_expect_str_eq(fl_symbols_near(s, "do_it_wel", near, sizeof(near)),
			 ": did you mean do_it_well?");
	cr_expect_str_eq(fl_symbols_near(s, "that_are", near, sizeof(near)),
			 ": there is pages_that_are_moved");
	cr_expect_str_eq(fl_symbols_near(s, "quite_unlike", near, sizeof(near)), "");
	fl_symbols_free(s);
}

Test(symbols_of_a_kernel, what_is_none)
{
	struct fl_symbols *s;

	cr_expect_null(fl_symbols_parse("no map\n", 7));
	cr_expect_null(fl_symbols_parse("", 0));
	cr_expect_eq(fl_symbols_read(&s, "/no/such/map"), -ENOENT);
	cr_expect_eq(fl_symbols_read(&s, "/dev/null"), -EPROTO);
}
