/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/profile.h"

#define HEAD "# faults 2\n# faults_open 1\n# instructions 30\n# insn_user 5\n# insn_kernel 40\n"

static int parse(struct fl_profile *p, const char *text)
{
	return fl_profile_parse(p, text, strlen(text));
}

Test(profile, heads_and_stacks)
{
	struct fl_profile p;

	cr_assert_eq(parse(&p, HEAD "a 10\na;b.isra.0 20\n"), 0);
	cr_expect_eq(p.faults, 2);
	cr_expect_eq(p.faults_open, 1);
	cr_expect_eq(p.instructions, 30);
	cr_expect_eq(p.user, 5);
	cr_expect_eq(p.kernel, 40);
	cr_assert_eq(p.n, 2);
	cr_expect_str_eq(p.stacks[1].stack, "a;b.isra.0");
	cr_expect_eq(p.stacks[1].insns, 20);
	fl_profile_release(&p);
	cr_expect_eq(p.n, 0);
}

Test(profile, calls_and_entries)
{
	struct fl_profile p;

	cr_assert_eq(parse(&p, HEAD "a 10\n# calls 2\na;b 12\n# calls 7\nab 8\n"), 0);
	cr_assert_eq(p.n, 3);
	cr_expect_eq(p.stacks[0].calls, 2);
	cr_expect_eq(p.stacks[1].calls, 7);
	cr_expect_eq(p.stacks[2].calls, 0, "an older plugin's");
	fl_profile_keep(&p, "a");
	cr_expect_eq(p.n, 2, "ab is another entry");
	cr_expect_eq(p.instructions, 22);
	fl_profile_release(&p);
}

Test(profile, metrics_of_entries)
{
	static const char text[] =
		"# faults 4\n# instructions 150\n# insn_user 0\n# insn_kernel 150\n"
		"__x64_sys_getpid 10\n# calls 1\n"
		"__x64_sys_munmap 40\n# calls 2\n"
		"__x64_sys_munmap;unmap 50\n# calls 3\n"
		"asm_exc_page_fault 20\n# calls 4\n"
		"asm_exc_page_fault;handle 26\n# calls 4\n"
		"asm_sysvec_apic_timer_interrupt 4\n# calls 1\n";
	static const struct {
		const char *name;
		double value;
	} want[] = { { "fault_path", 11.5 }, { "fault_path_count", 4 }, { "path_munmap", 45 } };
	struct fl_result r = { 0 };
	struct fl_profile p;

	cr_assert_eq(parse(&p, text), 0);
	fl_profile_put(&r, &p);
	cr_assert_eq(r.n_values, 3);
	for (size_t i = 0; i < 3; i++) {
		cr_expect_str_eq(r.values[i].name, want[i].name);
		cr_expect_float_eq(r.values[i].value, want[i].value, 1e-9);
		cr_expect_not_null(fl_metric_find(want[i].name), "no line in the table");
	}
	fl_result_release(&r);
	fl_profile_release(&p);
}

Test(profile, a_window_without_faults)
{
	struct fl_profile p;
	struct fl_profile_function *f;
	size_t n = 1;

	cr_assert_eq(parse(&p, "# faults 0\n# instructions 0\n# insn_user 7\n# insn_kernel 9\n"),
		     0);
	f = fl_profile_functions(&p, &n);
	cr_expect_eq(n, 0);
	free(f);
}

Test(profile, a_head_of_a_later_version_is_passed_over)
{
	struct fl_profile p;

	cr_assert_eq(parse(&p, "# later 1\n" HEAD "a 30\n"), 0);
	fl_profile_release(&p);
}

Test(profile, garbage_is_eproto)
{
	static const char *const texts[] = {
		"",
		"\n",
		HEAD,
		HEAD "a 30",
		HEAD "a 29\n",
		HEAD "a 30\n# faults 3\n",
		HEAD "a 30\n# calls\n",
		HEAD "a 30\n# calls -1\n",
		HEAD "a 30\n# calls 2\n# calls 3\n",
		HEAD "# faults 2\na 30\n",
		HEAD "a\n",
		HEAD " 30\n",
		HEAD "a;;b 30\n",
		HEAD ";a 30\n",
		HEAD "a; 30\n",
		HEAD "a b 30\n",
		HEAD "a -30\n",
		HEAD "a 0x1e\n",
		HEAD "a 10\n\na 20\n",
		HEAD "a 18446744073709551615\nb 31\n",
		HEAD "a 18446744073709551646\n",
		"# faults 1\n# instructions 5\n# insn_user 5\na 5\n",
		"#\n" HEAD "a 30\n",
		"# \n" HEAD "a 30\n",
	};
	struct fl_profile p;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect_eq(parse(&p, texts[i]), -EPROTO, "text %zu", i);
		cr_expect_eq(p.n, 0);
	}
	cr_expect_eq(fl_profile_parse(&p, HEAD "a 30\n\0", sizeof(HEAD "a 30\n")), -EPROTO);
}

Test(profile, functions_by_self_with_recursion_counted_once)
{
	struct fl_profile p;
	struct fl_profile_function *f;
	size_t n;

	cr_assert_eq(parse(&p, HEAD "a 4\na;b 6\na;b;a 15\na;b;ab 5\n"), 0);
	f = fl_profile_functions(&p, &n);
	fl_profile_release(&p);
	cr_assert_eq(n, 3);
	cr_expect_str_eq(f[0].name, "a");
	cr_expect_eq(f[0].self, 19);
	cr_expect_eq(f[0].total, 30);
	cr_expect_str_eq(f[1].name, "b");
	cr_expect_eq(f[1].self, 6);
	cr_expect_eq(f[1].total, 26);
	cr_expect_str_eq(f[2].name, "ab");
	cr_expect_eq(f[2].self, 5);
	cr_expect_eq(f[2].total, 5);
	free(f);
}

/* A guest's, every 25th line of it. */
Test(profile, recorded)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen("tests/fuzz/corpus/profile/real", "re");
	struct fl_profile p;
	struct fl_profile_function *f;
	size_t n;

	cr_assert_not_null(file);
	cr_assert_eq(fl_profile_parse(&p, text, fread(text, 1, 1 << 20, file)), 0);
	fclose(file);
	free(text);
	cr_expect_eq(p.faults, 20000);
	f = fl_profile_functions(&p, &n);
	cr_assert_gt(n, 10);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(f[i].name, "asm_exc_page_fault"))
			cr_expect_eq(f[i].total, p.instructions, "the root holds all");
	fl_profile_release(&p);
	free(f);
}

/* A function that was asked for begins its stacks, whoever called it; one that was not is refused.
 */
Test(profile, of_a_function)
{
	static const char text[] =
		"# faults 1\n# instructions 26\n# insn_user 0\n# insn_kernel 26\n"
		"a;x.isra.0 3\n# calls 2\na;x.isra.0;y 4\n# calls 2\nb;x 5\n# calls 1\nb;x;y 6\n# "
		"calls 3\nb;z 8\n# calls 1\nx 0\n# calls 0\n";
	struct fl_profile p;

	cr_assert_eq(fl_profile_parse(&p, text, strlen(text)), 0);
	cr_assert(fl_profile_keep(&p, "x"));
	cr_expect_eq(p.faults, 3);
	cr_expect_eq(p.instructions, 18);
	fl_profile_release(&p);
	cr_assert_eq(fl_profile_parse(&p, text, strlen(text)), 0);
	cr_expect_not(fl_profile_keep(&p, "z"));
	cr_expect_eq(p.n, 0);
	fl_profile_release(&p);
}
