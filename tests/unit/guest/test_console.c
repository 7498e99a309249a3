/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/guest/console.h"

static struct fl_console feed(const char *text)
{
	struct fl_console whole = { 0 }, cut = { 0 };

	fl_console_feed(&whole, text, strlen(text));
	for (const char *p = text; *p; p++)
		fl_console_feed(&cut, p, 1);
	cr_expect_eq(whole.worst, cut.worst, "cut anywhere: %s", text);
	return whole;
}

Test(console, findings)
{
	static const struct {
		const char *line;
		enum fl_console_finding finding;
	} lines[] = {
		{ "[    0.3] Run /init as init process\n", FL_CONSOLE_CLEAN },
		{ "[    2.1] Out of memory: Killed process 34 (memhog) total-vm:1kB\n",
		  FL_CONSOLE_OOM },
		{ "[    2.1] Memory cgroup out of memory: Killed process 34 (memhog)\n",
		  FL_CONSOLE_OOM },
		{ "[   60.0] watchdog: BUG: soft lockup - CPU#0 stuck for 26s!\n",
		  FL_CONSOLE_HUNG },
		{ "[  120.0] INFO: task usemem:33 blocked for more than 120 seconds.\n",
		  FL_CONSOLE_HUNG },
		{ "[    1.0] WARNING: CPU: 0 PID: 1 at mm/rmap.c:1467\n", FL_CONSOLE_SPLAT },
		{ "[    4.6] WARNING: CPU: 0 PID: 22 at arch/x86/mm/init_64.c:986 "
		  "add_pages+0xa6/0xb0\n",
		  FL_CONSOLE_CLEAN },
		{ "[    1.0] BUG: Bad page state in process memhog  pfn:1\n", FL_CONSOLE_SPLAT },
		{ "[    1.0] BUG: Bad rss-counter state mm:0 type:MM_ANONPAGES val:1\n",
		  FL_CONSOLE_SPLAT },
		{ "[    1.0] BUG: KASAN: use-after-free in x\n", FL_CONSOLE_SPLAT },
		{ "[    1.0] kernel BUG at mm/huge_memory.c:1!\n", FL_CONSOLE_SPLAT },
		{ "[    1.0] Kernel panic - not syncing: sysrq triggered crash\n",
		  FL_CONSOLE_PANIC },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		cr_expect_eq(feed(lines[i].line).worst, lines[i].finding, "%s", lines[i].line);
}

Test(console, the_first_line_of_the_worst_finding_is_kept)
{
	struct fl_console c = feed("BUG: first\nKernel panic - not syncing: second\nBUG: third\n");

	cr_expect_eq(c.worst, FL_CONSOLE_PANIC);
	cr_expect_str_eq(c.line, "Kernel panic - not syncing: second");
	cr_expect_eq(c.counts[FL_CONSOLE_SPLAT], 2);
}

Test(console, endless_lines_and_odd_bytes_do_no_harm)
{
	static char text[100000];

	memset(text, 'x', sizeof(text) - 1);
	text[500] = 27;
	cr_expect_eq(feed(text).worst, FL_CONSOLE_CLEAN);
}

Test(console, a_finding_anywhere_in_an_overlong_line_is_seen_once)
{
	static const char word[] = "Kernel panic - not syncing";
	static char text[2000];

	for (size_t at = 0; at < 1500; at += 7) {
		struct fl_console c;

		memset(text, 'x', sizeof(text) - 2);
		text[sizeof(text) - 2] = '\n';
		memcpy(text + at, word, strlen(word));
		c = feed(text);
		cr_expect_eq(c.worst, FL_CONSOLE_PANIC, "at %zu", at);
		cr_expect_eq(c.counts[FL_CONSOLE_PANIC], 1, "at %zu", at);
	}
}
