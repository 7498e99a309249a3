/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "guest/plugin/symbols.h"

static const char map[] = "0000000000000000 D __per_cpu_start\n"
			  "0000000000001000 T percpu_text\n"
			  "ffffffff81461d20 T __memmove\n"
			  "ffffffff81461d20 T memmove\n"
			  "ffffffff81461c00 W weak\n"
			  "ffffffff81461c00 T strong_with_a_long_name\n"
			  "ffffffff81600d10 T __irqentry_text_end\n"
			  "ffffffff81600d10 t common_interrupt_return\n"
			  "ffffffff81700000 t do_it.cold\n"
			  "ffffffff81500000 t do_it\n"
			  "ffffffff81900000 D data\n";

static const char *at(const struct prof_symbols *s, uint64_t address)
{
	bool starts;

	return prof_symbols_name(s, prof_symbols_at(s, address, &starts));
}

Test(symbols, lookup)
{
	struct prof_symbols *s = prof_symbols_parse(map, sizeof(map) - 1);
	bool starts;

	cr_assert_not_null(s);
	cr_expect_str_eq(at(s, 0xffffffff81461d20), "memmove");
	cr_expect_str_eq(at(s, 0xffffffff81461d10), "strong_with_a_long_name");
	cr_expect_str_eq(at(s, 0xffffffff81600d11), "common_interrupt_return");
	cr_expect_str_eq(at(s, 0xffffffff81461bff), "[unknown]");
	cr_expect_str_eq(at(s, 0xffffffffc0000000), "[unknown]", "a module");
	cr_expect_str_eq(at(s, 0x1000), "[unknown]");
	prof_symbols_at(s, 0xffffffff81500000, &starts);
	cr_expect(starts);
	prof_symbols_at(s, 0xffffffff81500001, &starts);
	cr_expect_not(starts);
	prof_symbols_free(s);
}

Test(symbols, the_cold_part_is_the_function)
{
	struct prof_symbols *s = prof_symbols_parse(map, sizeof(map) - 1);
	bool starts;

	cr_expect_eq(prof_symbols_at(s, 0xffffffff81700010, &starts),
		     prof_symbols_at(s, 0xffffffff81500010, &starts));
	cr_expect_str_eq(at(s, 0xffffffff81700010), "do_it");
	prof_symbols_free(s);
}

Test(symbols, find)
{
	struct prof_symbols *s = prof_symbols_parse(map, sizeof(map) - 1);

	cr_expect_eq(prof_symbols_find(s, "__memmove"), 0xffffffff81461d20);
	cr_expect_eq(prof_symbols_find(s, "data"), 0);
	cr_expect_eq(prof_symbols_find(s, "percpu_text"), 0);
	prof_symbols_free(s);
}

Test(symbols, what_is_no_map)
{
	static const char garbage[] = "\nxyz\nffffffff81000000\nffffffff81000000 T\n"
				      "ffffffff81000000 T \nffffffff81000000 Tname\n";

	cr_expect_null(prof_symbols_parse("", 0));
	cr_expect_null(prof_symbols_parse(garbage, sizeof(garbage) - 1));
	cr_expect_null(prof_symbols_read("/nonexistent/System.map"));
	cr_expect_eq(errno, ENOENT);
	cr_expect_null(prof_symbols_read("/dev/null"));
	cr_expect_eq(errno, EPROTO);
}
