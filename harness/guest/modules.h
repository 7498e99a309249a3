/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_MODULES_H
#define FL_GUEST_MODULES_H

#include <stdbool.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/base/temp.h"

/*
 * Drivers that a guest needs and that a kernel, such as a distribution's, has as modules.  They go
 * into the guest's image, where the agent loads them before it opens its port.  Zero-initialise;
 * release when done: files that were uncompressed go then.
 */
struct fl_modules {
	struct fl_strv names; /* virtio_ring, virtio, ...: in the order in which they are loaded */
	struct fl_strv files; /* of each, on this machine, uncompressed */
	char *release;        /* of their kernel */
	struct fl_temp temp;
};

/*
 * Those that `config` has as modules, with what they depend on, from the folder that belongs to
 * the kernel: lib/modules/RELEASE beside the folder of its image (a package that was unpacked), or
 * of this machine, the folder itself (Fedora's), or the tree that it was built in.  What is not
 * there is left out.  FL_MACHINE: one cannot be uncompressed.
 */
int fl_modules_find(struct fl_modules *m, const char *kernel, const char *config,
		    struct fl_error *err);
void fl_modules_release(struct fl_modules *m);

/* Is the driver of CONFIG_OPTION among them?  m may be NULL. */
bool fl_modules_have(const struct fl_modules *m, const char *option);

/* What a module depends on, from its bytes: "virtio_ring,virtio"; NULL: they are no module. */
const char *fl_module_depends(const char *bytes, size_t len);

#endif
