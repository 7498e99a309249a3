/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/run/host_journal.h"
#include "harness/run/host_settings.h"

#define ENABLED "/sys/kernel/mm/transparent_hugepage/enabled"
#define VM "/proc/sys/vm/"
#define DEFRAG "/sys/kernel/mm/transparent_hugepage/defrag"

/* A machine of ordinary files: a folder with the kernel's files below it. */
struct machine {
	char root[64], cache[80];
	struct fl_host_settings *h;
	char note[512], reason[512];
	enum fl_status status;
	struct fl_error err;
};

static void put(const struct machine *m, const char *path, const char *text)
{
	cleanup_free char *file = fl_asprintf("%s%s", m->root, path);
	cleanup_file FILE *f = NULL;

	for (char *p = file + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(file, 0777);
		*p = '/';
	}
	f = fopen(file, "we");
	cr_assert(f && fputs(text, f) >= 0, "%s", file);
}

static const char *get(const struct machine *m, const char *path)
{
	static char text[4096];
	cleanup_free char *file = fl_asprintf("%s%s", m->root, path);
	cleanup_file FILE *f = fopen(file, "re");

	cr_assert(f, "%s", file);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	return text;
}

static void machine_make(struct machine *m)
{
	memset(m, 0, sizeof(*m));
	strcpy(m->root, "/tmp/faultline-host-XXXXXX");
	cr_assert(mkdtemp(m->root));
	snprintf(m->cache, sizeof(m->cache), "%s/a/cache", m->root);
	put(m, "/a/cache/other", "");
	put(m, ENABLED, "always [madvise] never\n");
	put(m, DEFRAG, "always defer [madvise] never\n");
}

/* Of this boot, with one entry. */
static void put_journal(const struct machine *m, const char *path, const char *value)
{
	cleanup_file FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	cleanup_free char *text = NULL;
	char boot[FL_JOURNAL_BOOT_MAX] = "";

	cr_assert(f && fgets(boot, sizeof(boot), f));
	boot[strcspn(boot, "\n")] = '\0';
	text = fl_asprintf(FL_JOURNAL_MAGIC "\nboot %s\n%s\t%s\n", boot, path, value);
	put(m, "/a/cache/host-journal", text);
}

static int begin(struct machine *m)
{
	return fl_host_settings_begin_at(&m->h, m->cache, m->root, m->note, sizeof(m->note),
					 &m->err);
}

static int apply(struct machine *m, const char *name, const char *value)
{
	struct fl_point_setting s = { name, value };

	return fl_host_settings_apply(m->h, &s, 1, &m->status, m->reason, sizeof(m->reason),
				      &m->err);
}

static void machine_drop(struct machine *m)
{
	cleanup_free char *command = fl_asprintf("rm -rf %s", m->root);

	fl_host_settings_end(m->h);
	cr_assert_eq(system(command), 0);
}

Test(host_settings, applied_and_put_back_in_reverse_order)
{
	struct machine m;

	machine_make(&m);
	cr_assert_eq(begin(&m), 0, "%s", m.err.text);
	cr_assert_str_empty(m.note);
	cr_assert_eq(apply(&m, "thp.enabled", "always"), 0);
	cr_assert_eq(m.status, FL_OK, "%s", m.reason);
	cr_assert_str_eq(get(&m, ENABLED), "always");
	cr_assert_eq(apply(&m, "thp.enabled", "never"), 0);
	cr_assert_eq(apply(&m, "thp.defrag", "never"), 0);
	cr_assert_eq(fl_host_settings_restore(m.h, &m.err), 0, "%s", m.err.text);
	cr_assert_str_eq(get(&m, ENABLED), "madvise");
	cr_assert_str_eq(get(&m, DEFRAG), "madvise");
	cr_assert_eq(fl_host_settings_restore(m.h, &m.err), 0);
	machine_drop(&m);
}

Test(host_settings, settings_below_a_guest_are_the_same_files)
{
	struct machine m;

	machine_make(&m);
	cr_assert_eq(begin(&m), 0, "%s", m.err.text);
	cr_assert_eq(apply(&m, "host.thp.enabled", "never"), 0);
	cr_assert_eq(m.status, FL_OK, "%s", m.reason);
	cr_assert_str_eq(get(&m, ENABLED), "never");
	cr_assert_eq(fl_host_settings_restore(m.h, &m.err), 0, "%s", m.err.text);
	cr_assert_str_eq(get(&m, ENABLED), "madvise");
	cr_assert_eq(apply(&m, "guest.deflate_on_oom", "on"), 0);
	cr_assert_eq(m.status, FL_SKIPPED);
	machine_drop(&m);
}

Test(host_settings, killed_run_is_put_back_by_the_next)
{
	struct machine m;
	pid_t pid;

	machine_make(&m);
	pid = fork();
	if (!pid) {
		if (begin(&m) || apply(&m, "thp.enabled", "never") || m.status != FL_OK)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, NULL, 0);
	cr_assert_str_eq(get(&m, ENABLED), "never");
	cr_assert_eq(begin(&m), 0, "%s", m.err.text);
	cr_assert(strstr(m.note, "restored 1"), "%s", m.note);
	cr_assert_str_eq(get(&m, ENABLED), "madvise");
	machine_drop(&m);
}

Test(host_settings, journal_of_an_earlier_boot_is_dropped)
{
	struct machine m;

	machine_make(&m);
	put(&m, "/a/cache/host-journal",
	    FL_JOURNAL_MAGIC "\nboot 00000000-0000\n" ENABLED "\talways\n");
	cr_assert_eq(begin(&m), 0, "%s", m.err.text);
	cr_assert(strstr(m.note, "before this boot"), "%s", m.note);
	cr_assert_str_eq(get(&m, ENABLED), "always [madvise] never\n");
	machine_drop(&m);
}

/* What the kernel does when one of a pair is written: the other is 0 from then on. */
static void change_pair(struct machine *m, const char *name, const char *path, const char *twin)
{
	cr_assert_eq(apply(m, name, "8192000"), 0, "%s", m->err.text);
	cr_assert_eq(m->status, FL_OK, "%s", m->reason);
	cr_assert_str_eq(get(m, path), "8192000");
	put(m, twin, "0\n");
}

Test(host_settings, of_a_pair_the_member_that_counted_is_put_back)
{
	static const struct {
		const char *name, *path, *twin, *old, *twin_old;
		const char *after; /* of the path, in a machine whose files do not know pairs */
		const char *twin_after;
	} cases[] = {
		{ "vm.dirty_bytes", VM "dirty_bytes", VM "dirty_ratio", "0\n", "20\n", "8192000",
		  "20" },
		{ "vm.dirty_background_bytes", VM "dirty_background_bytes",
		  VM "dirty_background_ratio", "0\n", "10\n", "8192000", "10" },
		{ "vm.overcommit_kbytes", VM "overcommit_kbytes", VM "overcommit_ratio", "0\n",
		  "50\n", "8192000", "50" },
		{ "vm.dirty_bytes", VM "dirty_bytes", VM "dirty_ratio", "4096000\n", "0\n",
		  "4096000", "0\n" },
		{ "vm.dirty_bytes", VM "dirty_bytes", VM "dirty_ratio", "0\n", "0\n", "8192000",
		  "0\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine m;

		machine_make(&m);
		put(&m, cases[i].path, cases[i].old);
		put(&m, cases[i].twin, cases[i].twin_old);
		cr_assert_eq(begin(&m), 0, "%s", m.err.text);
		change_pair(&m, cases[i].name, cases[i].path, cases[i].twin);
		cr_assert_eq(fl_host_settings_restore(m.h, &m.err), 0, "%s", m.err.text);
		cr_expect_str_eq(get(&m, cases[i].path), cases[i].after, "%zu", i);
		cr_expect_str_eq(get(&m, cases[i].twin), cases[i].twin_after, "%zu", i);
		machine_drop(&m);
	}
}

Test(host_settings, two_runs_with_other_caches_exclude_each_other)
{
	struct fl_host_settings *other;
	struct machine m;

	machine_make(&m);
	cr_assert_eq(begin(&m), 0);
	other = m.h;
	put(&m, "/b/cache/other", "");
	snprintf(m.cache, sizeof(m.cache), "%s/b/cache", m.root);
	cr_assert_eq(begin(&m), -1);
	cr_expect(strstr(m.err.text, "another run"), "%s", m.err.text);
	m.h = other;
	machine_drop(&m);
}

/* Said once, and put where it holds up nobody. */
Test(host_settings, a_journal_that_cannot_be_replayed_holds_up_one_run)
{
	static const char refused[] = "/proc/sys/vm/dirty_bytes";
	struct machine m;

	machine_make(&m);
	put(&m, "/proc/sys/vm/dirty_bytes/x", "what is no file cannot be written");
	put_journal(&m, refused, "0");
	cr_assert_eq(begin(&m), -1);
	cr_expect(strstr(m.err.text, "host-journal.aside: ") && strstr(m.err.text, refused) &&
			  strstr(m.err.text, "could not be restored to \"0\""),
		  "%s", m.err.text);
	cr_expect_eq(begin(&m), 0, "%s", m.err.text);
	machine_drop(&m);
}

Test(host_settings, a_journal_of_another_user_is_not_believed)
{
	cleanup_free char *path = NULL;
	struct machine m;

	if (getuid())
		cr_skip_test("only root can give a file away");
	machine_make(&m);
	put_journal(&m, ENABLED, "always");
	path = fl_asprintf("%s/a/cache/host-journal", m.root);
	cr_assert_eq(chown(path, 65534, 65534), 0);
	cr_assert_eq(begin(&m), -1);
	cr_expect(strstr(m.err.text, "it belongs to another user"), "%s", m.err.text);
	cr_expect_str_eq(get(&m, ENABLED), "always [madvise] never\n");
	cr_expect_eq(begin(&m), 0, "%s", m.err.text);
	machine_drop(&m);
}

Test(host_settings, foreign_journal_writes_nothing)
{
	struct machine m;

	machine_make(&m);
	put(&m, "/etc/passwd", "root");
	put(&m, "/a/cache/host-journal",
	    FL_JOURNAL_MAGIC "\nboot x\n" ENABLED "\talways\n/etc/passwd\tx\n");
	cr_assert_eq(begin(&m), -1);
	cr_assert_eq(m.err.kind, FL_MACHINE);
	cr_assert(strstr(m.err.text, "host-journal:4"), "%s", m.err.text);
	cr_assert_str_eq(get(&m, "/etc/passwd"), "root");
	cr_expect_eq(begin(&m), 0, "it is put aside: %s", m.err.text);
	cr_assert_str_eq(get(&m, ENABLED), "always [madvise] never\n");
	machine_drop(&m);
}

Test(host_settings, two_runs_exclude_each_other)
{
	struct fl_host_settings *other;
	struct machine m;

	machine_make(&m);
	cr_assert_eq(begin(&m), 0);
	other = m.h;
	cr_assert_eq(begin(&m), -1);
	cr_assert_eq(m.err.kind, FL_MACHINE);
	m.h = other;
	machine_drop(&m);
}

Test(host_settings, lacking_setting_is_skipped_unless_neutral)
{
	struct machine m;

	machine_make(&m);
	cr_assert_eq(begin(&m), 0);
	cr_assert_eq(apply(&m, "thp.promotion_threshold", "64"), 0);
	cr_assert_eq(m.status, FL_SKIPPED);
	cr_assert(strstr(m.reason, "thp.promotion_threshold"), "%s", m.reason);
	cr_assert_eq(apply(&m, "thp.promotion_threshold", "1"), 0);
	cr_assert_eq(m.status, FL_OK);
	machine_drop(&m);
}

Test(host_journal, lines_and_what_is_refused)
{
	static const struct {
		const char *text;
		int result, line;
		size_t n;
	} cases[] = {
		{ "", 0, 0, 0 },
		{ "faultline-host-jour", 0, 0, 0 },
		{ FL_JOURNAL_MAGIC "\nboot a-1\n", 0, 0, 0 },
		{ FL_JOURNAL_MAGIC "\nboot a-1\n" ENABLED "\talways\n", 0, 0, 1 },
		{ FL_JOURNAL_MAGIC "\nboot a-1\n" ENABLED "\talways\n" DEFRAG "\tne", 0, 0, 1 },
		{ "other\n", -EINVAL, 1, 0 },
		{ FL_JOURNAL_MAGIC "\nboot \n", -EINVAL, 2, 0 },
		{ FL_JOURNAL_MAGIC "\nboot a\n" ENABLED "\t\n", -EINVAL, 3, 0 },
		{ FL_JOURNAL_MAGIC "\nboot a\n" ENABLED " always\n", -EINVAL, 3, 0 },
		{ FL_JOURNAL_MAGIC "\nboot a\n" ENABLED "\tal\x01ways\n", -EINVAL, 3, 0 },
		{ FL_JOURNAL_MAGIC "\nboot a\n/proc/sys/vm/../kernel/core_pattern\tx\n", -EINVAL, 3,
		  0 },
		{ FL_JOURNAL_MAGIC "\nboot a\n/etc/passwd\tx\n", -EINVAL, 3, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fl_journal j;
		int line = 0, r;

		r = fl_journal_parse(&j, cases[i].text, strlen(cases[i].text), &line);
		cr_assert_eq(r, cases[i].result, "%s", cases[i].text);
		if (r)
			cr_assert_eq(line, cases[i].line, "%s", cases[i].text);
		else
			cr_assert_eq(j.n, cases[i].n, "%s", cases[i].text);
		fl_journal_release(&j);
	}
}

Test(host_journal, only_paths_that_settings_produce)
{
	cr_assert(fl_journal_path_allowed(ENABLED));
	cr_assert(fl_journal_path_allowed("/proc/sys/vm/swappiness"));
	cr_assert_not(fl_journal_path_allowed("/proc/sys/kernel/core_pattern"));
	cr_assert_not(fl_journal_path_allowed("/proc/sys/vm/"));
	cr_assert_not(fl_journal_path_allowed("/sys/kernel/mm/transparent_hugepage/"));
	cr_assert_not(fl_journal_path_allowed(
		"/sys/kernel/mm/transparent_hugepage/khugepaged/../enabled"));
	cr_assert_not(fl_journal_path_allowed(""));
}
