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
	cr_expect_not_null(strstr(svg, "<title>alloc: 7.0 insn a fault, 70.0 %</title>"), "%s",
			   svg);
	cr_expect_not_null(strstr(svg, "</svg>"));
	free(svg);
}
