/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/wire/listing.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VALUE_MAX 64

static size_t add_file(char *to, size_t room, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), len;
	char value[VALUE_MAX + 1];
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, value, VALUE_MAX);
	close(fd);
	if (n <= 0)
		return 0;
	value[n] = '\0';
	value[strcspn(value, "\n")] = '\0';
	len = snprintf(to, room, "%s %s\n", path, value);
	return len > 0 && (size_t)len < room ? (size_t)len : 0;
}

size_t fl_listing_read(char *to, size_t room, const char *pattern)
{
	size_t len = 0;
	glob_t g;

	if (glob(pattern, 0, NULL, &g))
		return 0;
	for (size_t i = 0; i < g.gl_pathc; i++)
		len += add_file(to + len, room - len, g.gl_pathv[i]);
	globfree(&g);
	return len;
}
