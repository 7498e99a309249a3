/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_QEMU_H
#define FL_GUEST_QEMU_H

#include "harness/base/strv.h"
#include "harness/guest/guest.h"

/* The sockets and files that QEMU is handed, as fd numbers it inherits. */
struct fl_qemu_fds {
	int qmp, port;
	int state; /* file of a template; -1: none */
};

/* Pure: configuration -> argv of QEMU (argv[0] included). */
void fl_qemu_arguments(struct fl_strv *argv, const struct fl_guest_config *c,
		       const struct fl_qemu_fds *fds);

/* Resolves the machine type; AUTO is q35 with NUMA nodes or memory hotplug, which microvm lacks. */
enum fl_machine fl_guest_machine(const struct fl_guest_spec *spec);

/* Escapes the value of an option by doubling commas: a single one ends the option.  malloc'd. */
char *fl_qemu_value(const char *text);

/* "QEMU emulator version 7.2.22 (...)"; malloc'd, NULL: there is none. */
char *fl_qemu_version(void);

/* Does QEMU have that CPU model for that accelerator?  0, or -1 (FL_USAGE) with QEMU's message. */
int fl_qemu_check_cpu(const char *model, enum fl_accel accel, struct fl_error *err);

/* Bytes of a NUMA node: even shares of whole huge pages, the last takes the rest. */
uint64_t fl_qemu_node_memory(const struct fl_guest_spec *spec, unsigned int node);

#endif
