/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/try/diff.h"

static struct fl_diff parse(const char *text)
{
	struct fl_diff d = { 0 };

	fl_diff_parse(&d, text, strlen(text));
	return d;
}

/* git diff of Linux 6.12, mm/memory.c, with a line added to two functions. */
static const char two_functions[] =
	"From: A <a@example.org>\nSubject: [PATCH] mm: something\n\n---\n mm/memory.c | 2 ++\n\n"
	"diff --git a/mm/memory.c b/mm/memory.c\n"
	"index 1111111..2222222 100644\n"
	"--- a/mm/memory.c\n"
	"+++ b/mm/memory.c\n"
	"@@ -4700,6 +4700,7 @@ static struct folio *alloc_anon_folio(struct vm_fault *vmf)\n"
	" \tint order;\n"
	" \n"
	" \tif (unlikely(userfaultfd_armed(vma)))\n"
	"+\t\tcount_vm_event(SOMETHING);\n"
	" \t\tgoto fallback;\n"
	" \n"
	" \t/*\n"
	"@@ -4780,9 +4781,10 @@ fallback:\n"
	" \treturn folio;\n"
	" }\n"
	" \n"
	" static vm_fault_t do_anonymous_page(struct vm_fault *vmf)\n"
	" {\n"
	"-\tstruct vm_area_struct *vma = vmf->vma;\n"
	"+\tstruct vm_area_struct *vma;\n"
	"+\tvma = vmf->vma;\n"
	" \tunsigned long addr = vmf->address;\n"
	" \tstruct folio *folio;\n"
	" \tvm_fault_t ret = 0;\n"
	"-- \n"
	"2.39.5\n";

Test(try_diff, functions_of_a_mail)
{
	struct fl_diff d = parse(two_functions);

	cr_assert_eq(d.n, 1);
	cr_assert_str_eq(d.files[0].path, "mm/memory.c");
	cr_assert_eq(d.files[0].functions.n, 2);
	cr_assert_str_eq(d.files[0].functions.v[0], "alloc_anon_folio");
	cr_assert_str_eq(d.files[0].functions.v[1], "do_anonymous_page");
	cr_assert_eq(d.files[0].added, 3);
	cr_assert_eq(d.files[0].removed, 1);
	cr_assert_eq(fl_diff_functions(&d), 2);
	fl_diff_release(&d);
}

Test(try_diff, what_stands_between_functions_is_in_none)
{
	struct fl_diff d = parse("--- a/mm/x.c\n+++ b/mm/x.c\n"
				 "@@ -1,6 +1,7 @@ int one(void)\n"
				 " \treturn 1;\n }\n \n+static int limit = 3;\n"
				 " int two(void)\n {\n \treturn 2;\n");

	cr_assert_eq(d.files[0].functions.n, 0);
	cr_assert_eq(d.files[0].added, 1);
	fl_diff_release(&d);
}

Test(try_diff, a_system_call_has_its_name)
{
	struct fl_diff d = parse("--- a/mm/mremap.c\n+++ b/mm/mremap.c\n"
				 "@@ -10,2 +10,3 @@ SYSCALL_DEFINE5(mremap, unsigned long, addr\n"
				 " \tint x;\n+\tint y;\n \tint z;\n");

	cr_assert_eq(d.files[0].functions.n, 1);
	cr_assert_str_eq(d.files[0].functions.v[0], "mremap");
	fl_diff_release(&d);
}

Test(try_diff, documents_have_no_functions)
{
	struct fl_diff d = parse("--- a/Documentation/mm/a.rst\n+++ b/Documentation/mm/a.rst\n"
				 "@@ -1 +1 @@ word (of it\n-a\n+b\n");

	cr_assert_eq(d.n, 1);
	cr_assert_eq(d.files[0].functions.n, 0);
	fl_diff_release(&d);
}

Test(try_diff, files_come_and_go)
{
	struct fl_diff d = parse("--- /dev/null\n+++ b/mm/new.c\n@@ -0,0 +1,3 @@\n"
				 "+int new(void)\n+{\n+}\n"
				 "--- a/mm/old.c\n+++ /dev/null\n@@ -1,3 +0,0 @@\n"
				 "-int old(void)\n-{\n-}\n");

	cr_assert_eq(d.n, 2);
	cr_assert_str_eq(d.files[0].path, "mm/new.c");
	cr_assert_str_eq(d.files[0].functions.v[0], "new");
	cr_assert_str_eq(d.files[1].path, "mm/old.c");
	cr_assert_str_eq(d.files[1].functions.v[0], "old");
	fl_diff_release(&d);
}

/* A line of a hunk that looks like the head of a file is one of the hunk. */
Test(try_diff, lines_are_counted)
{
	struct fl_diff d = parse("--- a/mm/x.c\n+++ b/mm/x.c\n@@ -1,2 +1,1 @@ int f(void)\n"
				 "--- a/mm/y.c\n \tend;\n");

	cr_assert_eq(d.n, 1);
	cr_assert_eq(d.files[0].removed, 1);
	fl_diff_release(&d);
}

Test(try_diff, no_diff_is_nothing)
{
	struct fl_diff d = parse("Hello,\n\nplease look at @@ -1 +1 @@ this.\n");

	cr_assert_eq(d.n, 0);
	fl_diff_release(&d);
	d = parse("diff --git a/x b/x\nGIT binary patch\nliteral 3\n");
	cr_assert(d.binary);
	fl_diff_release(&d);
}
