/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_REFUSE_H
#define GUEST_PLUGIN_REFUSE_H

#include "guest/plugin/api.h"

/* "faultline NAME: ..." on stderr, which the harness knows a plugin by; -1. */
int plugin_complain(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* 0, or -1 with a complaint: another API, or no emulation of an x86-64 machine. */
int plugin_check_qemu(const char *name, const qemu_info_t *info);

#endif
