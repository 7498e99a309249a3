// SPDX-License-Identifier: GPL-2.0
#include "kernel_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define THRESHOLD "/sys/kernel/mm/transparent_hugepage/promotion_threshold"

int kernel_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

unsigned int kernel_threshold(void)
{
	unsigned int t = 1;
	FILE *in = fopen(THRESHOLD, "re");

	if (in) {
		if (fscanf(in, "%u", &t) != 1)
			t = 1;
		fclose(in);
	}
	return t;
}
