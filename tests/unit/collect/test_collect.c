/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/collect/collectors.h"

static double value(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return r->values[i].value;
	return NAN;
}

static char *recorded(const char *name, size_t *len)
{
	char path[256];
	char *text = calloc(1, 1 << 20);
	FILE *f;

	snprintf(path, sizeof(path), "tests/data/proc/%s", name);
	f = fopen(path, "re");
	cr_assert_not_null(f, "%s", path);
	*len = fread(text, 1, (1 << 20) - 1, f);
	fclose(f);
	return text;
}

static double read_value(const struct fl_collector *c, const char *file, const char *key,
			 const struct fl_range *ram)
{
	size_t len;
	char *text = recorded(file, &len);
	double v = NAN;

	if (c->value(text, len, key, ram, &v))
		v = NAN;
	free(text);
	return v;
}

/* Values read off the recorded files by eye. */
Test(collect, recorded_files_of_a_guest)
{
	cr_expect_eq(read_value(&fl_collect_vmstat, "vmstat", "pgfault", NULL), 885);
	cr_expect_eq(read_value(&fl_collect_vmstat, "vmstat", "thp_fault_alloc", NULL), 31);
	cr_expect(isnan(read_value(&fl_collect_vmstat, "vmstat", "thp_res_alloc", NULL)),
		  "a counter that the kernel lacks is absent, not 0");
	cr_expect_eq(read_value(&fl_collect_meminfo, "meminfo", "MemAvailable", NULL), 870472);
	cr_expect_eq(read_value(&fl_collect_smaps_rollup, "smaps_rollup", "AnonHugePages", NULL),
		     63488);
	cr_expect_eq(read_value(&fl_collect_status, "status", "VmPTE", NULL), 168);
	cr_expect_eq(read_value(&fl_collect_buddyinfo, "buddyinfo", "", NULL), 901120);
}

Test(collect, only_the_guests_memory_counts_on_the_host)
{
	static const char smaps[] =
		"7f0000000000-7f0040000000 rw-p 00000000 00:00 0 \n"
		"Rss:              300 kB\nAnonHugePages:    200 kB\nLazyFree:  7 kB\n"
		"VmFlags: rd wr\n"
		"7f0050000000-7f0060000000 rw-p 00000000 00:00 0 \n"
		"Rss:               50 kB\nAnonHugePages:     40 kB\nLazyFree:  0 kB\n";
	struct fl_range ram = { 0x7f0000000000, 0x7f0040000000 };
	double v;

	cr_expect_eq(fl_collect_host_smaps.value(smaps, strlen(smaps), "ram:Rss", &ram, &v), 0);
	cr_expect_eq(v, 300);
	cr_expect_eq(fl_collect_host_smaps.value(smaps, strlen(smaps), "Rss", &ram, &v), 0);
	cr_expect_eq(v, 350);
}

Test(collect, odd_texts_are_no_values)
{
	double v;

	cr_expect_eq(fl_text_colon("Rss: 12", 7, "Rss", &v), 0);
	cr_expect_eq(v, 12);
	cr_expect_eq(fl_text_colon("Rss:", 4, "Rss", &v), -EINVAL);
	cr_expect_eq(fl_text_colon("Rss: -5 kB\n", 11, "Rss", &v), -EINVAL);
	cr_expect_eq(fl_text_colon("Rss: 99999999999999999999999 kB\n", 32, "Rss", &v), -EINVAL);
	cr_expect_eq(fl_text_colon("xRss: 1\n", 8, "Rss", &v), -ENOENT);
	cr_expect_eq(fl_text_space("a\0b 1\n", 6, "b", &v), -ENOENT);
	cr_expect_eq(fl_collect_buddyinfo.value("", 0, "", NULL, &v), -EINVAL);
	cr_expect_eq(fl_collect_host_stat.value("1 (a) S", 7, "", NULL, &v), -EINVAL);
}

static void sample(struct fl_collecting *c, const char *rss1, const char *rss2, const char *vm,
		   uint64_t t)
{
	if (rss1)
		fl_collect_text(c, "/proc/12/smaps_rollup", rss1, strlen(rss1), t);
	if (rss2)
		fl_collect_text(c, "/proc/13/smaps_rollup", rss2, strlen(rss2), t);
	fl_collect_text(c, "/proc/vmstat", vm, strlen(vm), t);
	fl_collect_tick(c, t);
}

Test(collect, processes_add_up_and_counters_are_differences)
{
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };

	sample(c, NULL, NULL, "thp_split_pmd 10\npgfault 100\n", 0);
	sample(c, "Rss: 100 kB\n", "Rss: 50 kB\n", "thp_split_pmd 12\npgfault 150\n", 1000);
	fl_collect_at(c, "both");
	sample(c, "Rss: 100 kB\n", "Rss: 50 kB\n", "thp_split_pmd 12\npgfault 150\n", 1500);
	fl_collect_at(c, NULL);
	sample(c, "Rss: 80 kB\n", NULL, "thp_split_pmd 15\npgfault 180\n", 2000);
	fl_collect_finish(c, &r);
	cr_expect_eq(value(&r, "guest_rss_end"), 80);
	cr_expect_eq(value(&r, "guest_rss_at_both"), 150);
	cr_expect_eq(value(&r, "splits_pmd"), 5);
	cr_expect_eq(value(&r, "page_faults"), 80);
	cr_expect(isnan(value(&r, "promotions_copy")), "nothing of khugepaged was seen");
	fl_result_release(&r);
}

Test(collect, promotions_by_copy_are_those_not_in_place)
{
	static const char *const folder = "/sys/kernel/mm/transparent_hugepage/khugepaged/";
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };
	char all[128], inplace[128];

	snprintf(all, sizeof(all), "%spages_collapsed", folder);
	snprintf(inplace, sizeof(inplace), "%sres_pages_collapsed", folder);
	fl_collect_text(c, all, "5\n", 2, 0);
	fl_collect_text(c, inplace, "1\n", 2, 0);
	fl_collect_tick(c, 0);
	fl_collect_text(c, all, "25\n", 3, 9);
	fl_collect_text(c, inplace, "16\n", 3, 9);
	fl_collect_tick(c, 9);
	fl_collect_finish(c, &r);
	cr_expect_eq(value(&r, "promotions_khugepaged"), 20);
	cr_expect_eq(value(&r, "promotions_in_place_khugepaged"), 15);
	cr_expect_eq(value(&r, "promotions_copy"), 5);
	fl_result_release(&r);
}

Test(collect, a_step_keeps_the_values_of_its_sample)
{
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };

	sample(c, "Rss: 10 kB\n", NULL, "thp_split_pmd 1\n", 0);
	fl_collect_at(c, "before");
	sample(c, "Rss: 20 kB\n", NULL, "thp_split_pmd 2\n", 1000);
	sample(c, "Rss: 30 kB\n", "Rss: 5 kB\n", "thp_split_pmd 3\n", 2000);
	fl_collect_at(c, NULL);
	sample(c, "Rss: 90 kB\n", NULL, "thp_split_pmd 9\n", 3000);
	fl_collect_finish(c, &r);
	cr_expect_eq(value(&r, "guest_rss_at_before"), 35, "the last one counts");
	cr_expect_eq(value(&r, "guest_rss_end"), 90);
	cr_expect(isnan(value(&r, "host_rss_at_before")), "nothing of the host was seen");
	fl_result_release(&r);
}

Test(collect, the_host_may_be_sampled_amid_a_sample_of_the_guest)
{
	static const char rss[] = "Rss: 10 kB\n", answer[] = "{\"actual\": 1048576}",
			  again[] = "{\"actual\":2097152}";
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };

	fl_collect_text(c, "/proc/1/smaps_rollup", rss, strlen(rss), 0);
	fl_collect_text(c, "qmp:query-balloon", answer, strlen(answer), 0);
	fl_collect_tick_host(c, 1);
	fl_collect_text(c, "/proc/2/smaps_rollup", rss, strlen(rss), 0);
	fl_collect_tick(c, 2);
	fl_collect_at(c, "end");
	fl_collect_text(c, "qmp:query-balloon", again, strlen(again), 0);
	fl_collect_tick_host(c, 3);
	fl_collect_finish(c, &r);
	cr_expect_eq(value(&r, "guest_rss_end"), 20, "both processes in one sum");
	cr_expect_eq(value(&r, "balloon_actual_at_end"), 2048);
	cr_expect_eq(value(&r, "balloon_actual_end"), 2048);
	fl_result_release(&r);
}

Test(metrics, those_of_steps_are_families)
{
	const struct fl_metric *m = fl_metric_find("host_anon_huge_at_inflated");

	cr_assert_not_null(m);
	cr_expect_eq(m->unit, FL_UNIT_KIB);
	cr_expect_eq(fl_metric_find("thp_split_pmd_at_x")->unit, FL_UNIT_COUNT);
	cr_expect_eq(fl_metric_find("step_inflate_time")->unit, FL_UNIT_NS);
	cr_expect_not_null(fl_metric_find("step_inflate_start"));
	cr_expect_null(fl_metric_find("nothing_at_inflated"));
	cr_expect_null(fl_metric_find("host_anon_huge_at_"));
	cr_expect_null(fl_metric_find("step_inflate"));
	cr_expect_null(fl_metric_find("step_time"));
	for (const struct fl_collector *const *c = fl_collectors(); *c; c++)
		for (const struct fl_series *s = (*c)->series; s->name; s++)
			cr_expect(strlen(s->name) + strlen("_at_") + 24 < 64,
				  "%s: too long for a step's name", s->name);
}

static void expect_case(const struct fl_case *c, const char *name, enum fl_case_outcome outcome,
			const char *detail)
{
	cr_expect_str_eq(c->name, name);
	cr_expect_eq(c->outcome, outcome, "%s", c->name);
	cr_expect_str_eq(c->detail, detail, "%s", c->name);
}

Test(cases, a_case_is_named_the_same_run_or_skipped)
{
	const char text[] = "TAP version 13\n1..6\n"
			    "ok 1 - first thing\n"
			    "# [RUN] vmsplice() ... with THP\n"
			    "# a remark\n"
			    "ok 2 No leak from parent into child\n"
			    "# [RUN] vmsplice() ... with swapped THP\n"
			    "ok 3 # SKIP MADV_PAGEOUT did not work\n"
			    "# [RUN] vmsplice() ... with THP\n"
			    "not ok 4 Leak from parent into child\n"
			    "    ok 5 a subtest\n"
			    "ok then, no number\nnot ok\nok 6 \033[1mbold";
	struct fl_result r = { 0 };

	fl_collect_cases(&r, text, strlen(text));
	cr_assert_eq(r.n_cases, 5);
	expect_case(&r.cases[0], "first thing", FL_CASE_PASS, "");
	expect_case(&r.cases[1], "vmsplice() ... with THP", FL_CASE_PASS,
		    "No leak from parent into child");
	expect_case(&r.cases[2], "vmsplice() ... with swapped THP", FL_CASE_SKIP,
		    "MADV_PAGEOUT did not work");
	expect_case(&r.cases[3], "vmsplice() ... with THP (2)", FL_CASE_FAIL,
		    "Leak from parent into child");
	expect_case(&r.cases[4], "vmsplice() ... with THP (3)", FL_CASE_PASS, "?[1mbold");
	fl_result_release(&r);
}

/* As mm/mkdirty.c of 6.12 prints. */
Test(cases, without_run_lines_information_names_the_next_case)
{
	const char text[] = "# [INFO] PTRACE write access\n"
			    "ok 1 SIGSEGV generated, page not modified\n"
			    "# [INFO] PTRACE write access to THP\n"
			    "ok 2 # SKIP Did not get a THP populated\n"
			    "ok 3\n";
	struct fl_result r = { 0 };

	fl_collect_cases(&r, text, strlen(text));
	cr_assert_eq(r.n_cases, 3);
	expect_case(&r.cases[0], "PTRACE write access", FL_CASE_PASS,
		    "SIGSEGV generated, page not modified");
	expect_case(&r.cases[1], "PTRACE write access to THP", FL_CASE_SKIP,
		    "Did not get a THP populated");
	expect_case(&r.cases[2], "case", FL_CASE_PASS, "");
	fl_result_release(&r);
}

Test(unit, emulated_time_is_never_hardware_time)
{
	cr_expect_str_eq(fl_unit_name(FL_UNIT_NS, FL_TIME_HARDWARE), "ns");
	cr_expect_str_eq(fl_unit_name(FL_UNIT_NS, FL_TIME_TCG), "ns-tcg");
	cr_expect_str_eq(fl_unit_name(FL_UNIT_NS, FL_TIME_INSN), "insn");
	cr_expect_str_eq(fl_unit_name(FL_UNIT_NS, FL_TIME_TCG_MULTI), "ns-tcg-multi");
	cr_expect_str_eq(fl_unit_name(FL_UNIT_PER_S, FL_TIME_TCG), "1/s-tcg");
}

static double interrupts(const char *text)
{
	double n = -1;

	if (fl_collect_interrupts.value(text, strlen(text), "virtio1", NULL, &n))
		return -1;
	return n;
}

Test(interrupts, the_balloon_is_the_second_device)
{
	cr_expect_eq(interrupts("           CPU0       CPU1       \n"
				" 49:        166          3   IO-APIC  23-fasteoi   virtio0\n"
				" 50:        213         12   IO-APIC  22-fasteoi   virtio1\n"
				"ERR:          0\n"),
		     225);
	cr_expect_eq(interrupts(" 49:  1   IO-APIC  23-fasteoi   virtio0\n"), -1, "no balloon");
	cr_expect_eq(interrupts(" 49:  1   IO-APIC  23-fasteoi   xvirtio1\n"), -1);
	cr_expect_eq(interrupts("virtio1\n50: virtio1"), -1);
	cr_expect_eq(interrupts(""), -1);
}

static double model_at(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return r->values[i].value;
	return -1;
}

/* 1000 KiB of which the host backs 900, all huge; 150 are free blocks: the host has 100 of these
 * to spare. */
Test(balloon_model, blocks_first_then_half_free_ranges)
{
	static const struct {
		const char *name;
		double value;
	} values[] = {
		{ "balloon_actual_at_before", 1000 }, { "host_anon_huge_at_before", 900 },
		{ "host_rss_at_before", 900 },        { "guest_free_huge_at_before", 150 },
		{ "balloon_actual_at_little", 900 },  { "balloon_actual_at_blocks", 850 },
		{ "balloon_actual_at_more", 750 },    { "balloon_actual_at_all", 100 },
		{ "balloon_actual_at_after", 1000 },  { "host_anon_huge_at_more", 603 },
	};
	struct fl_result r = { 0 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		fl_result_put(&r, values[i].name, values[i].value, FL_UNIT_KIB);
	fl_collect_balloon_model(&r, 1000);
	cr_expect_eq(model_at(&r, "model_host_huge_at_little"), 900);
	cr_expect_eq(model_at(&r, "model_host_huge_at_blocks"), 850);
	cr_expect_eq(model_at(&r, "model_host_huge_at_more"), 650);
	cr_expect_eq(model_at(&r, "model_host_huge_at_all"), 0);
	cr_expect_eq(model_at(&r, "model_host_huge_made_at_little"), 900);
	cr_expect_eq(model_at(&r, "model_host_huge_made_at_blocks"), 850);
	cr_expect_eq(model_at(&r, "model_host_huge_made_at_more"), 750);
	cr_expect_eq(model_at(&r, "model_host_huge_made_at_all"), 100);
	cr_expect_eq(model_at(&r, "host_huge_kept_at_more"), 67);
	cr_expect_eq(model_at(&r, "host_huge_kept_at_before"), -1, "the reference itself");
	cr_expect_eq(model_at(&r, "host_huge_kept_at_all"), -1, "not sampled");
	cr_expect_eq(model_at(&r, "model_host_huge_at_after"), -1, "nothing is taken");
	cr_expect_eq(model_at(&r, "model_host_huge_at_before"), -1);
	cr_expect_eq(fl_metric_find("model_host_huge_at_more")->unit, FL_UNIT_KIB);
	cr_expect_eq(fl_metric_find("step_inflate_cpu")->unit, FL_UNIT_HOST_NS);
	cr_expect_null(fl_metric_find("model_host_huge_at_"));
	fl_result_release(&r);
}

Test(balloon_model, says_nothing_without_its_numbers)
{
	struct fl_result r = { 0 };

	fl_collect_balloon_model(&r, 1000);
	fl_result_put(&r, "balloon_actual_at_a", 1000, FL_UNIT_KIB);
	fl_result_put(&r, "balloon_actual_at_b", 500, FL_UNIT_KIB);
	fl_collect_balloon_model(&r, 1000);
	cr_expect_eq(r.n_values, 2);
	fl_result_release(&r);
}

/* What steps make of other values. */
Test(collect, a_step_feeds_a_series_of_its_own)
{
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };
	double last, end = -1;

	cr_expect_eq(fl_collect_last(c, "host_leftover", &last), -ENOENT);
	for (int i = 3; i-- > 0;) {
		char text[40];

		snprintf(text, sizeof(text), "host_leftover %d000\n", i);
		fl_collect_text(c, "step:leftover", text, strlen(text), 0);
		fl_collect_tick_host(c, (uint64_t)(3 - i) * 1000);
	}
	cr_expect_eq(fl_collect_last(c, "host_leftover", &last), 0);
	cr_expect_eq(last, 0);
	fl_collect_finish(c, &r);
	cr_assert_eq(r.n_ticks, 3);
	for (size_t i = 0; i < r.n_values; i++)
		if (!strcmp(r.values[i].name, "host_leftover_end"))
			end = r.values[i].value;
	cr_expect_eq(end, 0);
	fl_result_release(&r);
	cr_expect_not_null(fl_metric_find("report_time_999"));
	cr_expect_not_null(fl_metric_find("round_time_2_13"));
	cr_expect_null(fl_metric_find("round_time_2_"));
	cr_expect_null(fl_metric_find("round_time_2_1x"));
}
