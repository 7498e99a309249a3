/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_DIFF_H
#define FL_TRY_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/strv.h"

/*
 * What a patch touches: files, and the functions of C files in which lines were added or taken
 * away.  A unified diff as diff(1) and git write it; text around it (a mail's) is passed over.
 * A hunk's function is the one that git names behind "@@", until a line in column 0 begins
 * another; SYSCALL_DEFINE3(mremap, ...) is "mremap".
 */
struct fl_diff_file {
	char *path;               /* without a/ and b/; of one that is gone, the old */
	struct fl_strv functions; /* each once, in order */
	unsigned int added, removed;
};

struct fl_diff {
	struct fl_diff_file *files;
	size_t n;
	bool binary; /* holds a binary patch, which patch(1) can't apply */
};

/* Zero-initialise; a second text is added to the first.  What is no diff adds nothing. */
void fl_diff_parse(struct fl_diff *d, const char *text, size_t len);
void fl_diff_release(struct fl_diff *d);

/* Of all files. */
size_t fl_diff_functions(const struct fl_diff *d);

#endif
