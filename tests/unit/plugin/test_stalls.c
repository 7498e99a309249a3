/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "guest/plugin/stalls.h"

static struct stall *made(const char *text)
{
	struct stall *s = aligned_alloc(64, sizeof(*s));

	cr_assert_not_null(s);
	memset(s, 0, sizeof(*s));
	cr_assert(stall_parse(s, text), "%s", text);
	return s;
}

Test(stalls, read)
{
	struct stall *s = made("200000:8:ffffffff81000000:ffffffff81000200");

	cr_expect_eq(s->ns, 200000);
	cr_expect_eq(s->one_in, 8);
	cr_expect(stall_is_at(s, 0xffffffff81000000));
	cr_expect(stall_is_at(s, 0xffffffff81000200));
	cr_expect_not(stall_is_at(s, 0xffffffff81000001));
	free(s);
}

Test(stalls, nonsense_is_refused)
{
	static const char *const bad[] = { "",
					   "1",
					   "1:1",
					   "1:1:",
					   "1:0:f",
					   ":1:f",
					   "1:x:f",
					   "-1:1:f",
					   "1:1:f:",
					   "1:1:g",
					   "1:1:f,",
					   "1:1:1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:10:11",
					   "99999999999999999999:1:f" };
	struct stall *s = aligned_alloc(64, sizeof(*s));

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(stall_parse(s, bad[i]), "%s", bad[i]);
	free(s);
}

Test(stalls, a_share_of_the_entries)
{
	struct stall *s = made("1000:8:f");
	unsigned int n[2] = { 0 };
	char text[64] = "";
	FILE *f = fmemopen(text, sizeof(text), "w");

	stall_seed(s, 1, 0);
	for (unsigned int i = 0; i < 20000; i++)
		n[i % 2] += stall_enter(s, i % 2);
	cr_expect(n[0] > 1100 && n[0] < 1400, "%u of 10000, one in 8", n[0]);
	cr_expect(n[1] > 1100 && n[1] < 1400, "%u of 10000, one in 8", n[1]);
	cr_expect_neq(n[0], n[1], "each vCPU draws on its own");
	stall_write(s, f);
	fclose(f);
	cr_expect_eq((unsigned int)atoi(text), 20000);
	cr_expect_eq((unsigned int)atoi(strchr(text, ' ') + 1), n[0] + n[1]);
	free(s);
}

Test(stalls, a_seed_draws_the_same_again)
{
	struct stall *a = made("1000:3:f"), *b = made("1000:3:f"), *c = made("1000:3:f");
	unsigned int same = 0;

	stall_seed(a, 7, 0);
	stall_seed(b, 7, 0);
	stall_seed(c, 8, 0);
	for (unsigned int i = 0; i < 1000; i++) {
		bool is = stall_enter(a, 0);

		cr_expect_eq(is, stall_enter(b, 0));
		same += is == stall_enter(c, 0);
	}
	cr_expect_lt(same, 700);
	free(a);
	free(b);
	free(c);
}

Test(stalls, every_entry)
{
	struct stall *s = made("1000:1:f");

	stall_seed(s, 1, 0);
	for (unsigned int i = 0; i < 100; i++)
		cr_expect(stall_enter(s, 1));
	free(s);
}
