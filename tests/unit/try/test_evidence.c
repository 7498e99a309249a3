/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/try/evidence.h"

static char path[32];

static void write_console(const char *text)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/fl-console-XXXXXX");
	fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_gt(dprintf(fd, "%s", text), 0);
	close(fd);
}

Test(try_evidence, lines_from_the_finding_on)
{
	struct fl_strv lines = { 0 };

	write_console(
		"[    0.1] one\n[    0.2] two\n[    0.3] WARNING: CPU: 0 at mm/x.c:1 f\n"
		"[    0.4] 4\n[    0.5] 5\n[    0.6] 6\n[    0.7] 7\n[    0.8] 8\n[    0.9] 9\n"
		"[    1.0] 10\n[    1.1] 11\n");
	fl_evidence_console(&lines, path, "[    0.3] WARNING: CPU: 0 at mm/x.c:1 f");
	cr_assert_eq(lines.n, 8);
	cr_expect_str_eq(lines.v[0], "WARNING: CPU: 0 at mm/x.c:1 f");
	cr_expect_str_eq(lines.v[7], "10");
	fl_strv_release(&lines);
	unlink(path);
}

Test(try_evidence, the_last_lines_where_nothing_was_found)
{
	struct fl_strv lines = { 0 };

	write_console("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
	fl_evidence_console(&lines, path, "");
	cr_assert_eq(lines.n, 8);
	cr_expect_str_eq(lines.v[0], "3");
	cr_expect_str_eq(lines.v[7], "10");
	fl_strv_release(&lines);
	fl_evidence_console(&lines, "/nowhere", "x");
	cr_expect_eq(lines.n, 0);
	unlink(path);
}
