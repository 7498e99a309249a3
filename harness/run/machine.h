/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_MACHINE_H
#define FL_RUN_MACHINE_H

#include <stdint.h>

#include "harness/guest/accel.h"

/* What affects the numbers on this machine: CPU, topology, memory, host kernel, its THP mode, QEMU,
 * accelerator.  malloc'd JSON object. */
char *fl_machine_json(const struct fl_accel_choice *accel);

unsigned int fl_machine_cores(void);      /* hardware threads that this process may use */
uint64_t fl_machine_available(void);      /* MemAvailable, bytes */
uint64_t fl_machine_huge(void);           /* size of a huge page, bytes; 0: it has none */
unsigned int fl_machine_huge_order(void); /* the same in pages of a guest, as an order */

#endif
