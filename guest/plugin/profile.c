/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plugin of QEMU that attributes the instructions of the page fault path to
 * kernel functions, by call stack: not sampled, all of them, the same in every
 * run.
 *
 *   -plugin file=profile.so,symbols=System.map,out=FILE
 *
 * Counting begins when the kernel first runs __x64_sys_personality and ends with
 * the second time: the agent calls it around the workload.  A fault is what runs
 * from asm_exc_page_fault until user space, or until the kernel code that it
 * interrupted, goes on.  FILE is written at the end of that window:
 *
 *   # faults 65536
 *   # instructions 180000000      of these faults
 *   # user 12000000               of the window
 *   # kernel 260000000
 *   asm_exc_page_fault;exc_page_fault;do_user_addr_fault 1376256
 *
 * Instructions are counted by blocks as QEMU translates them.  A block that an
 * exception cuts short counts whole; in the kernel's fault path that is rare.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/plugin/api.h"
#include "guest/plugin/stacks.h"

#define VCPUS_MAX 64
#define USER_END (1ull << 47)
#define TABLE_BITS 16

int qemu_plugin_version = PLUGIN_API_VERSION;

enum mark { MARK_NONE, MARK_ENTRY, MARK_TOGGLE };

/* A block of instructions; one for each address and length, and never freed: QEMU keeps pointers.
 */
struct record {
	struct record *next;
	uint64_t address;
	struct block block;
	enum mark mark;
	bool user;
};

static struct {
	struct symbols symbols;
	struct stacks *stacks[VCPUS_MAX];
	struct record *table[1 << TABLE_BITS];
	uint64_t entry, toggle, user, kernel;
	unsigned int vcpus;
	char *out;
	bool open, written;
} p;

static void write_profile(void)
{
	char temp[4096];
	uint64_t faults = 0, insns = 0;
	FILE *f;

	p.written = true;
	snprintf(temp, sizeof(temp), "%s.new", p.out);
	f = fopen(temp, "we");
	if (!f)
		return;
	for (unsigned int i = 0; i < p.vcpus; i++) {
		faults += stacks_faults(p.stacks[i]);
		insns += stacks_insns(p.stacks[i]);
	}
	fprintf(f,
		"# faults %" PRIu64 "\n# instructions %" PRIu64 "\n# user %" PRIu64
		"\n# kernel %" PRIu64 "\n",
		faults, insns, p.user, p.kernel);
	for (unsigned int i = 0; i < p.vcpus; i++)
		stacks_print(p.stacks[i], f);
	if (!fclose(f))
		rename(temp, p.out);
}

static void pass_mark(void)
{
	if (p.open)
		write_profile();
	p.open = !p.open && !p.written;
}

static void in_kernel(struct stacks *s, const struct record *r)
{
	p.kernel += r->block.insns;
	if (r->mark == MARK_ENTRY)
		stacks_enter(s, &r->block);
	else if (stacks_inside(s))
		stacks_block(s, &r->block);
}

static void execute(unsigned int vcpu, void *userdata)
{
	const struct record *r = userdata;
	struct stacks *s = p.stacks[vcpu % p.vcpus];

	if (__builtin_expect(r->mark == MARK_TOGGLE, 0))
		pass_mark();
	if (!p.open)
		return;
	if (r->user) {
		p.user += r->block.insns;
		stacks_leave(s);
	} else {
		in_kernel(s, r);
	}
}

/* Prefixes, then e8 or ff /2, c2 or c3, cf. */
static enum block_end end_of(const uint8_t *code, size_t len)
{
	size_t i = 0;

	while (i < len &&
	       (code[i] == 0x66 || code[i] == 0x67 || code[i] == 0x2e || code[i] == 0x3e ||
		code[i] == 0xf2 || code[i] == 0xf3 || (code[i] & 0xf0) == 0x40))
		i++;
	if (i == len)
		return END_OTHER;
	if (code[i] == 0xe8 || (code[i] == 0xff && i + 1 < len && (code[i + 1] >> 3 & 7) == 2))
		return END_CALL;
	if (code[i] == 0xc2 || code[i] == 0xc3)
		return END_RET;
	return code[i] == 0xcf ? END_IRET : END_OTHER;
}

static void describe(struct record *r, struct qemu_plugin_tb *tb)
{
	size_t n = r->block.insns;
	struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
	const struct symbol *symbol;

	r->user = r->address < USER_END;
	if (r->user)
		return;
	r->block.function = symbols_find(&p.symbols, r->address);
	symbol = &p.symbols.v[r->block.function];
	r->block.starts = symbol->address == r->address;
	r->block.handler = !strncmp(symbol->name, "asm_", 4);
	r->block.end = end_of(qemu_plugin_insn_data(last), qemu_plugin_insn_size(last));
	if (r->address == p.entry)
		r->mark = MARK_ENTRY;
	else if (r->address == p.toggle)
		r->mark = MARK_TOGGLE;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	unsigned int n = (unsigned int)qemu_plugin_tb_n_insns(tb);
	uint64_t hash = (address ^ n) * 0x9e3779b97f4a7c15ull >> (64 - TABLE_BITS);
	struct record *r = p.table[hash];

	(void)id;
	while (r && (r->address != address || r->block.insns != n))
		r = r->next;
	/* User programs share addresses, and their code is told by the address alone. */
	if (!r) {
		r = calloc(1, sizeof(*r));
		if (!r || !n)
			abort();
		r->address = address;
		r->block.insns = n;
		describe(r, tb);
		r->next = p.table[hash];
		p.table[hash] = r;
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, execute, QEMU_PLUGIN_CB_NO_REGS, r);
}

static void at_exit(qemu_plugin_id_t id, void *userdata)
{
	(void)id;
	(void)userdata;
	if (p.open && !p.written)
		write_profile();
}

static const char *argument(int argc, char **argv, const char *name)
{
	size_t len = strlen(name);

	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], name, len) && argv[i][len] == '=')
			return argv[i] + len + 1;
	return NULL;
}

static int refuse(const char *why)
{
	fprintf(stderr, "faultline profile: %s\n", why);
	return -1;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	const char *symbols = argument(argc, argv, "symbols"), *out = argument(argc, argv, "out");

	if (info->version.min > PLUGIN_API_VERSION || info->version.cur < PLUGIN_API_VERSION)
		return refuse("this QEMU has another plugin interface");
	if (!info->system_emulation || strcmp(info->target_name, "x86_64") != 0)
		return refuse("it is for x86-64 machines");
	if (!symbols || !out)
		return refuse("symbols=System.map,out=FILE are wanted");
	if (!symbols_read(&p.symbols, symbols))
		return refuse("the symbols cannot be read");
	p.entry = symbols_address(&p.symbols, "asm_exc_page_fault");
	p.toggle = symbols_address(&p.symbols, "__x64_sys_personality");
	if (!p.entry || !p.toggle)
		return refuse("the symbols lack asm_exc_page_fault or __x64_sys_personality");
	p.out = strdup(out);
	p.vcpus = (unsigned int)info->system.max_vcpus;
	p.vcpus = p.vcpus < 1 ? 1 : p.vcpus > VCPUS_MAX ? VCPUS_MAX : p.vcpus;
	for (unsigned int i = 0; i < p.vcpus; i++)
		p.stacks[i] = stacks_new(&p.symbols);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
