/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_WIRE_LISTING_H
#define FL_WIRE_LISTING_H

#include <stddef.h>

/*
 * The text that stands for many small files: a line "PATH VALUE" for each file
 * that a pattern of glob(7) names, VALUE being the file's first line, in the order
 * of the paths.  What does not fit whole is left out.  Returns the length; 0 where
 * there is no such file.
 */
size_t fl_listing_read(char *to, size_t room, const char *pattern);

#endif
