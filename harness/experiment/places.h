/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_PLACES_H
#define FL_EXPERIMENT_PLACES_H

/* Where the keys of a file stand, for what is found wrong when the whole was read. */
struct fl_places;

struct fl_places *fl_places_new(void);
void fl_places_free(struct fl_places *p); /* NULL is nothing */
void fl_places_add(struct fl_places *p, const char *section, const char *key, unsigned int line);

/* The key's first line; its section's first key's, else the last of all. */
unsigned int fl_places_line(const struct fl_places *p, const char *section, const char *key);

#endif
