/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_ADVICE_H
#define WORKLOAD_ADVICE_H

#include <sys/mman.h>

/* Advice of madvise(2) that older headers of the C library do not have. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#endif
