/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/profile.h"

static struct fl_profile_stack stacks[] = { { "entry", 10, 0 },
					    { "entry;fault", 20, 0 },
					    { "entry;fault;alloc", 30, 0 },
					    { "entry;fault;alloc;fault", 40, 0 } };

Test(flame, an_svg_with_every_wide_box)
{
	struct fl_profile p = { .faults = 10, .instructions = 100, .stacks = stacks, .n = 4 };
	char *svg = NULL;
	size_t len;
	FILE *out = open_memstream(&svg, &len);

	fl_flame(out, &p, "a <title>");
	fclose(out);
	cr_expect_not_null(strstr(svg, "a &lt;title&gt;"));
	cr_expect_not_null(strstr(svg, "<title>alloc: 7.0 insn a call, 70.0 %</title>"), "%s", svg);
	cr_expect_not_null(strstr(svg, "</svg>"));
	free(svg);
}

Test(flame, a_difference_has_a_colour_and_both_widths)
{
	static struct fl_profile_stack before[] = { { "entry", 10, 0 },
						    { "entry;fault", 60, 0 },
						    { "entry;gone", 30, 0 } };
	struct fl_profile p = { .faults = 10, .instructions = 100, .stacks = stacks, .n = 4 };
	struct fl_profile base = { .faults = 10, .instructions = 100, .stacks = before, .n = 3 };
	char *svg = NULL;
	size_t len;
	FILE *out = open_memstream(&svg, &len);

	fl_flame_against(out, &p, "now", &base, "the reference");
	fclose(out);
	cr_expect_not_null(
		strstr(svg, "<title>fault: 9.0 insn a call, 6.0 in the reference (+3.0)</title>"),
		"%s", svg);
	cr_expect_not_null(strstr(svg, "fill='#e58247'"), "half as much again and more is red");
	cr_expect_not_null(strstr(svg, "fill='#d9d9d9'"), "what did not change is grey");
	cr_expect_not_null(strstr(svg, "width='696.0' height='2'"), "the width of the reference");
	cr_expect_not_null(strstr(svg, "Gone: 3.0."));
	free(svg);
}

Test(flame, of_the_page_fault_counts_faults)
{
	struct fl_profile_stack s[] = { { (char *)FL_PROFILE_FAULT, 100, 10 } };
	struct fl_profile p = { .faults = 10, .instructions = 100, .stacks = s, .n = 1 };
	char *svg = NULL;
	size_t len;
	FILE *out = open_memstream(&svg, &len);

	fl_flame(out, &p, "x");
	fclose(out);
	cr_expect_not_null(strstr(svg, ">10 faults, 10.0 instructions a fault"), "%s", svg);
	free(svg);
}
