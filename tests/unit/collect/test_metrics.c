/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "harness/collect/collect.h"

static bool has_series(const char *name)
{
	for (const struct fl_collector *const *c = fl_collectors(); *c; c++)
		for (const struct fl_series *s = (*c)->series; s->name; s++)
			if (!strcmp(s->name, name))
				return true;
	return false;
}

Test(metrics, names_are_unique_and_say_what_they_are)
{
	const struct fl_metric *m;

	for (size_t i = 0; (m = fl_metric_at(i)); i++) {
		if (strcmp(m->name, FL_AT_STEP) && strcmp(m->name, FL_OF_STEP))
			cr_expect_eq(fl_metric_find(m->name), m, "%s is twice", m->name);
		cr_expect(m->about && strlen(m->about) > 7, "%s", m->name);
		cr_expect(!m->series || has_series(m->series), "%s: no series %s", m->name,
			  m->series);
		cr_expect(!m->headline || m->class != FL_UNJUDGED, "%s", m->name);
	}
}

Test(metrics, a_family_is_found_by_its_pattern)
{
	const struct fl_metric *size = fl_metric_find("folio_anon_fault_alloc_64k");

	cr_assert_not_null(size);
	cr_expect_str_eq(size->name, "folio_STAT_SIZE");
	cr_expect_str_eq(fl_metric_find("folio_anon_fault_alloc")->name, "folio_STAT");
	cr_expect_str_eq(fl_metric_find("folio_nr_anon_2m")->name, "folio_nr_STAT_SIZE");
	cr_expect_str_eq(fl_metric_find("step_a_b_time")->name, "step_STEP_time");
	cr_expect_str_eq(fl_metric_find("stack_rss_1_at_end")->name, FL_AT_STEP);
	cr_expect_null(fl_metric_find("folio_"));
	cr_expect_null(fl_metric_find("round_time_1_x"));
}

static const struct fl_value *value_of(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return &r->values[i];
	return NULL;
}

static void feed_folios(struct fl_collecting *c, unsigned int kib64, unsigned int mib2)
{
	static const char pattern[] = "/sys/kernel/mm/transparent_hugepage/hugepages-*kB/stats/*";
	char text[512];
	int n = snprintf(text, sizeof(text),
			 "/sys/kernel/mm/transparent_hugepage/hugepages-2048kB/stats/"
			 "anon_fault_alloc %u\n"
			 "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/"
			 "anon_fault_alloc %u\n"
			 "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/nr_anon %u\n"
			 "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/swpin x\n",
			 mib2, kib64, kib64);

	fl_collect_text(c, pattern, text, (size_t)n, 0);
	fl_collect_tick(c, 0);
}

Test(folios, each_size_and_their_sum)
{
	struct fl_collecting *c = fl_collect_new();
	struct fl_result r = { 0 };

	feed_folios(c, 10, 1);
	feed_folios(c, 3010, 6);
	fl_collect_finish(c, &r);
	cr_expect_eq(value_of(&r, "folio_anon_fault_alloc_64k")->value, 3000);
	cr_expect_eq(value_of(&r, "folio_anon_fault_alloc_2m")->value, 5);
	cr_expect_eq(value_of(&r, "folio_anon_fault_alloc")->value, 3005);
	cr_expect_eq(value_of(&r, "folio_nr_anon_64k")->value, 3010);
	cr_expect_null(value_of(&r, "folio_swpin_64k"));
	fl_result_release(&r);
}

Test(collecting, two_samples_have_no_peak_and_no_mean)
{
	static const char low[] = "MemFree: 1000 kB\nMemAvailable: 1000 kB\n";
	static const char high[] = "MemFree: 400 kB\nMemAvailable: 300 kB\n";

	for (size_t n = 2; n <= FL_SAMPLES_MIN + 1; n += FL_SAMPLES_MIN - 1) {
		struct fl_collecting *c = fl_collect_new();
		struct fl_result r = { 0 };

		for (size_t i = 0; i < n; i++) {
			const char *text = i % 2 ? high : low;

			fl_collect_text(c, "/proc/meminfo", text, strlen(text), 0);
			fl_collect_tick(c, i);
		}
		fl_collect_finish(c, &r);
		if (n == 2)
			cr_expect_null(value_of(&r, "guest_free_delta"));
		else
			cr_expect_eq(value_of(&r, "guest_free_delta")->value, 600);
		fl_result_release(&r);
	}
}
