/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_HASH_H
#define FL_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, 64 bits, eight bytes a step.  Identifies content; not cryptographic. */
#define FL_HASH_START 0xcbf29ce484222325ull

uint64_t fl_hash(uint64_t h, const void *data, size_t len);

#endif
