/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Promotions are khugepaged's own successes.  pages_collapsed holds both kinds on
 * a kernel with reservations; promotions_copy is what is left without those in
 * place (collecting.c).
 */
#include "harness/collect/collectors.h"

#define FOLDER "/sys/kernel/mm/transparent_hugepage/khugepaged/"

static const struct fl_series collapsed_series[] = {
	{ "promotions_khugepaged", "", FL_UNIT_COUNT, true },
	{ 0 },
};

static const struct fl_metric collapsed_metrics[] = {
	{
		.name = "promotions_khugepaged",
		.work = true,
		.series = "promotions_khugepaged",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.state = "huge pages made by khugepaged",
		.headline = true,
		.about = "ranges that khugepaged promoted, by copy or in place "
			 "(khugepaged/pages_collapsed)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_khugepaged = {
	.name = "khugepaged",
	.side = FL_SIDE_GUEST,
	.file = FOLDER "pages_collapsed",
	.value = fl_value_number,
	.series = collapsed_series,
	.metrics = collapsed_metrics,
};

static const struct fl_series inplace_series[] = {
	{ "promotions_in_place_khugepaged", "", FL_UNIT_COUNT, true },
	{ 0 },
};

static const struct fl_metric inplace_metrics[] = {
	{
		.name = "promotions_in_place_khugepaged",
		.series = "promotions_in_place_khugepaged",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.column = "in place, khugepaged",
		.hide_zero = true,
		.beside_steps = true,
		.about = "reserved ranges that khugepaged promoted in place "
			 "(khugepaged/res_pages_collapsed)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_khugepaged_inplace = {
	.name = "khugepaged_inplace",
	.side = FL_SIDE_GUEST,
	.file = FOLDER "res_pages_collapsed",
	.value = fl_value_number,
	.series = inplace_series,
	.metrics = inplace_metrics,
};

static const struct fl_series scans_series[] = {
	{ "khugepaged_full_scans", "", FL_UNIT_COUNT, false },
	{ 0 },
};

static const struct fl_metric scans_metrics[] = {
	{
		.name = "khugepaged_full_scans",
		.series = "khugepaged_full_scans",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.class = FL_TAIL,
		.topic = FL_TOPIC_HUGE,
		.about = "passes of khugepaged over all memory (khugepaged/full_scans)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_khugepaged_scans = {
	.name = "khugepaged_scans",
	.side = FL_SIDE_GUEST,
	.file = FOLDER "full_scans",
	.value = fl_value_number,
	.series = scans_series,
	.metrics = scans_metrics,
};
