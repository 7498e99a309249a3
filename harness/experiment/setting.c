/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/nearest.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/experiment/sizes.h"
#include "harness/experiment/stall.h"

#define THP "/sys/kernel/mm/transparent_hugepage/"

static const char *const enabled_words[] = { "always", "madvise", "never", NULL };
static const char *const size_words[] = { "always", "inherit", "madvise", "never", NULL };
static const char *const defrag_words[] = { "always",  "defer", "defer+madvise",
					    "madvise", "never", NULL };
static const char *const switch_words[] = { "on", "off", NULL };
static const char *const shmem_words[] = { "always", "within_size", "advise", "never",
					   "deny",   "force",       NULL };
static const char *const shmem_size_words[] = { "always", "inherit", "within_size",
						"advise", "never",   NULL };

static const char *const memmap_words[] = { "off", "on", "force", NULL };
static const char *const online_words[] = { "offline", "online", "online_kernel", "online_movable",
					    NULL };
static const char *const discard_words[] = { "dontneed", "free", NULL };
static const char *const reporting_words[] = { "list", "bitmap", "off", NULL };

/* Sorted by name; a name with '*' comes after more specific ones. */
static const struct fl_setting settings[] = {
	{ "balloon.inflate_move",
	  "percentage of a block's pages that the balloon may move elsewhere to make the block "
	  "free "
	  "(patched kernel; 0: it takes blocks that are free)",
	  "/sys/module/virtio_balloon/parameters/inflate_move", "0", NULL, FL_SET_FILE,
	  FL_KIND_NUMBER, 0, 100 },
	{ "balloon.inflate_order",
	  "order of the blocks that the balloon takes first; host-huge: order of the host's huge "
	  "page (patched kernel; 0: single pages)",
	  "/sys/module/virtio_balloon/parameters/inflate_order", "0", NULL, FL_SET_FILE,
	  FL_KIND_ORDER, 0, 10 },
	{ "boot.*",
	  "a word of the guest kernel's command line: boot.NAME = VALUE adds NAME=VALUE (guest "
	  "only)",
	  "%s", NULL, NULL, FL_SET_CMDLINE, FL_KIND_ANY, 0, 0 },
	{ "guest.cpus", "the guest's CPUs (guest only)", "cpus", NULL, NULL, FL_SET_GUEST,
	  FL_KIND_NUMBER, 1, 64 },
	{ "guest.deflate_on_oom", "the balloon deflates before the guest's OOM killer runs",
	  "deflate_on_oom", NULL, switch_words, FL_SET_GUEST, FL_KIND_WORD, 0, 0 },
	{ "guest.free_page_reporting", "the guest reports free pages to the host",
	  "free_page_reporting", NULL, switch_words, FL_SET_GUEST, FL_KIND_WORD, 0, 0 },
	{ "guest.memory", "memory of the guest, in whole MiB (guest only)", "memory", NULL, NULL,
	  FL_SET_GUEST, FL_KIND_SIZE, 0, 0 },
	{ "guest.numa",
	  "NUMA nodes of the guest; with fewer CPUs than nodes, some nodes have memory only (guest "
	  "only)",
	  "numa", NULL, NULL, FL_SET_GUEST, FL_KIND_NUMBER, 1, 16 },
	{ "guest.stall",
	  "who enters a function of the guest's kernel sleeps while other CPUs run on: none, or "
	  "FUNCTION:TIME[:1/N], several with + between them (parallel guests under emulation)",
	  "", FL_STALL_NONE, NULL, FL_SET_GUEST, FL_KIND_STALL, 0, 0 },
	{ "host.madvise",
	  "how QEMU frees pages that the guest reported: MADV_DONTNEED, or MADV_FREE by a "
	  "preloaded library (guest only)",
	  "", NULL, discard_words, FL_SET_GUEST, FL_KIND_WORD, 0, 0 },
	{ "host.memory_limit", "memory limit of QEMU on the host, by a control group (guest only)",
	  "", NULL, NULL, FL_SET_GUEST, FL_KIND_SIZE, 0, 0 },
	{ "host.thp.defrag",
	  "transparent_hugepage/defrag of this machine (needs root; one point at a time)",
	  THP "defrag", NULL, defrag_words, FL_SET_HOST, FL_KIND_WORD, 0, 0 },
	{ "host.thp.enabled",
	  "transparent_hugepage/enabled of this machine (needs root; one point at a time)",
	  THP "enabled", NULL, enabled_words, FL_SET_HOST, FL_KIND_WORD, 0, 0 },
	{ "hotplug.memmap_on_memory",
	  "memory_hotplug.memmap_on_memory: the memmap of added memory is allocated in that memory "
	  "(guest only)",
	  "memory_hotplug.memmap_on_memory", "off", memmap_words, FL_SET_CMDLINE, FL_KIND_WORD, 0,
	  0 },
	{ "hotplug.online",
	  "memhp_default_state: zone in which the kernel onlines added memory by itself (guest "
	  "only)",
	  "memhp_default_state", NULL, online_words, FL_SET_CMDLINE, FL_KIND_WORD, 0, 0 },
	{ "kernel.numa_balancing", "automatic NUMA balancing: 0 off, 1 on, 2 tiering",
	  "/proc/sys/kernel/numa_balancing", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 3 },
	{ "khugepaged.alloc_sleep_millisecs", "khugepaged's pause after a failed allocation, ms",
	  THP "khugepaged/alloc_sleep_millisecs", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0,
	  4294967295 },
	{ "khugepaged.defrag", "khugepaged compacts memory for its allocations: 0, 1",
	  THP "khugepaged/defrag", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 1 },
	{ "khugepaged.max_ptes_none",
	  "empty PTEs that a collapse may fill; it needs T = 512 - max_ptes_none mapped pages",
	  THP "khugepaged/max_ptes_none", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 511 },
	{ "khugepaged.max_ptes_shared", "shared pages that a collapse may copy",
	  THP "khugepaged/max_ptes_shared", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 511 },
	{ "khugepaged.max_ptes_swap", "swapped-out pages that a collapse may read back",
	  THP "khugepaged/max_ptes_swap", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 511 },
	{ "khugepaged.pages_to_scan", "pages that khugepaged scans in one pass",
	  THP "khugepaged/pages_to_scan", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 1, 4294967295 },
	{ "khugepaged.scan_sleep_millisecs", "khugepaged's pause between passes, ms",
	  THP "khugepaged/scan_sleep_millisecs", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0,
	  4294967295 },
	{ "ksm.run", "kernel samepage merging: 0 off, 1 on, 2 unmerge", "/sys/kernel/mm/ksm/run",
	  NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 2 },
	{ "lru_gen.enabled", "multi-generational LRU, as the kernel prints it: 0x0000, 0x0007",
	  "/sys/kernel/mm/lru_gen/enabled", NULL, NULL, FL_SET_FILE, FL_KIND_ANY, 0, 0 },
	{ "memcg.high", "memory.high of the workload's cgroup, a size",
	  "/sys/fs/cgroup/workload/memory.high", NULL, NULL, FL_SET_FILE, FL_KIND_SIZE, 0, 0 },
	{ "memcg.limit", "memory.max of the workload's cgroup, a size",
	  "/sys/fs/cgroup/workload/memory.max", NULL, NULL, FL_SET_FILE, FL_KIND_SIZE, 0, 0 },
	{ "memcg.swap", "memory.swap.max of the workload's cgroup, a size",
	  "/sys/fs/cgroup/workload/memory.swap.max", NULL, NULL, FL_SET_FILE, FL_KIND_SIZE, 0, 0 },
	{ "page_reporting.method",
	  "how free pages to report are found (patched kernel; list: walk the free lists, as "
	  "mainline does)",
	  "/sys/module/page_reporting/parameters/method", "list", reporting_words, FL_SET_FILE,
	  FL_KIND_WORD, 0, 0 },
	{ "page_reporting.order",
	  "order of the smallest block that is reported to the host; host-huge: order of the "
	  "host's huge page",
	  "/sys/module/page_reporting/parameters/page_reporting_order", NULL, NULL, FL_SET_FILE,
	  FL_KIND_ORDER, 0, 10 },
	{ "step.*",
	  "a value for [steps], where it is written @step.NAME@; LOW..HIGH/STEP searches the "
	  "largest size that the guest survives",
	  "", NULL, NULL, FL_SET_STEP, FL_KIND_ANY, 0, 0 },
	{ "thp.defrag",
	  "what a fault does if no huge page is free: reclaim, compact, wake kswapd, or fall back",
	  THP "defrag", NULL, defrag_words, FL_SET_FILE, FL_KIND_WORD, 0, 0 },
	{ "thp.enabled", "huge pages for anonymous memory", THP "enabled", NULL, enabled_words,
	  FL_SET_FILE, FL_KIND_WORD, 0, 0 },
	{ "thp.promotion_threshold",
	  "T: number of mapped pages at which a reserved range is promoted to a huge page (patched "
	  "kernel; 1: huge page at the first touch)",
	  THP "promotion_threshold", "1", NULL, FL_SET_FILE, FL_KIND_NUMBER, 1, 512 },
	{ "thp.shmem-size-*", "huge pages of one size for shmem, in KiB: thp.shmem-size-64",
	  THP "hugepages-%skB/shmem_enabled", NULL, shmem_size_words, FL_SET_FILE, FL_KIND_WORD, 0,
	  0 },
	{ "thp.shmem_enabled", "huge pages for shmem", THP "shmem_enabled", NULL, shmem_words,
	  FL_SET_FILE, FL_KIND_WORD, 0, 0 },
	{ "thp.shrink_underused", "split underused huge pages under memory pressure: 0, 1",
	  THP "shrink_underused", NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 1 },
	{ "thp.size-*", "folios of one size for anonymous memory (mTHP), in KiB: thp.size-64",
	  THP "hugepages-%skB/enabled", NULL, size_words, FL_SET_FILE, FL_KIND_WORD, 0, 0 },
	{ "thp.use_zero_page", "read faults map the huge zero page: 0, 1", THP "use_zero_page",
	  NULL, NULL, FL_SET_FILE, FL_KIND_NUMBER, 0, 1 },
	{ "vm.*", "any file below /proc/sys/vm", "/proc/sys/vm/%s", NULL, NULL, FL_SET_FILE,
	  FL_KIND_NUMBER, 0, 0 },
	{ "zram.size", "size of a zram device used as swap (guest only)",
	  "/sys/block/zram0/disksize", NULL, NULL, FL_SET_ZRAM, FL_KIND_SIZE, 0, 0 },
	{ 0 },
};

const struct fl_setting *fl_settings(void)
{
	return settings;
}

/* The part of the name that '*' stands for; NULL if the entry does not match. */
static const char *star_part(const struct fl_setting *s, const char *name)
{
	const char *star = strchr(s->name, '*');
	size_t head = star ? (size_t)(star - s->name) : 0;

	return star && !strncmp(s->name, name, head) && name[head] ? name + head : NULL;
}

/* The part must not lead out of its folder. */
static bool harmless(const char *part)
{
	return !part[strspn(part,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")] &&
	       part[0] != '.' && !strstr(part, "..");
}

const struct fl_setting *fl_setting_find(const char *name)
{
	for (const struct fl_setting *s = settings; s->name; s++) {
		const char *part = star_part(s, name);

		if (!strcmp(s->name, name) ? !strchr(name, '*') : part && harmless(part))
			return s;
	}
	return NULL;
}

const char *fl_setting_shown(const struct fl_setting *s)
{
	static const struct {
		const char *path, *file;
	} shown[] = {
		{ "memhp_default_state", "/sys/devices/system/memory/auto_online_blocks" },
		{ "memory_hotplug.memmap_on_memory",
		  "/sys/module/memory_hotplug/parameters/memmap_on_memory" },
	};

	for (size_t i = 0; s->how == FL_SET_CMDLINE && i < sizeof(shown) / sizeof(shown[0]); i++)
		if (!strcmp(s->path, shown[i].path))
			return shown[i].file;
	return NULL;
}

char *fl_setting_path(const struct fl_setting *s, const char *name)
{
	const char *part = star_part(s, name), *at = strstr(s->path, "%s");

	if (!part || !at)
		return fl_strdup(s->path);
	return fl_asprintf("%.*s%s%s", (int)(at - s->path), s->path, part, at + 2);
}

static int check_word(const char *name, const char *value, const char *const *words,
		      struct fl_error *err)
{
	char allowed[160] = "";

	for (; *words; words++) {
		size_t at = strlen(allowed);

		if (!strcmp(*words, value))
			return 0;
		snprintf(allowed + at, sizeof(allowed) - at, "%s%s", at ? ", " : "", *words);
	}
	return fl_fail(err, FL_USAGE, "%s = %s: one of %s", name, value, allowed);
}

static int check_number(const struct fl_setting *s, const char *name, const char *value,
			struct fl_error *err)
{
	uint64_t max = s->max ? (uint64_t)s->max : INT64_MAX, n;

	if (!fl_parse_u64(value, (uint64_t)s->min, max, &n))
		return 0;
	if (!s->max)
		return fl_fail(err, FL_USAGE, "%s = %s: a whole number", name, value);
	return fl_fail(err, FL_USAGE, "%s = %s: a whole number from %ld to %ld%s", name, value,
		       s->min, s->max, s->kind == FL_KIND_ORDER ? ", or " FL_ORDER_HOST_HUGE : "");
}

static int check_stall(const char *name, const char *value, struct fl_error *err)
{
	struct fl_stalls stalls;

	return fl_stalls_parse(&stalls, value, err) ? fl_prefix(err, "%s = %s", name, value) : 0;
}

static int check_step_word(const char *name, const char *value, struct fl_error *err)
{
	struct fl_sizes sizes;

	if (!fl_sizes_is(value) || !fl_sizes_parse(value, &sizes))
		return 0;
	return fl_fail(err, FL_USAGE,
		       "%s = %s: a search is LOW..HIGH/STEP, such as 4g..64g/1g, with HIGH a whole "
		       "number of steps above LOW",
		       name, value);
}

static int unknown(const char *name, struct fl_error *err)
{
	struct fl_strv names = { 0 };
	char near[160];

	for (const struct fl_setting *s = fl_settings(); s->name; s++)
		fl_strv_push(&names, s->name);
	fl_did_you_mean(name, &names, near, sizeof(near));
	fl_strv_release(&names);
	return fl_fail(err, FL_USAGE, "unknown setting %s%s", name,
		       *near ? near : "; faultline list settings shows them");
}

int fl_setting_check(const char *name, const char *value, struct fl_error *err)
{
	const struct fl_setting *s = fl_setting_find(name);
	uint64_t bytes;

	if (!s)
		return unknown(name, err);
	switch (s->kind) {
	case FL_KIND_WORD:
		return check_word(name, value, s->choices, err);
	case FL_KIND_NUMBER:
		return check_number(s, name, value, err);
	case FL_KIND_ORDER:
		return strcmp(value, FL_ORDER_HOST_HUGE) ? check_number(s, name, value, err) : 0;
	case FL_KIND_SIZE:
		if (fl_parse_size(value, &bytes))
			return fl_fail(err, FL_USAGE, "%s = %s: a size such as 64m", name, value);
		return 0;
	case FL_KIND_STALL:
		return check_stall(name, value, err);
	case FL_KIND_ANY:
		return s->how == FL_SET_STEP ? check_step_word(name, value, err) : 0;
	}
	return 0;
}

const char *fl_setting_text(const struct fl_setting *s, const char *value, unsigned int host_huge,
			    char buf[32])
{
	uint64_t bytes;

	if (s->kind == FL_KIND_SIZE && !fl_parse_size(value, &bytes))
		snprintf(buf, 32, "%llu", (unsigned long long)bytes);
	else if (s->kind == FL_KIND_ORDER && !strcmp(value, FL_ORDER_HOST_HUGE))
		snprintf(buf, 32, "%u", host_huge);
	else
		return value;
	return buf;
}

/* "always [madvise] never": the word in brackets is the current value. */
static bool in_brackets(const char *value, const char *read_back)
{
	const char *open = strchr(read_back, '[');
	size_t len = strlen(value);

	return open && !strncmp(open + 1, value, len) && open[1 + len] == ']';
}

static bool sizes_agree(const char *value, const char *read_back)
{
	char digits[32];
	uint64_t want, got;

	snprintf(digits, sizeof(digits), "%.*s", (int)strspn(read_back, "0123456789"), read_back);
	return !fl_parse_size(value, &want) && !fl_parse_size(digits, &got) && got <= want &&
	       want - got < 4096;
}

bool fl_setting_took(const struct fl_setting *s, const char *value, const char *read_back)
{
	size_t len = strlen(value);

	if (s->kind == FL_KIND_SIZE)
		return sizes_agree(value, read_back);
	if (fl_setting_shown(s) && (!strcmp(value, "on") || !strcmp(value, "off")))
		return *read_back == (value[1] == 'n' ? 'Y' : 'N');
	if (strchr(read_back, '['))
		return in_brackets(value, read_back);
	return !strncmp(read_back, value, len) &&
	       !read_back[len + strspn(read_back + len, " \t\n")];
}

const char *fl_setting_values(const struct fl_setting *s, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	if (s->choices)
		for (size_t i = 0; s->choices[i] && at < len; i++)
			at += (size_t)snprintf(buf + at, len - at, "%s%s", i ? "|" : "",
					       s->choices[i]);
	else if (s->kind == FL_KIND_ORDER)
		snprintf(buf, len, "%ld..%ld|%s", s->min, s->max, FL_ORDER_HOST_HUGE);
	else if (s->kind == FL_KIND_NUMBER && s->max)
		snprintf(buf, len, "%ld..%ld", s->min, s->max);
	else if (s->kind == FL_KIND_NUMBER)
		snprintf(buf, len, "%ld..", s->min);
	else if (s->kind == FL_KIND_STALL)
		snprintf(buf, len, "none|FUNCTION:TIME[:1/N]");
	else
		snprintf(buf, len, "%s", s->kind == FL_KIND_SIZE ? "size" : "any");
	return buf;
}
