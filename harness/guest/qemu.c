/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/qemu.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/spawn.h"

/* The instruction clock: one instruction takes one nanosecond, and the TSC counts nanoseconds. */
#define EXACT_TSC_KHZ 1000000

/* Seed of rdrand and QEMU's other random numbers: the same in every run, so that runs compare. */
#define EXACT_SEED "1"

/* QEMU's translation buffer counts as host memory of the guest: 64 MiB hold these kernels. */
#define TB_SIZE_MIB 64

/* Each piece that is added lies at a multiple of 1 GiB. */
#define HOTPLUG_ROOM (UINT64_C(4) << 30)

enum fl_machine fl_guest_machine(const struct fl_guest_spec *spec)
{
	if (spec->machine != FL_MACHINE_AUTO)
		return spec->machine;
	return spec->numa > 1 || spec->hotplug_slots || spec->virtio_mem ? FL_MACHINE_Q35
									 : FL_MACHINE_MICROVM;
}

/*
 * TCG counts and runs `rep stosb` byte by byte, so a model with ERMS or FSRM
 * clears pages eight times slower than one without.  The instruction clock
 * pins a model, since "max" changes with QEMU.
 */
static const char *cpu_model(const struct fl_guest_config *c)
{
	if (c->spec.cpu_model)
		return c->spec.cpu_model;
	if (c->spec.clock == FL_CLOCK_INSTRUCTIONS)
		return "Nehalem,check=off";
	return c->accel == FL_ACCEL_KVM ? "host" : "max,-erms,-fsrm,-la57";
}

/* CPUs of one package share a cache, so nodes are packages: the kernel warns of anything else. */
static void add_topology(struct fl_strv *a, const struct fl_guest_spec *s)
{
	unsigned int sockets = s->numa <= 1 ? 1 : s->cpus % s->numa ? s->cpus : s->numa;

	fl_strv_pushf(a, "%u,sockets=%u,cores=%u,threads=1", s->cpus, sockets, s->cpus / sockets);
}

static void add_machine(struct fl_strv *a, const struct fl_guest_config *c)
{
	const char *memory = c->spec.numa > 1 ? "" : ",memory-backend=ram0";

	fl_strv_push(a, "-machine");
	if (fl_guest_machine(&c->spec) == FL_MACHINE_MICROVM)
		fl_strv_pushf(a, "microvm,rtc=on%s", memory);
	else
		fl_strv_pushf(a, "q35%s", memory);
	fl_strv_push(a, "-accel");
	if (c->accel == FL_ACCEL_KVM)
		fl_strv_push(a, "kvm");
	else /* a thread for each CPU loses boots: the kernel patches code that another runs */
		fl_strv_pushf(a, "tcg,thread=%s,tb-size=%d", c->spec.parallel ? "multi" : "single",
			      TB_SIZE_MIB);
	fl_strv_push(a, "-cpu");
	fl_strv_push(a, cpu_model(c));
	fl_strv_push(a, "-smp");
	add_topology(a, &c->spec);
}

static void add_clock(struct fl_strv *a, const struct fl_guest_config *c)
{
	if (c->spec.clock != FL_CLOCK_INSTRUCTIONS)
		return;
	fl_strv_push(a, "-icount");
	fl_strv_push(a, "shift=0,sleep=off");
	fl_strv_push(a, "-seed");
	fl_strv_push(a, EXACT_SEED);
	fl_strv_push(a, "-rtc");
	fl_strv_push(a, "base=2020-01-01T00:00:00,clock=vm");
}

static void add_cpus_of_node(struct fl_strv *a, const struct fl_guest_spec *s, unsigned int node)
{
	/* Rounded up: if some nodes get no CPUs, they are the last ones. */
	unsigned int first = (node * s->cpus + s->numa - 1) / s->numa;
	unsigned int end = ((node + 1) * s->cpus + s->numa - 1) / s->numa;

	fl_strv_push(a, "-numa");
	if (first == end)
		fl_strv_pushf(a, "node,nodeid=%u,memdev=ram%u", node, node);
	else
		fl_strv_pushf(a, "node,nodeid=%u,memdev=ram%u,cpus=%u-%u", node, node, first,
			      end - 1);
}

uint64_t fl_qemu_node_memory(const struct fl_guest_spec *s, unsigned int node)
{
	uint64_t each = s->numa > 1 ? s->memory / s->numa & ~((2ull << 20) - 1) : s->memory;

	return node + 1 < s->numa ? each : s->memory - node * each;
}

static void add_memory(struct fl_strv *a, const struct fl_guest_spec *s)
{
	unsigned int nodes = s->numa > 1 ? s->numa : 1;

	fl_strv_push(a, "-m");
	if (s->hotplug_slots || s->virtio_mem)
		fl_strv_pushf(a, "%" PRIu64 "k,slots=%u,maxmem=%" PRIu64 "k", s->memory / 1024,
			      s->hotplug_slots,
			      (s->memory + s->hotplug_memory + s->virtio_mem + HOTPLUG_ROOM) /
				      1024);
	else
		fl_strv_pushf(a, "%" PRIu64 "k", s->memory / 1024);
	for (unsigned int i = 0; i < nodes; i++) {
		fl_strv_push(a, "-object");
		fl_strv_pushf(a, "memory-backend-ram,id=ram%u,size=%" PRIu64 "k%s", i,
			      fl_qemu_node_memory(s, i) / 1024, s->backed ? ",reserve=off" : "");
	}
	for (unsigned int i = 0; s->numa > 1 && i < nodes; i++)
		add_cpus_of_node(a, s, i);
	for (unsigned int i = 0; s->numa > 1 && i < nodes * nodes; i++) {
		if (i / nodes == i % nodes)
			continue;
		fl_strv_push(a, "-numa");
		fl_strv_pushf(a, "dist,src=%u,dst=%u,val=%u", i / nodes, i % nodes,
			      s->numa_distance);
	}
}

char *fl_qemu_value(const char *text)
{
	char *value = fl_calloc(2, strlen(text) + 1), *to = value;

	for (; *text; text++) {
		if (*text == ',')
			*to++ = ',';
		*to++ = *text;
	}
	return value;
}

char *fl_qemu_version(void)
{
	return fl_spawn_line((const char *const[]){ "qemu-system-x86_64", "--version", NULL });
}

/*
 * QEMU checks the CPU model before a nonexistent device: if it complains about the device, it
 * accepted the model.
 */
int fl_qemu_check_cpu(const char *model, enum fl_accel accel, struct fl_error *err)
{
	static const char none[] = "faultline-none";
	const char *const argv[] = { "qemu-system-x86_64",
				     "-machine",
				     "q35",
				     "-m",
				     "64",
				     "-nodefaults",
				     "-display",
				     "none",
				     "-accel",
				     accel == FL_ACCEL_KVM ? "kvm" : "tcg",
				     "-cpu",
				     model,
				     "-device",
				     none,
				     NULL };
	static const char self[] = "qemu-system-x86_64: ";
	cleanup_free char *said = NULL;
	char *line = NULL, *save = NULL;

	if (fl_spawn_both(argv, &said) == 127 || strstr(said, none))
		return 0;
	for (char *l = strtok_r(said, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		line = strstr(l, "warning: ") ? line : l;
	if (line && !strncmp(line, self, strlen(self)))
		line += strlen(self);
	return fl_fail(err, FL_USAGE, "cpu = %s: QEMU says: %s", model, line ? line : "nothing");
}

static void push_path_option(struct fl_strv *a, const char *option, const char *dir,
			     const char *file)
{
	cleanup_free char *value = fl_qemu_value(dir);

	fl_strv_pushf(a, "%s%s/%s", option, value, file);
}

/* The guest's script, and the device with which it stops itself for a template (script.c). */
static void add_script(struct fl_strv *a, const struct fl_guest_config *c,
		       const struct fl_qemu_fds *fds)
{
	if (c->spec.clock != FL_CLOCK_INSTRUCTIONS)
		return;
	fl_strv_push(a, "-fw_cfg");
	push_path_option(a, "name=opt/org.faultline/script,file=", c->dir, "script");
	fl_strv_push(a, "-device");
	fl_strv_push(a, "pvpanic,ioport=0x505");
	fl_strv_push(a, "-action");
	fl_strv_push(a, "panic=pause");
	if (!c->state)
		return;
	fl_strv_push(a, "-incoming");
	fl_strv_pushf(a, "fd:%d", fds->state);
}

static void add_plugin(struct fl_strv *a, const struct fl_guest_config *c)
{
	cleanup_free char *plugin = NULL, *symbols = NULL, *dir = NULL, *text = NULL;

	if (c->spec.clock != FL_CLOCK_INSTRUCTIONS || !c->plugin || !c->symbols)
		return;
	plugin = fl_qemu_value(c->plugin);
	symbols = fl_qemu_value(c->symbols);
	dir = fl_qemu_value(c->dir);
	fl_strv_push(a, "-plugin");
	text = fl_asprintf("file=%s,symbols=%s,out=%s/profile", plugin, symbols, dir);
	for (size_t i = 0; c->followed && i < c->followed->n; i++) {
		cleanup_free char *old = text, *name = fl_qemu_value(c->followed->v[i]);

		text = fl_asprintf("%s,follow=%s", old, name);
	}
	fl_strv_push(a, text);
}

static void add_stalls(struct fl_strv *a, const struct fl_guest_config *c)
{
	cleanup_free char *plugin = NULL, *dir = NULL;

	if (!c->stalls)
		return;
	plugin = fl_qemu_value(c->stall_plugin);
	dir = fl_qemu_value(c->dir);
	fl_strv_push(a, "-plugin");
	fl_strv_pushf(a, "file=%s,out=%s/stalls,%s", plugin, dir, c->stalls);
}

static void add_balloon(struct fl_strv *a, const struct fl_guest_spec *s)
{
	bool microvm = fl_guest_machine(s) == FL_MACHINE_MICROVM;

	if (!s->balloon && !s->free_page_reporting && !s->deflate_on_oom)
		return;
	fl_strv_push(a, "-device");
	fl_strv_pushf(a, "%s%s%s",
		      microvm ? "virtio-balloon-device,id=balloon0"
			      : "virtio-balloon-pci,id=balloon0,addr=0x5",
		      s->free_page_reporting ? ",free-page-reporting=on" : "",
		      s->deflate_on_oom ? ",deflate-on-oom=on" : "");
}

/* Sparse by design: it takes host memory only where the guest uses its own. */
static void add_virtio_mem(struct fl_strv *a, const struct fl_guest_spec *s)
{
	if (!s->virtio_mem)
		return;
	fl_strv_push(a, "-object");
	fl_strv_pushf(a, "memory-backend-ram,id=vmem-ram,size=%" PRIu64 "k,reserve=off",
		      s->virtio_mem / 1024);
	fl_strv_push(a, "-device");
	fl_strv_pushf(a, "virtio-mem-pci,id=vmem0,memdev=vmem-ram,addr=0x6,node=%u",
		      s->virtio_mem_node);
}

static void add_devices(struct fl_strv *a, const struct fl_guest_config *c,
			const struct fl_qemu_fds *fds)
{
	bool microvm = fl_guest_machine(&c->spec) == FL_MACHINE_MICROVM;

	fl_strv_push(a, "-chardev");
	push_path_option(a, "file,id=console,path=", c->dir, "console.log");
	fl_strv_push(a, "-serial");
	fl_strv_push(a, "chardev:console");
	fl_strv_push(a, "-chardev");
	fl_strv_pushf(a, "socket,id=qmp,fd=%d", fds->qmp);
	fl_strv_push(a, "-mon");
	fl_strv_push(a, "chardev=qmp,mode=control");
	fl_strv_push(a, "-chardev");
	fl_strv_pushf(a, "socket,id=port,fd=%d", fds->port);
	fl_strv_push(a, "-device");
	fl_strv_push(a, microvm ? "virtio-serial-device,max_ports=2"
				: "virtio-serial-pci,max_ports=2,addr=0x4");
	fl_strv_push(a, "-device");
	fl_strv_push(a, "virtserialport,chardev=port,name=org.faultline.0");
}

/*
 * loglevel 5 shows warnings and above: what console.c knows.  panic=-1 reboots
 * at once, which -no-reboot ends.  tsc=reliable spares the clock watchdog.
 * tsc_early_khz spares the calibration against the PIT: on a busy host it
 * fails now and then, and a microvm has no other clock and stops right there
 * (2 of 60 boots).  KVM tells its guests the frequency.
 */
static void add_kernel(struct fl_strv *a, const struct fl_guest_config *c)
{
	static const char words[] = "console=ttyS0 loglevel=5 panic=-1 reboot=t tsc=reliable "
				    "no_timer_check random.trust_cpu=on";
	bool exact = c->spec.clock == FL_CLOCK_INSTRUCTIONS;
	const char *placed = exact       ? " nokaslr norandmaps faultline.exact"
			     : c->stalls ? " nokaslr" /* System.map holds */
					 : "";
	unsigned int khz = exact ? EXACT_TSC_KHZ : c->accel == FL_ACCEL_TCG ? c->tsc_khz : 0;
	cleanup_free char *tsc = khz ? fl_asprintf(" tsc_early_khz=%u", khz) : fl_strdup("");

	fl_strv_push(a, "-kernel");
	fl_strv_push(a, c->kernel);
	fl_strv_push(a, "-initrd");
	fl_strv_push(a, c->image);
	fl_strv_push(a, "-append");
	fl_strv_pushf(a, "%s%s%s%s%s%s%s", words, tsc, placed, c->spec.cmdline ? " " : "",
		      c->spec.cmdline ? c->spec.cmdline : "",
		      c->cmdline && c->cmdline[0] ? " " : "", c->cmdline ? c->cmdline : "");
}

void fl_qemu_arguments(struct fl_strv *a, const struct fl_guest_config *c,
		       const struct fl_qemu_fds *fds)
{
	fl_strv_push(a, "qemu-system-x86_64");
	fl_strv_push(a, "-nodefaults");
	fl_strv_push(a, "-no-user-config");
	fl_strv_push(a, "-no-reboot");
	fl_strv_push(a, "-display");
	fl_strv_push(a, "none");
	add_machine(a, c);
	add_clock(a, c);
	add_memory(a, &c->spec);
	add_devices(a, c, fds);
	add_balloon(a, &c->spec);
	add_virtio_mem(a, &c->spec);
	add_script(a, c, fds);
	add_plugin(a, c);
	add_stalls(a, c);
	add_kernel(a, c);
}
