/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/machine.h"

#include <hwloc.h>
#include <jansson.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/collect/text.h"
#include "harness/guest/qemu.h"

static size_t read_text(const char *path, char *buf, size_t size)
{
	cleanup_file FILE *f = fopen(path, "re");
	size_t n = f ? fread(buf, 1, size - 1, f) : 0;

	buf[n] = '\0';
	return n;
}

static void set_first_line(json_t *o, const char *key, const char *path)
{
	char buf[256];

	if (!read_text(path, buf, sizeof(buf)))
		return;
	buf[strcspn(buf, "\n")] = '\0';
	json_object_set_new(o, key, json_string(buf));
}

static void set_cpu(json_t *o)
{
	char buf[4096];
	const char *at;

	read_text("/proc/cpuinfo", buf, sizeof(buf));
	at = strstr(buf, "model name");
	at = at ? strchr(at, ':') : NULL;
	if (at)
		json_object_set_new(o, "cpu", json_stringn(at + 2, strcspn(at + 2, "\n")));
}

static void set_topology(json_t *o)
{
	hwloc_topology_t t;

	if (hwloc_topology_init(&t))
		return;
	if (!hwloc_topology_load(t)) {
		json_object_set_new(o, "packages",
				    json_integer(hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PACKAGE)));
		json_object_set_new(o, "cores",
				    json_integer(hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_CORE)));
		json_object_set_new(o, "threads",
				    json_integer(hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PU)));
		json_object_set_new(o, "numa_nodes",
				    json_integer(hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_NUMANODE)));
	}
	hwloc_topology_destroy(t);
}

static double meminfo(const char *key)
{
	char buf[8192];
	size_t len = read_text("/proc/meminfo", buf, sizeof(buf));
	double kib;

	return fl_text_colon(buf, len, key, &kib) ? 0 : kib;
}

static void set_qemu(json_t *o)
{
	cleanup_free char *qemu = fl_qemu_version();

	if (qemu)
		json_object_set_new(o, "qemu", json_string(qemu));
}

char *fl_machine_json(const struct fl_accel_choice *accel)
{
	json_t *o = json_object();
	struct utsname u;
	char *text;

	set_cpu(o);
	set_topology(o);
	json_object_set_new(o, "memory_kib", json_integer((json_int_t)meminfo("MemTotal")));
	if (!uname(&u))
		json_object_set_new(o, "kernel", json_string(u.release));
	set_first_line(o, "thp", "/sys/kernel/mm/transparent_hugepage/enabled");
	set_first_line(o, "thp_size", "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");
	set_first_line(o, "thp_defrag", "/sys/kernel/mm/transparent_hugepage/defrag");
	if (accel) {
		set_qemu(o);
		json_object_set_new(o, "accelerator",
				    json_string(accel->accel == FL_ACCEL_KVM ? "kvm" : "tcg"));
		json_object_set_new(o, "accelerator_reason", json_string(accel->reason));
	} else {
		json_object_set_new(o, "accelerator", json_string("none"));
	}
	text = json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(o);
	return text;
}

unsigned int fl_machine_cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return (unsigned int)CPU_COUNT(&set);
}

uint64_t fl_machine_available(void)
{
	return (uint64_t)meminfo("MemAvailable") * 1024;
}

uint64_t fl_machine_huge(void)
{
	char buf[32];
	uint64_t bytes;

	if (!read_text("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", buf, sizeof(buf)))
		return 0;
	buf[strcspn(buf, "\n")] = '\0';
	return fl_parse_u64(buf, 4096, UINT64_C(1) << 40, &bytes) ? 0 : bytes;
}

unsigned int fl_machine_huge_order(void)
{
	uint64_t pages = fl_machine_huge() / 4096;

	return pages ? (unsigned int)__builtin_ctzll(pages) : 0;
}
