/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_PACKAGE_H
#define FL_GUEST_PACKAGE_H

#include <stdbool.h>

#include "harness/base/error.h"

/*
 * The kernel in a Debian package (linux-image-*.deb), unpacked with its modules and configuration
 * into the cache folder, by the hash of the package; malloc'd.  FL_USAGE: it is no package, or has
 * no kernel; FL_MACHINE: it cannot be unpacked here.
 */
int fl_package_kernel(char **kernel, const char *deb, struct fl_error *err);

/* Is it named like one? */
bool fl_is_package(const char *path);

#endif
