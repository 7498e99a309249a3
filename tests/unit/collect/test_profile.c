/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/profile.h"
#include "harness/report/profile.h"

static const char text[] =
	"# faults 10\n# instructions 100\n# user 5\n# kernel 200\n"
	"entry 10\nentry;fault 20\nentry;fault;alloc 30\nentry;fault;alloc;fault 40\n";

Test(profile, self_and_with_calls)
{
	struct fl_profile p;
	struct fl_profile_function *f;
	size_t n;

	cr_assert_eq(fl_profile_parse(&p, text), 0);
	cr_expect_eq(p.faults, 10);
	cr_expect_eq(p.instructions, 100);
	cr_expect_eq(p.n, 4);
	f = fl_profile_functions(&p, &n);
	cr_assert_eq(n, 3);
	cr_expect_str_eq(f[0].name, "fault");
	cr_expect_eq(f[0].self, 60);
	cr_expect_eq(f[0].total, 90, "a recursion counts once");
	cr_expect_str_eq(f[2].name, "entry");
	cr_expect_eq(f[2].total, 100);
	fl_profile_functions_free(f, n);
	fl_profile_release(&p);
}

Test(profile, what_is_no_profile_is_refused)
{
	struct fl_profile p;

	cr_expect_eq(fl_profile_parse(&p, "no number\n"), -EPROTO);
	cr_expect_eq(fl_profile_parse(&p, "noblank\n"), -EPROTO);
	cr_expect_eq(p.n, 0);
	cr_expect_eq(fl_profile_parse(&p, ""), 0);
	fl_profile_release(&p);
}

Test(profile, a_flame_graph_is_an_svg_with_every_wide_box)
{
	struct fl_profile p;
	char *svg = NULL;
	size_t len;
	FILE *out = open_memstream(&svg, &len);

	cr_assert_eq(fl_profile_parse(&p, text), 0);
	fl_flame(out, &p, "a <title>");
	fclose(out);
	cr_expect_not_null(strstr(svg, "a &lt;title&gt;"));
	cr_expect_not_null(strstr(svg, "<title>alloc: 7.0 insn a fault, 70.0 %</title>"), "%s",
			   svg);
	cr_expect_not_null(strstr(svg, "</svg>"));
	free(svg);
	fl_profile_release(&p);
}
