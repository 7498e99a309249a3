/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_BUILD_H
#define FL_GUEST_BUILD_H

#include "harness/base/build.h"
#include "harness/base/error.h"

/*
 * The origin of a kernel's file, as far as it can be known: its SHA-256, `meta` beside it (which
 * guest/kernel/build.sh writes), and its configuration: the one inside a vmlinux (CONFIG_IKCONFIG),
 * else a file `config` or `.config` beside it, in the root of its build tree, or config-RELEASE as
 * /boot has it.  The compiler is what the configuration says.  FL_MACHINE: the file cannot be read.
 */
int fl_build_read(struct fl_build *b, const char *path, struct fl_error *err);

/* The files of an image that fl_image_make() made. */
int fl_image_read(struct fl_image_facts *f, const char *path, struct fl_error *err);

/* --- parsers of the above, for tests --- */

/* Takes the lines "KEY VALUE" of a meta file. */
void fl_build_take_meta(struct fl_build *b, const char *text);
/* The significant lines of a configuration, malloc'd; NULL: it has none. */
char *fl_build_config_lines(const char *text);
/* The configuration inside a kernel's file; malloc'd, NULL: there is none. */
char *fl_build_config_inside(const unsigned char *bytes, size_t len);
/* 0, or -EINVAL where these bytes are no cpio archive in the format "newc". */
int fl_image_take(struct fl_image_facts *f, const unsigned char *bytes, size_t len);

#endif
