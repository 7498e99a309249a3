/* SPDX-License-Identifier: GPL-2.0 */
/* Metrics that steps of the experiment and several guests make; most hold the name of the step. */
#include "harness/collect/collect.h"
#include "harness/collect/tables.h"

#define STEP .owner = FL_OWNER_STEP, .topic = FL_TOPIC_STEPS

static const struct fl_metric metrics[] = {
	{
		.name = FL_AT_STEP,
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		STEP,
		.about = "a series over time at the sample step of that name",
	},
	{
		.name = FL_AT_STEP,
		.unit = FL_UNIT_COUNT,
		.class = FL_NOISY,
		STEP,
		.about = "a counter over time at the sample step of that name",
	},
	{
		.name = FL_AT_STEP,
		.unit = FL_UNIT_HOST_NS,
		.class = FL_NOISY,
		STEP,
		.about = "CPU time of the host at the sample step of that name",
	},
	{
		.name = FL_OF_STEP,
		.unit = FL_UNIT_COUNT,
		STEP,
		.about = "a metric that the program of the run step of that name prints, in its "
			 "own unit",
	},
	{
		.name = "model_host_huge_at_STEP",
		.unit = FL_UNIT_KIB,
		.class = FL_UNJUDGED,
		STEP,
		.about = "host huge pages left by a balloon that takes free huge blocks, then "
			 "half-free ranges",
	},
	{
		.name = "guest_freed",
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_REPORTING,
		.about = "what the guest has freed between the sample step and the wait-freed "
			 "step, in blocks of a huge page",
	},
	{
		.name = "report_time_95",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_REPORTING,
		.column = "95% back",
		.beside_steps = true,
		.about = "from the begin of the wait-freed step until the host had 95 % of the "
			 "freed memory back; absent: never",
	},
	{
		.name = "report_time_999",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_REPORTING,
		.column = "99.9% back",
		.beside_steps = true,
		.about = "... until it had 99.9 %",
	},
	{
		.name = "round_time_GUEST_ROUND",
		.unit = FL_UNIT_HOST_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_GUESTS,
		.about = "of several guests: the turn of the guest of that number in that round, "
			 "on the host's clock",
	},
	{
		.name = "round_time_max",
		.unit = FL_UNIT_HOST_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_GUESTS,
		.column = "turn max",
		.beside_steps = true,
		.about = "of several guests: the longest turn, on the host's clock",
	},
	{
		.name = "round_time_mean",
		.unit = FL_UNIT_HOST_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_GUESTS,
		.column = "turn",
		.beside_steps = true,
		.about = "of several guests: a turn, mean over guests and rounds, on the host's "
			 "clock",
	},
	{
		.name = "step_STEP_cpu",
		.unit = FL_UNIT_HOST_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		STEP,
		.about = "CPU time of the QEMU process over the step",
	},
	{
		.name = "step_STEP_ok",
		.unit = FL_UNIT_COUNT,
		.better = FL_MORE,
		STEP,
		.about = "of a step that may fail (try): 1 when it did not",
	},
	{
		.name = "step_STEP_start",
		.unit = FL_UNIT_NS,
		.class = FL_UNJUDGED,
		STEP,
		.about = "begin of the step, since the workload's start, guest clock",
	},
	{
		.name = "step_STEP_time",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		STEP,
		.about = "from the step's begin until what it waits for was there",
	},
	{
		.name = "free_before_online_delta",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "before online",
		.beside_steps = true,
		.about = "free memory that added memory cost while it was still offline (first "
			 "dimm-add step)",
	},
	{
		.name = "memmap_in_movable",
		.unit = FL_UNIT_KIB,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.about = "of memmap_in_new_memory, what lies in a zone Movable",
	},
	{
		.name = "memmap_in_new_memory",
		.unit = FL_UNIT_KIB,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "memmap inside",
		.beside_steps = true,
		.about = "added memory that is present and not managed: its memory map, where it "
			 "lies in it",
	},
	{
		.name = "memmap_node",
		.unit = FL_UNIT_COUNT,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "memmap node",
		.beside_steps = true,
		.about = "number of the NUMA node that gave most for the memory map",
	},
	{
		.name = "total_short",
		.unit = FL_UNIT_KIB,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "not counted",
		.beside_steps = true,
		.about = "added memory that is online and that MemTotal does not count",
	},
	{
		.name = "unplug_free_lost",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "unplug lost",
		.beside_steps = true,
		.about = "free memory that was there before a DIMM came and is not after it went",
	},
	{
		.name = "unplug_time",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "unplug",
		.beside_steps = true,
		.about = "dimm-del step: until the DIMM was gone, or kept",
	},
	{
		.name = "unplugged",
		.unit = FL_UNIT_COUNT,
		.better = FL_MORE,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "unplugged",
		.beside_steps = true,
		.about = "dimm-del step: 1 when the guest gave it back",
	},
	{
		.name = "usable_time",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "usable after",
		.beside_steps = true,
		.about = "added memory: until the guest had taken it, and until all was online, "
			 "without what "
			 "the "
			 "steps wait between",
	},
	{
		.name = "usable_time_per_gb",
		.unit = FL_UNIT_MS_PER_GB,
		.better = FL_LESS,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_HOTPLUG,
		.column = "a GB",
		.beside_steps = true,
		.about = "usable_time for each GB added",
	},
	{ 0 },
};

const struct fl_metric *fl_step_metrics(void)
{
	return metrics;
}
