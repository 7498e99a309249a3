/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plugin for QEMU's TCG that makes a call-graph profile of the guest kernel's
 * page faults and system calls, in instructions:
 *
 *   -plugin
 * file=profile.so,symbols=PATH,out=PATH[,entry=NAME][,toggle=NAME][,follow=NAME]...[,follow=all]
 *
 * symbols is the kernel's System.map; the guest runs with nokaslr.  The window
 * opens when the toggle function (__x64_sys_personality) begins for the first
 * time, and when it begins for the second time it closes and out is written.
 * A fault begins at the entry function (asm_exc_page_fault) and ends with its
 * iret; a system call is its function, __x64_sys_NAME.  Other functions are entries when they are
 * asked for (follow), and with follow=all everything is.  folded.h has the format, walk.h how
 * blocks become a call graph and what a block that is left early means for the count.
 *
 * Counting is done by translation block.  A repeated string instruction is a
 * block an iteration, as the instruction clock counts it.  The profile is as
 * exact as that clock: the same run gives the same file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/plugin/api.h"
#include "guest/plugin/folded.h"
#include "guest/plugin/refuse.h"
#include "guest/plugin/window.h"

#define NAME "profile"
#define complain(...) plugin_complain(NAME, __VA_ARGS__)

#define VCPUS_MAX 1024
#define FOLLOWED_MAX 64
#define INSNS_MAX 512 /* of a translation block: QEMU's TCG_MAX_INSNS */
#define STUB_BYTES 8  /* of an entry of irq_entries_start; other instructions are not so aligned */

struct profile {
	const char *out, *symbols_path, *entry_name, *toggle_name;
	struct prof_symbols *symbols;
	struct prof_blocks *blocks;
	struct prof_parking *parking;
	uint64_t entry, toggle;
	uint32_t task_switch; /* a function */
	struct prof_walk *walks[VCPUS_MAX];
	enum window window;
	const char *followed[FOLLOWED_MAX];
	size_t n_followed;
	bool all;
};

/* Of the process, as is the plugin: callbacks get no other pointer than the block's. */
static struct profile profile = {
	.entry_name = "asm_exc_page_fault",
	.toggle_name = "__x64_sys_personality",
};

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static void write_out(void)
{
	char *temporary = NULL;
	FILE *f = NULL;
	int error;

	if (asprintf(&temporary, "%s.tmp", profile.out) < 0) {
		complain("out of memory");
		return;
	}
	f = fopen(temporary, "we");
	if (!f) {
		complain("%s: %s", temporary, strerror(errno));
		goto out;
	}
	error = prof_folded_write(f, profile.walks, VCPUS_MAX, profile.parking, profile.symbols);
	if (fclose(f) && !error)
		error = -errno;
	if (!error && rename(temporary, profile.out))
		error = -errno;
	if (error)
		complain("%s: %s", profile.out, strerror(-error));
out:
	free(temporary);
}

static void close_window(void)
{
	if (window_close(&profile.window))
		write_out();
}

static void on_user(unsigned int vcpu, void *block)
{
	if (__builtin_expect(window_is_open(&profile.window), 0) && profile.walks[vcpu])
		prof_walk_user(profile.walks[vcpu], block);
}

static void on_kernel(unsigned int vcpu, void *block)
{
	if (__builtin_expect(window_is_open(&profile.window), 0) && profile.walks[vcpu])
		prof_walk_kernel(profile.walks[vcpu], block);
}

static void on_toggle(unsigned int vcpu, void *block)
{
	if (!window_open(&profile.window))
		close_window();
	on_kernel(vcpu, block);
}

static void on_push(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
	(void)info;
	(void)data;
	if (window_is_open(&profile.window) && profile.walks[vcpu])
		prof_walk_push(profile.walks[vcpu], address);
}

static void on_pop(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
	(void)info;
	(void)data;
	if (window_is_open(&profile.window) && profile.walks[vcpu])
		prof_walk_pop(profile.walks[vcpu], address);
}

static void on_end(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	if (profile.window == WAITING)
		complain("%s was never called: no profile", profile.toggle_name);
	close_window();
}

static void on_vcpu(qemu_plugin_id_t id, unsigned int vcpu)
{
	struct prof_walk *w;

	(void)id;
	if (vcpu >= VCPUS_MAX || profile.walks[vcpu])
		return;
	w = calloc(1, sizeof(*w));
	if (!w || prof_walk_init(w, profile.parking)) {
		complain("out of memory: vCPU %u is not profiled", vcpu);
		free(w);
		return;
	}
	w->all = profile.all;
	profile.walks[vcpu] = w;
}

/* A name that ends in "_" begins those of a family. */
static bool is_named(const char *function, const char *name)
{
	size_t len = strlen(name);

	return name[len - 1] == '_' ? !strncmp(function, name, len) : !strcmp(function, name);
}

static unsigned int kind_of(uint64_t address, const char *function, bool starts)
{
	static const struct {
		const char *name;
		enum prof_flag flag;
	} kinds[] = {
		{ "__schedule", PROF_APART },
		{ "__x64_sys_", PROF_CALLED },
		{ "arch_do_signal_or_restart", PROF_APART },
		{ "asm_exc_", PROF_EXCEPTION },
		{ "asm_sysvec_", PROF_INTERRUPT },
		{ "do_task_dead", PROF_ENDS },
		{ "task_work_run", PROF_APART },
	};
	unsigned int flags = starts ? PROF_STARTS : 0;

	if (address == profile.entry)
		return flags | PROF_ENTRY;
	for (size_t i = 0; starts && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (is_named(function, kinds[i].name))
			return flags | (unsigned int)kinds[i].flag;
	if (address % STUB_BYTES == 0 &&
	    (!strcmp(function, "irq_entries_start") || !strcmp(function, "spurious_entries_start")))
		return flags | PROF_INTERRUPT;
	return flags;
}

static unsigned int flags_of(uint64_t address, uint32_t function, bool starts)
{
	unsigned int flags = kind_of(address, prof_symbols_name(profile.symbols, function), starts);

	return starts && prof_symbols_marked(profile.symbols, function) ? flags | PROF_WANTED
									: flags;
}

static struct prof_insn decode(const struct qemu_plugin_insn *insn)
{
	return prof_insn_decode(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
}

/* QEMU 7.2 calls nobody who asks for reads only. */
static void watch_stacks(const struct qemu_plugin_tb *tb, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		struct prof_insn what = decode(insn);

		if (what.pushes)
			qemu_plugin_register_vcpu_mem_cb(insn, on_push, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_RW, NULL);
		if (what.pops)
			qemu_plugin_register_vcpu_mem_cb(insn, on_pop, QEMU_PLUGIN_CB_NO_REGS,
							 QEMU_PLUGIN_MEM_RW, NULL);
	}
}

static qemu_plugin_vcpu_udata_cb_t callback_of(const struct prof_block *b)
{
	if (b->flags & PROF_USER)
		return on_user;
	return b->address == profile.toggle ? on_toggle : on_kernel;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	struct prof_block head = { .address = qemu_plugin_tb_vaddr(tb) }, *block;
	size_t n = qemu_plugin_tb_n_insns(tb);
	struct prof_insn last;
	uint8_t sizes[INSNS_MAX];
	bool starts = false;

	(void)id;
	if (!n || n > INSNS_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		sizes[i] = (uint8_t)qemu_plugin_insn_size(qemu_plugin_tb_get_insn(tb, i));
	last = decode(qemu_plugin_tb_get_insn(tb, n - 1));
	head.insns = (uint16_t)n;
	if (head.address < PROF_KERNEL_BASE) {
		head.flags = PROF_USER;
	} else {
		head.function = prof_symbols_at(profile.symbols, head.address, &starts);
		head.flags = (uint16_t)flags_of(head.address, head.function, starts);
	}
	block = prof_blocks_add(profile.blocks, &head, &last, sizes);
	if (!block) {
		complain("out of memory");
		abort();
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, callback_of(block), QEMU_PLUGIN_CB_NO_REGS, block);
	if (head.function == profile.task_switch && !(head.flags & PROF_USER))
		watch_stacks(tb, n);
}

static int follow(const char *name)
{
	profile.all |= !strcmp(name, "all");
	if (profile.n_followed == FOLLOWED_MAX)
		return complain("more than %d functions to follow", FOLLOWED_MAX);
	if (strcmp(name, "all") != 0)
		profile.followed[profile.n_followed++] = name;
	return 0;
}

static int take_argument(const char *argument)
{
	static const struct {
		const char *key;
		const char **value;
	} keys[] = {
		{ "symbols=", &profile.symbols_path },
		{ "out=", &profile.out },
		{ "entry=", &profile.entry_name },
		{ "toggle=", &profile.toggle_name },
	};

	if (!strncmp(argument, "follow=", 7) && argument[7])
		return follow(argument + 7);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t len = strlen(keys[i].key);

		if (!strncmp(argument, keys[i].key, len) && argument[len]) {
			*keys[i].value = argument + len;
			return 0;
		}
	}
	return complain("'%s': want symbols=PATH,out=PATH[,entry=NAME][,toggle=NAME][,follow=NAME]",
			argument);
}

static int find_function(const char *name, uint64_t *address)
{
	*address = prof_symbols_find(profile.symbols, name);
	return *address ? 0 : complain("%s: no function %s", profile.symbols_path, name);
}

static int find_symbols(void)
{
	uint64_t task_switch;
	bool starts;

	profile.symbols = prof_symbols_read(profile.symbols_path);
	if (!profile.symbols)
		return complain("%s: %s", profile.symbols_path,
				errno == EPROTO ? "no System.map" : strerror(errno));
	if (find_function(profile.entry_name, &profile.entry) ||
	    find_function(profile.toggle_name, &profile.toggle) ||
	    find_function("__switch_to_asm", &task_switch))
		return -1;
	for (size_t i = 0; i < profile.n_followed; i++)
		if (!prof_symbols_mark(profile.symbols, profile.followed[i]))
			return complain("%s: no function %s", profile.symbols_path,
					profile.followed[i]);
	profile.task_switch = prof_symbols_at(profile.symbols, task_switch, &starts);
	return 0;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (plugin_check_qemu(NAME, info))
		return -1;
	for (int i = 0; i < argc; i++)
		if (take_argument(argv[i]))
			return -1;
	if (!profile.symbols_path || !profile.out)
		return complain("%s is missing", profile.out ? "symbols=PATH" : "out=PATH");
	if (find_symbols())
		return -1;
	profile.blocks = prof_blocks_new();
	profile.parking = prof_parking_new();
	if (!profile.blocks || !profile.parking)
		return complain("out of memory");
	qemu_plugin_register_vcpu_init_cb(id, on_vcpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
