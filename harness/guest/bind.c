/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/bind.h"

#include <errno.h>
#include <hwloc.h>
#include <hwloc/linux.h>
#include <string.h>

static int bind_thread(hwloc_topology_t t, pid_t tid, int index, struct fl_error *err)
{
	int n = hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PU);
	hwloc_obj_t pu =
		hwloc_get_obj_by_type(t, HWLOC_OBJ_PU, (unsigned int)(index % (n ? n : 1)));

	if (!pu || hwloc_linux_set_tid_cpubind(t, tid, pu->cpuset))
		return fl_fail(err, FL_MACHINE, "vCPU thread %d cannot be bound: %s", (int)tid,
			       strerror(errno));
	return 0;
}

int fl_bind_vcpus(struct fl_qmp *q, int first, struct fl_error *err)
{
	json_t *cpus = NULL, *cpu;
	hwloc_topology_t t;
	json_int_t before = 0;
	size_t i;
	int bad = 0;

	if (fl_qmp_command(q, "query-cpus-fast", NULL, &cpus, 5000, err))
		return -1;
	if (hwloc_topology_init(&t)) {
		json_decref(cpus);
		return fl_fail(err, FL_MACHINE, "hwloc cannot read this machine's topology");
	}
	if (hwloc_topology_load(t))
		bad = fl_fail(err, FL_MACHINE, "hwloc cannot read this machine's topology");
	json_array_foreach (cpus, i, cpu) {
		json_int_t tid = json_integer_value(json_object_get(cpu, "thread-id"));

		if (bad || tid <= 0 || tid == before)
			continue;
		bad = bind_thread(t, (pid_t)tid, first + (int)i, err);
		before = tid;
	}
	hwloc_topology_destroy(t);
	json_decref(cpus);
	return bad;
}
