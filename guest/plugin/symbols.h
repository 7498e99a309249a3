/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PLUGIN_SYMBOLS_H
#define PLUGIN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The functions of a System.map, by address.  Function 0 is "?": what no symbol covers. */
struct symbols {
	struct symbol {
		uint64_t address;
		char *name;
	} * v;
	unsigned int n;
};

/* false: cannot be read, or holds no function. */
bool symbols_read(struct symbols *s, const char *path);
void symbols_release(struct symbols *s);

/* Number of the function that an address lies in. */
unsigned int symbols_find(const struct symbols *s, uint64_t address);
/* Address of a name; 0: there is none. */
uint64_t symbols_address(const struct symbols *s, const char *name);

#endif
