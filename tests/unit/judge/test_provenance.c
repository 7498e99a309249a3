/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/cleanup.h"
#include "harness/judge/config_diff.h"
#include "harness/judge/fairness.h"
#include "harness/judge/provenance.h"
#include "tests/unit/store/store_fixture.h"

#define CONFIG_A "CONFIG_CC_VERSION_TEXT=\"gcc 12\"\nCONFIG_NUMA=y\n# CONFIG_SWAP is not set\n"

struct side {
	const char *kernel, *path, *file, *commit, *dirty, *series, *series_hash, *compiler,
		*config, *base, *name, *usemem, *other, *fragments, *taken;
};

static const struct side plain = {
	.kernel = "stock",
	.path = "/k/stock/vmlinux",
	.file = "aaaa",
	.series = "",
	.compiler = "gcc 12",
	.config = CONFIG_A,
	.base = "6.12.117",
	.name = "stock",
	.fragments = "config.fragment",
	.usemem = "1111",
	.other = "2222",
};

static char *copy(const char *text)
{
	return text ? fl_strdup(text) : NULL;
}

static void put(struct fl_store *s, int64_t run, unsigned int number, const struct side *side)
{
	struct fl_point_record p = fixture_point(number, "ok", NULL, NULL, 0);
	struct fl_build b = {
		.path = copy(side->path),
		.file_hash = copy(side->file),
		.commit = copy(side->commit),
		.dirty = copy(side->dirty),
		.series = copy(side->series),
		.series_hash = copy(side->series_hash),
		.compiler = copy(side->compiler),
		.config = copy(side->config),
		.base = copy(side->base),
		.name = copy(side->name),
		.fragments = copy(side->fragments),
		.taken = copy(side->taken),
	};
	struct fl_image_facts image = { 0 };
	struct fl_error err = { 0 };
	struct fl_result r = { 0 };

	fl_build_seal(&b);
	snprintf(image.hash, sizeof(image.hash), "%s-%s", side->usemem, side->other);
	fl_strv_push(&image.programs, "/bin/memhog");
	fl_strv_push(&image.hashes, side->other);
	fl_strv_push(&image.programs, "/bin/usemem");
	fl_strv_push(&image.hashes, side->usemem);
	p.kernel = side->kernel;
	p.build = side->path ? &b : NULL;
	p.image = side->path ? &image : NULL;
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_build_release(&b);
	fl_image_facts_release(&image);
}

/* What a comparison of two runs says, a line each: "differs ..." and "unfair ...". */
static char *said(struct fl_store *s, const struct side *a, const struct side *b)
{
	int64_t ra = fixture_run(s, "a-1", "t"), rb = fixture_run(s, "b-1", "t");
	struct fl_comparison c = { 0 };
	struct fl_error err = { 0 };
	char *text = fl_strdup("");

	put(s, ra, 1, a);
	put(s, rb, 1, b);
	cr_assert(!fl_compare_runs(&c, s, ra, rb, &fl_rules_default, &err), "%s", err.text);
	for (size_t i = 0; i < c.differs.n + c.unfair.n; i++) {
		cleanup_free char *old = text;
		bool unfair = i >= c.differs.n;

		text = fl_asprintf("%s%s %s\n", old, unfair ? "unfair" : "differs",
				   unfair ? c.unfair.v[i - c.differs.n] : c.differs.v[i]);
	}
	fl_comparison_release(&c);
	return text;
}

static void expect(const struct side *b, const char *line)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = said(s, &plain, b);

	cr_expect_not_null(strstr(text, line), "no \"%s\" in\n%s", line, text);
	fl_store_close(s);
}

#define ONE_OF(name, change, line)                                     \
	Test(origin, name, .init = fixture_make, .fini = fixture_drop) \
	{                                                              \
		struct side b = plain;                                 \
		change;                                                \
		expect(&b, line);                                      \
	}

ONE_OF(commits_are_named, (b.commit = "0123456789abcdef", b.dirty = "yes"),
       "differs commit: unknown, 0123456789ab, dirty\n")
ONE_OF(series_are_named, (b.series = "reserve balloon", b.series_hash = "77"),
       "differs series: none, reserve balloon\n")
ONE_OF(bases_are_named, b.base = "6.12.120", "differs base: 6.12.117, 6.12.120\n")
ONE_OF(options_in_place_of_others_are_named, b.taken = "PREEMPT_LAZY for PREEMPT_VOLUNTARY",
       "differs options in place of others: none, PREEMPT_LAZY for PREEMPT_VOLUNTARY\n")
ONE_OF(another_compiler_is_unfair, b.compiler = "gcc 13", "unfair compiler: gcc 12, gcc 13\n")
ONE_OF(a_file_of_which_no_more_is_known, b.file = "bbbb",
       "differs file of the kernel: aaaa, bbbb\n")
ONE_OF(what_both_know_and_differs_is_unfair,
       b.config = "CONFIG_CC_VERSION_TEXT=\"gcc 12\"\n# CONFIG_NUMA is not set\n"
		  "# CONFIG_SWAP is not set\n",
       "unfair the configurations differ in what both kernels know (1): NUMA: y, n\n")
ONE_OF(what_one_knows_is_the_change,
       b.config = CONFIG_A "CONFIG_NEW=y\n# CONFIG_NEWER is not set\n",
       "differs options that only B has: NEW=y\n")
ONE_OF(programs_that_ran_are_unfair, b.usemem = "3333",
       "unfair programs in the guests differ: /bin/usemem (1111, 3333)\n")
ONE_OF(programs_that_did_not_run_are_said, b.other = "3333",
       "differs image of the guests: 1111-2222, 1111-3333; programs that were not run: "
       "/bin/memhog\n")

/* Metrics had other meanings then: a fault latency was one of stores, too. */
Test(origin, an_older_run_is_refused, .init = fixture_make, .fini = fixture_drop)
{
	struct fl_store *s = fixture_open(false);
	int64_t ra = fixture_run(s, "a-1", "t"), rb = fixture_run(s, "b-1", "t");
	struct side old = plain;
	struct fl_comparison c = { 0 };
	struct fl_error err = { 0 };

	old.path = NULL;
	put(s, ra, 1, &plain);
	put(s, rb, 1, &old);
	cr_expect(fl_compare_runs(&c, s, ra, rb, &fl_rules_default, &err));
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, "b-1 was measured by a version"), "%s", err.text);
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(origin, nothing_is_said_of_equal_sides, .init = fixture_make, .fini = fixture_drop)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = said(s, &plain, &plain);

	cr_expect_null(strstr(text, "differs"), "%s", text);
	cr_expect_null(strstr(text, "onfiguration"), "%s", text);
	cr_expect_null(strstr(text, "programs"), "%s", text);
	fl_store_close(s);
}

Test(origin, long_lists_are_counted, .init = fixture_make, .fini = fixture_drop)
{
	struct side a = plain, b = plain;
	struct fl_store *s = fixture_open(false);
	char y[2048] = "", n[2048] = "";
	cleanup_free char *text = NULL;

	for (int i = 0; i < 20; i++) {
		sprintf(y + strlen(y), "CONFIG_O%02d=y\n", i);
		sprintf(n + strlen(n), "# CONFIG_O%02d is not set\n", i);
	}
	a.config = y;
	b.config = n;
	text = said(s, &a, &b);
	cr_expect_not_null(strstr(text, "(20): O00: y, n; O01"), "%s", text);
	cr_expect_not_null(strstr(text, "O07: y, n and 12 more\n"), "%s", text);
	fl_store_close(s);
}

Test(origin, the_toolchain_is_no_option)
{
	struct fl_config_diff d;

	fl_config_diff(&d, "CONFIG_GCC_VERSION=120200\nCONFIG_CC_OPTIMIZE_FOR_SIZE=y\n",
		       "CONFIG_GCC_VERSION=130000\n# CONFIG_CC_OPTIMIZE_FOR_SIZE is not set\n"
		       "CONFIG_CC_HAS_NEW=y\n");
	cr_assert_eq(d.chosen.n, 1);
	cr_expect_str_eq(d.chosen.v[0], "CC_OPTIMIZE_FOR_SIZE: y, n");
	cr_expect_eq(d.only_b.n, 0);
	fl_config_diff_release(&d);
}

/* --- roles --- */

static int64_t run_with_roles(struct fl_store *s)
{
	struct fl_strv roles = { 0 }, kernels = { 0 };
	struct fl_run_info info = {
		.name = "r-1",
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = "",
		.arguments = "run t",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "tcg",
		.points = 2,
		.roles = &roles,
		.role_kernels = &kernels,
	};
	struct side old = plain, new = plain;
	struct fl_error err = { 0 };
	char name[128];
	int64_t id;

	fl_strv_split_list(&roles, "stock,patched");
	fl_strv_split_list(&kernels, "old,new");
	cr_assert(!fl_store_create_run(s, &info, &id, name, &err), "%s", err.text);
	old.kernel = "old";
	new.kernel = "new";
	new.path = "/src/new/vmlinux";
	new.name = NULL;
	new.base = NULL;
	new.commit = "0123456789abcdef";
	new.series = NULL;
	put(s, id, 1, &old);
	put(s, id, 2, &new);
	fl_strv_release(&roles);
	fl_strv_release(&kernels);
	return id;
}

Test(origin, a_condition_takes_who_fills_the_role, .init = fixture_make, .fini = fixture_drop)
{
	struct fl_store *s = fixture_open(false);
	struct fl_conditions c = { 0 };
	struct fl_error err = { 0 };
	struct fl_strv notes = { 0 };
	cleanup_free char *line = NULL;
	struct fl_summary sum;

	cr_assert(!fl_summary_read(&sum, s, run_with_roles(s), &err), "%s", err.text);
	cr_assert_eq(sum.n_rows, 2);
	cr_assert(!fl_conditions_take(&c, "of", "kernel=patched", &err));
	cr_expect(!fl_summary_takes(&sum, &sum.rows[0], &c));
	cr_expect(fl_summary_takes(&sum, &sum.rows[1], &c));
	fl_conditions_release(&c);
	cr_assert(!fl_conditions_take(&c, "of", "kernel=old", &err));
	cr_expect(fl_summary_takes(&sum, &sum.rows[0], &c), "its own name");
	fl_conditions_release(&c);
	fl_summary_kernel_notes(&sum, &notes);
	cr_assert_eq(notes.n, 2);
	cr_expect_str_eq(notes.v[0], "old fills the role stock: /k/stock/vmlinux");
	cr_expect_str_eq(notes.v[1],
			 "new fills the role patched: /src/new/vmlinux, commit 0123456789ab");
	line = fl_summary_kernel_line(&sum);
	cr_expect_str_eq(line, "new 6.12; stock 6.12");
	fl_strv_release(&notes);
	fl_summary_release(&sum);
	fl_store_close(s);
}

/* A commit does not change the line of kernels, a series and another base do. */
Test(origin, the_kernel_line, .init = fixture_make, .fini = fixture_drop)
{
	struct side a = plain, b = plain;
	struct fl_store *s = fixture_open(false);
	cleanup_free char *line = NULL, *other = NULL;
	int64_t ra = fixture_run(s, "a-1", "t"), rb = fixture_run(s, "b-1", "t");
	struct fl_error err = { 0 };
	struct fl_summary sum;

	a.commit = "11";
	a.kernel = "stock-0123456789ab";
	b.base = "7.2.0-rc3";
	b.series = "mine";
	put(s, ra, 1, &a);
	put(s, rb, 1, &b);
	cr_assert(!fl_summary_read(&sum, s, ra, &err), "%s", err.text);
	line = fl_summary_kernel_line(&sum);
	cr_expect_str_eq(line, "stock 6.12");
	fl_summary_release(&sum);
	cr_assert(!fl_summary_read(&sum, s, rb, &err), "%s", err.text);
	other = fl_summary_kernel_line(&sum);
	cr_expect_str_eq(other, "stock 7.2 mine");
	fl_summary_release(&sum);
	fl_store_close(s);
}
