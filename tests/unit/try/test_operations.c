/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/try/operations.h"

static struct fl_strv of(const char *file, const char *function)
{
	cleanup_free char *text =
		fl_asprintf("--- a/%s\n+++ b/%s\n@@ -1,1 +1,2 @@ int %s(void)\n \tx();\n+\ty();\n",
			    file, file, function);
	struct fl_strv operations = { 0 };
	struct fl_diff d = { 0 };

	fl_diff_parse(&d, text, strlen(text));
	fl_try_operations(&operations, &d);
	fl_diff_release(&d);
	return operations;
}

static void expect(const char *file, const char *function, const char *first, size_t n)
{
	struct fl_strv operations = of(file, function);

	cr_expect_eq(operations.n, n, "%s %s: %zu", file, function, operations.n);
	cr_expect(n == 0 || !strcmp(operations.v[0], first), "%s: %s", function,
		  n ? operations.v[0] : "");
	fl_strv_release(&operations);
}

Test(try_operations, by_function_and_file)
{
	expect("mm/memory.c", "do_anonymous_page", "write", 3);
	expect("mm/memory.c", "copy_present_ptes", "fork-child", 2);
	expect("mm/madvise.c", "madvise_dontneed_single_vma", "dontneed", 1);
	expect("mm/userfaultfd.c", "move_present_pte", "uffd-move", 1);
	expect("mm/khugepaged.c", "collapse_huge_page", "khugepaged", 3);
	expect("net/core/dev.c", "netif_rx", "", 0);
	expect("Documentation/mm/x.rst", "f", "", 0);
}

/* What most of the functions speak for comes first. */
Test(try_operations, the_most_touched_first)
{
	static const char text[] = "--- a/mm/mremap.c\n+++ b/mm/mremap.c\n@@ -1,1 +1,2 @@ int "
				   "a(void)\n \tx();\n+\ty();\n"
				   "@@ -9,1 +9,2 @@ int b(void)\n \tx();\n+\ty();\n"
				   "--- a/mm/mlock.c\n+++ b/mm/mlock.c\n@@ -1,1 +1,2 @@ int "
				   "c(void)\n \tx();\n+\ty();\n";
	struct fl_strv operations = { 0 };
	struct fl_diff d = { 0 };

	fl_diff_parse(&d, text, strlen(text));
	fl_try_operations(&operations, &d);
	cr_assert_eq(operations.n, 2);
	cr_expect_str_eq(operations.v[0], "mremap");
	cr_expect_str_eq(operations.v[1], "mlock");
	fl_strv_release(&operations);
	fl_diff_release(&d);
}

/* The workload knows each of them by that name. */
Test(try_operations, races_knows_them)
{
	cleanup_free char *races = fl_asprintf("%s/races", fl_programs()), *list = NULL;
	const char *const argv[] = { races, "--list", NULL };
	struct fl_strv names = { 0 };

	cr_assert_eq(fl_spawn(argv, &list), 0);
	fl_try_operation_names(&names);
	cr_assert_gt(names.n, 20);
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *line = fl_asprintf("\n%s ", names.v[i]);
		cleanup_free char *all = fl_asprintf("\n%s", list);

		cr_expect_not_null(strstr(all, line), "%s", names.v[i]);
	}
	fl_strv_release(&names);
}
