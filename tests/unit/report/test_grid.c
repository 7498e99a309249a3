/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/grid.h"

static struct fl_grid filled(void)
{
	struct fl_grid g = { 0 };

	fl_grid_column(&g, true, NULL, NULL, "name");
	fl_grid_column(&g, false, "top", NULL, "a");
	fl_grid_column(&g, false, NULL, NULL, "b");
	fl_grid_heading(&g, "first");
	fl_grid_row(&g, (const char *[]){ "x", "1 ±8%", "22" }, "a note");
	fl_grid_row(&g, (const char *[]){ "a name that is longer than its place", "1", "" }, NULL);
	return g;
}

static char *printed(unsigned int columns)
{
	struct fl_grid g = filled();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fl_grid_print(out, &g, columns);
	fclose(out);
	return text;
}

Test(grid, a_long_name_stands_on_lines_of_its_own)
{
	cleanup_free char *text = printed(40);

	cr_assert_str_eq(text, "                        top\n"
			       "name                      a   b\n"
			       "\nfirst\n"
			       "x                     1 ±8%  22\n"
			       "    a note\n"
			       "a name that is longer than its place\n"
			       "                          1\n");
}

Test(grid, columns_are_left_out_from_the_right)
{
	struct fl_grid g = filled();

	g.name_max = 34;
	cr_expect_eq(fl_grid_fits(&g, 40), 1);
	cr_expect_eq(fl_grid_fits(&g, 41), 2);
	cr_expect_eq(fl_grid_fits(&g, 45), 3);
	cr_expect_eq(fl_grid_fits(&g, 0), 3);
	fl_strv_release(&g.cells);
	fl_strv_release(&g.heads);
	fl_strv_release(&g.notes);
}

/* A line that is a note alone is no empty line. */
Test(grid, a_note_needs_no_cells)
{
	struct fl_grid g = { 0 };
	cleanup_free char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fl_grid_column(&g, true, NULL, NULL, "name");
	fl_grid_row(&g, (const char *[]){ "" }, "alone");
	fl_grid_print(out, &g, 80);
	fclose(out);
	cr_assert_str_eq(text, "name\n    alone\n");
}
