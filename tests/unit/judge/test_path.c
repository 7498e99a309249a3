/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles written by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/judge/path.h"

#define FAULT "asm_exc_page_fault"
#define N(array) (sizeof(array) / sizeof((array)[0]))

/* 1000 faults of 100 instructions; 900 of them anonymous, each tenth of which refills a list. */
static const struct fl_profile_stack plain[] = {
	{ FAULT, 9000, 1000 },
	{ FAULT ";handle", 21000, 1000 },
	{ FAULT ";handle;do_anonymous_page", 45000, 900 },
	{ FAULT ";handle;do_anonymous_page;refill.isra.0", 20000, 90 },
	{ FAULT ";handle;do_fault", 5000, 100 },
	{ "__x64_sys_getpid", 10, 1 },
	{ "__x64_sys_munmap", 300, 3 },
	{ "__x64_sys_munmap;unmap", 30000, 600 },
	{ "asm_sysvec_apic_timer_interrupt", 500, 1 },
};

static struct fl_profile profile(struct fl_profile_stack *stacks, size_t n)
{
	return (struct fl_profile){ .faults = 1000, .stacks = stacks, .n = n };
}

static struct fl_path compare(struct fl_profile_stack *b, size_t n)
{
	struct fl_profile_stack a[N(plain)];
	struct fl_profile pa = profile(a, N(a)), pb = profile(b, n);
	struct fl_path p;

	memcpy(a, plain, sizeof(a));
	fl_path_compare(&p, &pa, &pb);
	cr_assert_eq(p.n, 2, "getpid and the timer are not compared");
	cr_assert_str_eq(p.entries[0].metric, "fault_path");
	cr_assert_str_eq(p.entries[1].metric, "path_munmap");
	return p;
}

#define COPY(b)                              \
	struct fl_profile_stack b[N(plain)]; \
	memcpy(b, plain, sizeof(b))

Test(path, equal_is_silent)
{
	COPY(b);
	struct fl_path p = compare(b, N(b));

	for (size_t i = 0; i < p.n; i++) {
		cr_expect(fl_path_equal(&p.entries[i]));
		cr_expect_eq(fl_path_judge(&p.entries[i], 0), FL_SAME);
		cr_expect_null(p.entries[i].mix);
	}
	cr_expect_float_eq(fl_path_mean(&p.entries[0], 0), 100, 1e-9);
	fl_path_release(&p);
}

Test(path, an_instruction_more_in_each_call_is_seen_and_named)
{
	COPY(b);
	struct fl_path p;
	struct fl_path_entry *e;

	b[2].insns += 900;
	p = compare(b, N(b));
	e = &p.entries[0];
	cr_assert_eq(e->n, 1);
	cr_expect_eq(e->n_each, 1);
	cr_expect_str_eq(e->functions[0].name, "do_anonymous_page");
	cr_expect_float_eq(fl_path_change_of_call(&e->functions[0]), 1, 1e-9);
	cr_expect_float_eq(fl_path_change(e, &e->functions[0]), 0.9, 1e-9);
	cr_expect_eq(fl_path_judge(e, 0.01), FL_SAME, "below the threshold");
	cr_expect_eq(fl_path_judge(e, 0.002), FL_WORSE);
	cr_expect_eq(fl_path_judge(e, 0), FL_WORSE);
	cr_expect(fl_path_equal(&p.entries[1]));
	fl_path_release(&p);
	b[2].insns -= 1800;
	p = compare(b, N(b));
	cr_expect_eq(fl_path_judge(&p.entries[0], 0), FL_BETTER);
	fl_path_release(&p);
}

/* A list ran empty once more, and a function that is called rarely was a little longer. */
Test(path, what_happens_in_some_calls_fails_nothing)
{
	COPY(b);
	struct fl_path p;
	struct fl_path_entry *e;

	b[3].insns += 111;
	b[4].insns += 3;
	p = compare(b, N(b));
	e = &p.entries[0];
	cr_expect_eq(e->n, 2);
	cr_expect_eq(e->n_each, 0);
	cr_expect_str_eq(e->functions[0].name, "refill", "without the compiler's suffix");
	cr_expect_eq(fl_path_judge(e, 0), FL_SAME);
	fl_path_release(&p);
	b[3].insns += 300;
	p = compare(b, N(b));
	cr_expect_eq(fl_path_judge(&p.entries[0], 0), FL_WORSE, "it sums up");
	fl_path_release(&p);
}

Test(path, another_function_called_in_each_fault)
{
	COPY(b);
	struct fl_profile_stack more[N(plain) + 1];
	struct fl_path p;

	memcpy(more, b, sizeof(b));
	more[N(plain)] = (struct fl_profile_stack){ FAULT ";handle;planted", 1000, 1000 };
	p = compare(more, N(more));
	cr_assert_eq(p.entries[0].n_each, 1);
	cr_expect_str_eq(p.entries[0].functions[0].name, "planted");
	cr_expect_eq(p.entries[0].functions[0].insns[0], 0, "new");
	cr_expect_eq(fl_path_judge(&p.entries[0], 0), FL_WORSE);
	fl_path_release(&p);
}

Test(path, inlined_or_renamed_is_gone_and_new_with_equal_sums)
{
	COPY(b);
	struct fl_path p;
	struct fl_path_entry *e;

	b[1].insns += b[2].insns;
	b[2].insns = b[2].calls = 0;
	p = compare(b, N(b));
	e = &p.entries[0];
	cr_expect_eq(e->n_each, 2);
	cr_expect_eq(e->insns[0], e->insns[1]);
	cr_expect_null(e->mix, "%s", e->mix);
	cr_expect_float_eq(
		fl_path_change(e, &e->functions[0]) + fl_path_change(e, &e->functions[1]), 0, 1e-9);
	cr_expect_eq(fl_path_judge(e, 0), FL_SAME);
	fl_path_release(&p);
}

/* One of three calls needed a slab: luck.  What each page of each call costs more is the code. */
Test(path, a_call_is_judged_by_its_code_and_from_five_times_the_threshold_on)
{
	COPY(b);
	struct fl_profile_stack more[N(plain) + 1];
	struct fl_path p;

	memcpy(more, b, sizeof(b));
	more[N(plain)] = (struct fl_profile_stack){ "__x64_sys_munmap;allocate_slab", 3000, 1 };
	p = compare(more, N(more));
	cr_expect_not(fl_path_equal(&p.entries[1]));
	cr_expect_eq(fl_path_judge(&p.entries[1], 0), FL_SAME);
	fl_path_release(&p);
	b[7].insns += 240; /* 0.8 % */
	p = compare(b, N(b));
	cr_expect_eq(fl_path_judge(&p.entries[1], 0.002), FL_SAME, "below 1 %%");
	cr_expect_eq(fl_path_judge(&p.entries[1], 0.001), FL_WORSE);
	fl_path_release(&p);
	b[7].insns += 120; /* 1.2 % */
	p = compare(b, N(b));
	cr_expect_eq(fl_path_judge(&p.entries[1], 0.002), FL_WORSE);
	fl_path_release(&p);
}

/* Faults of another kind, or more of them: what one takes is not comparable. */
Test(path, another_mix_is_said)
{
	COPY(b);
	struct fl_path p;

	b[2].calls -= 100;
	b[2].insns -= 5000;
	b[4].calls += 100;
	b[4].insns += 15000;
	p = compare(b, N(b));
	cr_assert_not_null(p.entries[0].mix);
	cr_expect_not_null(strstr(p.entries[0].mix, "900 times in A and 800 in B"), "%s",
			   p.entries[0].mix);
	cr_expect_eq(fl_path_judge(&p.entries[0], 0), FL_DIFFERS);
	fl_path_release(&p);
	memcpy(b, plain, sizeof(b));
	b[0].calls += 20;
	b[0].insns += 180;
	b[1].calls += 20;
	b[1].insns += 420;
	p = compare(b, N(b));
	cr_assert_not_null(p.entries[0].mix);
	cr_expect_not_null(strstr(p.entries[0].mix, "1000 times in A and 1020 in B"), "%s",
			   p.entries[0].mix);
	fl_path_release(&p);
}

Test(path, a_few_faults_more_are_compared_fault_by_fault)
{
	COPY(b);
	struct fl_path p;

	b[0].calls += 2;
	b[0].insns += 18;
	b[1].calls += 2;
	b[1].insns += 42;
	b[4].calls += 2;
	b[4].insns += 100;
	p = compare(b, N(b));
	cr_expect_null(p.entries[0].mix);
	cr_expect_not(fl_path_equal(&p.entries[0]));
	cr_expect_eq(p.entries[0].n_each, 0);
	cr_expect_eq(fl_path_judge(&p.entries[0], 0), FL_SAME);
	fl_path_release(&p);
}

Test(path, an_older_profile_has_no_calls)
{
	COPY(b);
	struct fl_profile_stack old[] = { { FAULT, 9000, 0 }, { FAULT ";handle", 91000, 0 } };
	struct fl_profile pa = profile(b, N(b)), pb = profile(old, N(old)), none = { 0 };
	struct fl_path p;

	fl_path_compare(&p, &pa, &pb);
	cr_expect_eq(p.n, 0);
	fl_path_release(&p);
	fl_path_compare(&p, &pa, &none);
	cr_expect_eq(p.n, 0);
	fl_path_release(&p);
}

/* The same place in the stack, as often, and about as long: another name of the same function. */
Test(path, a_renamed_function_is_one)
{
	COPY(b);
	struct fl_path p;
	struct fl_path_entry *e;

	b[1].stack = (char *)FAULT ";handle_new";
	b[2].stack = (char *)FAULT ";handle_new;anon_page";
	b[2].insns += 1800;
	b[3].stack = (char *)FAULT ";handle_new;anon_page;refill";
	b[4].stack = (char *)FAULT ";handle_new;do_fault";
	p = compare(b, N(b));
	e = &p.entries[0];
	cr_assert_eq(e->n, 1, "%zu", e->n);
	cr_expect_str_eq(e->functions[0].name, "do_anonymous_page -> anon_page");
	cr_expect_float_eq(fl_path_change_of_call(&e->functions[0]), 2, 1e-9);
	fl_path_release(&p);
}

Test(path, what_is_called_elsewhere_or_seldom_is_another_function)
{
	static const struct {
		const char *stack;
		uint64_t insns, calls;
	} others[] = {
		{ FAULT ";handle;other", 45000, 800 },
		{ FAULT ";handle;other", 145000, 900 },
		{ FAULT ";other", 50000, 900 },
	};

	for (size_t i = 0; i < N(others); i++) {
		COPY(b);
		struct fl_path p;

		b[2] = (struct fl_profile_stack){ (char *)others[i].stack, others[i].insns,
						  others[i].calls };
		b[3].stack = (char *)FAULT ";handle;refill";
		p = compare(b, N(b));
		cr_expect_eq(p.entries[0].n, 2, "case %zu: %zu", i, p.entries[0].n);
		fl_path_release(&p);
	}
}
