/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_BUILD_H
#define FL_BASE_BUILD_H

#include <stdbool.h>

#include "harness/base/digest.h"
#include "harness/base/strv.h"

/*
 * What a number was measured with: a kernel as it was built, and the image of
 * programs that it booted with.  A fact that is not known is NULL, never
 * guessed.  All strings are owned.
 */
struct fl_build {
	char hash[FL_DIGEST_LEN]; /* of all the fields below */
	char *path, *file_hash;   /* the file that was booted */
	char *name;               /* as guest/kernel/build.sh calls it */
	char *source;             /* the source: a folder, or Debian's package */
	char *base;               /* version of the source: 6.12.117 */
	char *commit;             /* of that tree, */
	char *dirty;              /* "yes": has uncommitted changes; "no" */
	char *series;             /* names of the patch series applied, in order; "": none */
	char *series_hash;
	char *fragments; /* the configuration's, in order */
	char *compiler;
	char *taken;  /* "PREEMPT_LAZY for PREEMPT_VOLUNTARY, no X", of the fragments' options */
	char *config; /* lines CONFIG_X=... and "# CONFIG_X is not set" */
	char *config_hash;
};

/* Fills config_hash and hash from the rest. */
void fl_build_seal(struct fl_build *b);
void fl_build_release(struct fl_build *b);

/* The image: programs by their place in the guest, and the hash of each. */
struct fl_image_facts {
	char hash[FL_DIGEST_LEN]; /* of the file */
	struct fl_strv programs, hashes;
};

void fl_image_facts_release(struct fl_image_facts *f);

/* The one-line facts of a build, in the order in which they are stored. */
#define FL_BUILD_FACTS 13
struct fl_build_fact {
	const char *name; /* column name, and JSON key */
	char **value;
};
void fl_build_facts(struct fl_build *b, struct fl_build_fact facts[FL_BUILD_FACTS]);

#endif
