/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_HOLES_H
#define WORKLOAD_HOLES_H

/* Frees pages of private memory and leaves others. */

#include <stddef.h>
#include <stdlib.h>

/* Every even page; 0, or -1 with errno set. */
int holes_even(char *p, size_t bytes);

/* Each page by the toss of a coin, which the state of rand decides; as above. */
int holes_random(char *p, size_t bytes, struct drand48_data *rand);

#endif
