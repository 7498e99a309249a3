/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plugin for QEMU's TCG that holds up the vCPU which enters a function of the guest's kernel,
 * while the others run on (thread=multi):
 *
 *   -plugin
 * file=stall.so,out=PATH,toggle=ADDRESS,seed=N,stall=NS:ONE_IN:ADDRESS[:ADDRESS]...[,stall=...]
 *
 * Addresses are those of System.map, hexadecimal; the guest runs with nokaslr.  toggle is a
 * function (__x64_sys_personality): stalls begin when it begins for the first time and end when it
 * begins for the second time; then, or at QEMU's end, out is written: a line "ENTRIES STALLS" for
 * each stall, in their order.
 *
 * A block of code that begins at one of these addresses gets a call at its start; all other code
 * is translated and runs as without a plugin.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "guest/plugin/api.h"
#include "guest/plugin/refuse.h"
#include "guest/plugin/stalls.h"
#include "guest/plugin/window.h"

#define NAME "stall"
#define complain(...) plugin_complain(NAME, __VA_ARGS__)

#define STALLS_MAX 16

/* Of the process, as is the plugin: callbacks get no other pointer than the stall's. */
static struct {
	const char *out;
	uint64_t toggle, seed;
	struct stall *stalls[STALLS_MAX];
	unsigned int n;
	enum window window;
} plugin;

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static void write_out(void)
{
	FILE *f = fopen(plugin.out, "we");

	for (unsigned int i = 0; f && i < plugin.n; i++)
		stall_write(plugin.stalls[i], f);
	if (!f || fclose(f))
		complain("%s: %s", plugin.out, strerror(errno));
}

static void close_window(void)
{
	if (window_close(&plugin.window))
		write_out();
}

static void on_toggle(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	if (!window_open(&plugin.window))
		close_window();
}

/* A thread's timers may be late by 50 us unless it asks for less. */
static void sleep_ns(uint64_t ns)
{
	static _Thread_local bool asked;
	struct timespec left = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	if (!asked)
		asked = !prctl(PR_SET_TIMERSLACK, 1);
	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

static void on_enter(unsigned int vcpu, void *stall)
{
	struct stall *s = stall;

	if (window_is_open(&plugin.window) && stall_enter(s, vcpu))
		sleep_ns(s->ns);
}

static void on_end(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	close_window();
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);

	(void)id;
	if (address == plugin.toggle)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_toggle, QEMU_PLUGIN_CB_NO_REGS, NULL);
	for (unsigned int i = 0; i < plugin.n; i++)
		if (stall_is_at(plugin.stalls[i], address))
			qemu_plugin_register_vcpu_tb_exec_cb(tb, on_enter, QEMU_PLUGIN_CB_NO_REGS,
							     plugin.stalls[i]);
}

static int take_stall(const char *text)
{
	struct stall *s = NULL;

	if (plugin.n == STALLS_MAX)
		return complain("more than %d stalls", STALLS_MAX);
	if (posix_memalign((void **)&s, __alignof__(*s), sizeof(*s)))
		return complain("out of memory");
	memset(s, 0, sizeof(*s));
	if (!stall_parse(s, text)) {
		free(s);
		return complain("stall=%s: want NS:ONE_IN:ADDRESS[:ADDRESS]...", text);
	}
	plugin.stalls[plugin.n++] = s;
	return 0;
}

static int take_argument(const char *argument)
{
	if (!strncmp(argument, "out=", 4)) {
		plugin.out = argument + 4;
		return 0;
	}
	if (!strncmp(argument, "toggle=", 7)) {
		plugin.toggle = strtoull(argument + 7, NULL, 16);
		return 0;
	}
	if (!strncmp(argument, "seed=", 5)) {
		plugin.seed = strtoull(argument + 5, NULL, 10);
		return 0;
	}
	if (!strncmp(argument, "stall=", 6))
		return take_stall(argument + 6);
	return complain("'%s': want out=PATH,toggle=ADDRESS,seed=N,stall=...", argument);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (plugin_check_qemu(NAME, info))
		return -1;
	for (int i = 0; i < argc; i++)
		if (take_argument(argv[i]))
			return -1;
	if (!plugin.out || !plugin.toggle)
		return complain("out=PATH and toggle=ADDRESS are wanted");
	for (unsigned int i = 0; i < plugin.n; i++)
		stall_seed(plugin.stalls[i], plugin.seed, i);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
