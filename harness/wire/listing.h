/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_WIRE_LISTING_H
#define FL_WIRE_LISTING_H

#include <stddef.h>

/*
 * One text for many small files: a line "PATH VALUE" for each file that matches a glob(7) pattern,
 * sorted by path; VALUE is the file's first line.  Lines that do not fit whole are left out.
 * Returns the length; 0 if no file matches.
 */
size_t fl_listing_read(char *to, size_t room, const char *pattern);

#endif
