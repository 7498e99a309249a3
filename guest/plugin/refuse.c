/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/refuse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int plugin_complain(const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "faultline %s: ", name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return -1;
}

int plugin_check_qemu(const char *name, const qemu_info_t *info)
{
	if (info->version.min > QEMU_PLUGIN_VERSION || info->version.cur < QEMU_PLUGIN_VERSION)
		return plugin_complain(name, "needs plugin API %d, this QEMU has %d to %d",
				       QEMU_PLUGIN_VERSION, info->version.min, info->version.cur);
	if (!info->system_emulation || strcmp(info->target_name, "x86_64") != 0)
		return plugin_complain(name, "needs qemu-system-x86_64, this is for %s",
				       info->target_name);
	return 0;
}
