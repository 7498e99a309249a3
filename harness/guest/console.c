/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/console.h"

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

#include <stdio.h>
#include <string.h>

/* Words of a kernel's lines; the first entry that fits a line names it. */
static const struct {
	const char *text;
	enum fl_console_finding finding;
} patterns[] = {
	/* Memory hotplug that failed for lack of memory: the step that adds it reports that. */
	{ " add_pages+", FL_CONSOLE_CLEAN },
	/* A finding that is compared with the first kernel's: fl_collect_kcsan(). */
	{ "BUG: KCSAN: ", FL_CONSOLE_CLEAN },
	{ "Kernel panic - not syncing", FL_CONSOLE_PANIC },
	{ "Out of memory: Killed process", FL_CONSOLE_OOM },
	{ "out of memory: Killed process", FL_CONSOLE_OOM },
	{ "blocked for more than", FL_CONSOLE_HUNG },
	{ "BUG: soft lockup", FL_CONSOLE_HUNG },
	{ "BUG: workqueue lockup", FL_CONSOLE_HUNG },
	{ "hard LOCKUP", FL_CONSOLE_HUNG },
	{ "self-detected stall", FL_CONSOLE_HUNG },
	{ "detected stalls on CPUs", FL_CONSOLE_HUNG },
	{ "kernel BUG at", FL_CONSOLE_SPLAT },
	{ "BUG: ", FL_CONSOLE_SPLAT },
	{ "WARNING: ", FL_CONSOLE_SPLAT },
	{ "Oops: ", FL_CONSOLE_SPLAT },
	{ "general protection fault", FL_CONSOLE_SPLAT },
	{ "Unable to handle kernel", FL_CONSOLE_SPLAT },
	{ "bad page state", FL_CONSOLE_SPLAT },
	{ "Bad page state", FL_CONSOLE_SPLAT },
	{ "Bad page map", FL_CONSOLE_SPLAT },
	{ "Bad rss-counter", FL_CONSOLE_SPLAT },
	{ "non-zero pgtables_bytes", FL_CONSOLE_SPLAT },
	{ "non-zero nr_ptes", FL_CONSOLE_SPLAT },
	{ "possible recursive locking", FL_CONSOLE_SPLAT },
	{ "possible circular locking", FL_CONSOLE_SPLAT },
	{ "inconsistent lock state", FL_CONSOLE_SPLAT },
	{ "suspicious RCU usage", FL_CONSOLE_SPLAT },
	{ "sleeping function called from invalid context", FL_CONSOLE_SPLAT },
	{ "INFO: trying to register non-static key", FL_CONSOLE_SPLAT },
	{ "UBSAN: ", FL_CONSOLE_SPLAT },
	{ "Poison overwritten", FL_CONSOLE_SPLAT },
	{ "Redzone overwritten", FL_CONSOLE_SPLAT },
	{ "Object already free", FL_CONSOLE_SPLAT },
	{ "Freepointer corrupt", FL_CONSOLE_SPLAT },
	{ "invalid opcode: ", FL_CONSOLE_SPLAT },
	{ "divide error: ", FL_CONSOLE_SPLAT },
	{ "double fault: ", FL_CONSOLE_SPLAT },
	{ "stack guard page was hit", FL_CONSOLE_SPLAT },
};

/* This much of an overlong line is matched twice, so that no pattern is missed at the cut. */
#define OVERLAP 63

static enum fl_console_finding judge(const char *line)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (strstr(line, patterns[i].text))
			return patterns[i].finding;
	return FL_CONSOLE_CLEAN;
}

static enum fl_console_finding take_line(struct fl_console *c)
{
	enum fl_console_finding finding;

	c->tail[c->tail_len] = '\0';
	finding = judge(c->tail);
	c->counts[finding]++;
	c->int3 |= finding == FL_CONSOLE_SPLAT && strstr(c->tail, "Oops: int3");
	if (finding > c->worst) {
		c->worst = finding;
		snprintf(c->line, sizeof(c->line), "%.255s", c->tail);
	}
	return finding;
}

/* A piece of an overlong line. */
static void take_piece(struct fl_console *c)
{
	if (take_line(c) != FL_CONSOLE_CLEAN) {
		c->tail_len = 0;
		return;
	}
	memmove(c->tail, c->tail + c->tail_len - OVERLAP, OVERLAP);
	c->tail_len = OVERLAP;
}

void fl_console_feed(struct fl_console *c, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			take_line(c);
			c->tail_len = 0;
		} else if (text[i] >= ' ' || text[i] == '\t') {
			if (c->tail_len == sizeof(c->tail) - 1)
				take_piece(c);
			c->tail[c->tail_len++] = text[i];
		}
	}
}

void fl_console_read(struct fl_console *c, const char *dir)
{
	cleanup_free char *path = fl_asprintf("%s/console.log", dir);
	cleanup_file FILE *f = fopen(path, "re");
	char buf[65536];
	size_t n;

	memset(c, 0, sizeof(*c));
	while (f && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		fl_console_feed(c, buf, n);
	fl_console_feed(c, "\n", 1);
}
