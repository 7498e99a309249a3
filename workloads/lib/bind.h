/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_BIND_H
#define WORKLOAD_BIND_H

/*
 * Binds tasks to CPUs in hwloc's logical order: neighbours in number are neighbours in the
 * machine.  Task n goes to unit n modulo the number of units that this process may use.
 */

enum bind_unit {
	BIND_CORE,   /* all hardware threads of one core */
	BIND_THREAD, /* one hardware thread */
};

struct bind;

/* Reads the topology.  0 or -errno. */
int bind_open(struct bind **bind, enum bind_unit unit);
void bind_close(struct bind *bind);

/* Binds the calling thread as task number nr.  Without a bind (NULL) nothing.  0 or -errno. */
int bind_self(const struct bind *bind, unsigned int nr);

#endif
