/* SPDX-License-Identifier: GPL-2.0 */
/* Which touches of a chunk faulted, when only their number is known. */
#include <criterion/criterion.h>
#include <string.h>

#include "workloads/lib/chunk.h"

static struct chunk c;

static void empty(void)
{
	memset(&c, 0, sizeof(c));
}

TestSuite(workload_chunk, .init = empty);

static void add(uint64_t ticks, bool ticked, bool scheduled)
{
	c.ticks[c.n] = ticks;
	c.marked += ticked + scheduled;
	c.ticked[c.n] = ticked;
	c.scheduled[c.n++] = scheduled;
}

static void judge(unsigned long faults, unsigned long preemptions, bool known)
{
	chunk_judge(&c, &(struct chunk_counts){ faults, preemptions, known });
}

/* s, f, i, p for each touch. */
static void expect(const char *kinds)
{
	char got[CHUNK_MAX + 1] = "";

	for (unsigned int i = 0; i < c.n; i++)
		got[i] = "sfip"[c.kind[i]];
	cr_assert_str_eq(got, kinds);
}

static void add_all(const uint64_t *ticks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(ticks[i], false, false);
}

Test(workload_chunk, all_faulted_or_none)
{
	static const uint64_t ticks[] = { 5, 2849, 1, 2849 };

	add_all(ticks, 4);
	judge(4, 0, true);
	expect("ffff");
	judge(0, 0, true);
	expect("ssss");
	judge(9, 0, true); /* a touch can fault twice */
	expect("ffff");
}

Test(workload_chunk, an_emptied_one_has_no_marks)
{
	add(5000, true, true);
	chunk_empty(&c);
	add(5000, false, false);
	judge(1, 1, true);
	expect("f");
}

Test(workload_chunk, the_longest_faulted)
{
	static const uint64_t ticks[] = { 1, 2849, 1, 4000, 1, 2849, 1, 1 };

	add_all(ticks, 8);
	judge(3, 0, true);
	expect("sfsfsfss");
	judge(1, 0, true);
	expect("sssfssss");
	judge(2, 0, true); /* of equal ones the first */
	expect("sfsfssss");
}

Test(workload_chunk, a_tick_in_a_store_makes_it_no_fault)
{
	add(1, false, false);
	add(5000, true, false);
	add(1, false, false);
	judge(0, 0, true);
	expect("sis");
}

/* One fault is counted and one touch was interrupted: it can be the same. */
Test(workload_chunk, a_tick_in_the_fault_makes_no_store_one)
{
	add(290000, true, false);
	for (int i = 0; i < 6; i++)
		add(i == 3 ? 9 : 1, false, false);
	judge(1, 0, true);
	expect("issssss");
}

Test(workload_chunk, a_tick_in_a_store_beside_a_fault)
{
	add(2849, false, false);
	add(1900, true, false);
	add(1, false, false);
	add(1, false, false);
	judge(1, 0, true);
	expect("fiss");
}

Test(workload_chunk, a_tick_in_one_of_several_faults)
{
	add(2849, false, false);
	add(1, false, false);
	add(5000, true, false);
	add(2900, false, false);
	add(1, false, false);
	judge(3, 0, true);
	expect("fsifs");
}

Test(workload_chunk, all_but_the_interrupted_faulted)
{
	add(2849, false, false);
	add(5000, true, false);
	add(2849, false, false);
	judge(3, 0, true);
	expect("fif");
	judge(2, 0,
	      true); /* the interrupted one was a store, or one of these was: they are alike */
	expect("fif");
}

Test(workload_chunk, preempted_is_what_left_the_cpu_unasked)
{
	add(2849, false, false);
	add(4000000, false, true);
	add(9000000, false, false);
	judge(3, 1, true);
	expect("fpf");
	judge(3, 0, true); /* a fault that slept, for a page from swap */
	expect("fff");
	judge(3, 1, false); /* not known where: the longest */
	expect("ffp");
}

Test(workload_chunk, preempted_elsewhere)
{
	add(2849, false, false);
	add(2849, false, false);
	judge(2, 3, true);
	expect("ff");
}

Test(workload_chunk, of_those_that_left_the_cpu_the_longest_were_preempted)
{
	add(4000000, false, true);
	add(100000, false, true);
	add(2849, false, false);
	judge(3, 1, true);
	expect("pff");
}

Test(workload_chunk, any_mixture_is_told_apart)
{
	for (unsigned int faults = 0; faults <= CHUNK_MAX; faults += 37) {
		unsigned int right = 0;

		c.n = 0;
		for (unsigned int i = 0; i < CHUNK_MAX; i++)
			add(i * 7919 % CHUNK_MAX < faults ? 2000 + i * 31 % 97 : i * 17 % 50, false,
			    false);
		judge(faults, 0, true);
		for (unsigned int i = 0; i < CHUNK_MAX; i++)
			right += (c.kind[i] == CHUNK_FAULT) == (c.ticks[i] >= 2000);
		cr_assert_eq(right, CHUNK_MAX, "%u faults", faults);
	}
}

/* A task loses the CPU at a tick. */
Test(workload_chunk, a_tick_that_took_the_cpu_away_preempted)
{
	add(2849, false, false);
	add(4000000, true, true);
	add(7000, true, false);
	judge(3, 1, true);
	expect("fpi");
}
