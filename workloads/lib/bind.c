// SPDX-License-Identifier: GPL-2.0
#include "bind.h"

#include <errno.h>
#include <hwloc.h>
#include <stdlib.h>

struct bind {
	hwloc_topology_t topology;
	hwloc_obj_type_t type;
	unsigned int units;
};

/* A machine whose firmware tells nothing of cores still has hardware threads. */
static void count_units(struct bind *b, enum bind_unit unit)
{
	int n = 0;

	b->type = unit == BIND_CORE ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
	n = hwloc_get_nbobjs_by_type(b->topology, b->type);
	if (n <= 0) {
		b->type = HWLOC_OBJ_PU;
		n = hwloc_get_nbobjs_by_type(b->topology, b->type);
	}
	b->units = n > 0 ? (unsigned int)n : 1;
}

int bind_open(struct bind **bind, enum bind_unit unit)
{
	struct bind *b = calloc(1, sizeof(*b));

	if (!b)
		return -ENOMEM;
	if (hwloc_topology_init(&b->topology)) {
		free(b);
		return -ENOMEM;
	}
	if (hwloc_topology_load(b->topology)) {
		hwloc_topology_destroy(b->topology);
		free(b);
		return -ENODEV;
	}
	count_units(b, unit);
	*bind = b;
	return 0;
}

void bind_close(struct bind *bind)
{
	if (!bind)
		return;
	hwloc_topology_destroy(bind->topology);
	free(bind);
}

int bind_self(const struct bind *bind, unsigned int nr)
{
	hwloc_obj_t obj;

	if (!bind)
		return 0;
	obj = hwloc_get_obj_by_type(bind->topology, bind->type, nr % bind->units);
	if (!obj)
		return -ENODEV;
	return hwloc_set_cpubind(bind->topology, obj->cpuset, HWLOC_CPUBIND_THREAD) ? -errno : 0;
}
