/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/guest/qemu.h"

static bool has(const struct fl_strv *a, const char *option, const char *value)
{
	for (size_t i = 0; i + 1 < a->n; i++)
		if (!strcmp(a->v[i], option) && strstr(a->v[i + 1], value))
			return true;
	return false;
}

static struct fl_strv arguments(const struct fl_guest_spec *spec, enum fl_accel accel)
{
	struct fl_guest_config c = {
		.spec = *spec, .accel = accel, .kernel = "/k", .image = "/i", .dir = "/d"
	};
	struct fl_qemu_fds fds = { 3, 4, -1 };
	struct fl_strv a = { 0 };

	fl_qemu_arguments(&a, &c, &fds);
	return a;
}

Test(qemu, a_small_guest_is_a_microvm)
{
	struct fl_guest_spec spec = { .memory = 1ull << 30, .cpus = 1, .numa = 1 };
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect(has(&a, "-machine", "microvm"));
	cr_expect(has(&a, "-accel", "tcg,thread=single,tb-size"));
	cr_expect(has(&a, "-object", "memory-backend-ram,id=ram0,size=1048576k"));
	cr_expect_not(has(&a, "-icount", ""));
	fl_strv_release(&a);
}

Test(qemu, numa_nodes_share_cpus_and_memory)
{
	struct fl_guest_spec spec = {
		.memory = 2ull << 30, .cpus = 4, .numa = 2, .numa_distance = 30
	};
	struct fl_strv a = arguments(&spec, FL_ACCEL_KVM);

	cr_expect(has(&a, "-machine", "q35"));
	cr_expect(has(&a, "-numa", "node,nodeid=0,memdev=ram0,cpus=0-1"));
	cr_expect(has(&a, "-numa", "node,nodeid=1,memdev=ram1,cpus=2-3"));
	cr_expect(has(&a, "-numa", "dist,src=0,dst=1,val=30"));
	cr_expect(has(&a, "-cpu", "host"));
	fl_strv_release(&a);
}

Test(qemu, the_instruction_clock_pins_all_that_varies)
{
	struct fl_guest_spec spec = {
		.memory = 1ull << 30, .cpus = 1, .numa = 1, .clock = FL_CLOCK_INSTRUCTIONS
	};
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect(has(&a, "-icount", "shift=0,sleep=off"));
	cr_expect(has(&a, "-seed", "1"));
	cr_expect(has(&a, "-fw_cfg", "org.faultline/script,file=/d/script"));
	cr_expect_not(has(&a, "-incoming", ""));
	cr_expect(has(&a, "-rtc", "clock=vm"));
	cr_expect(has(&a, "-append", "nokaslr norandmaps"));
	cr_expect_not(has(&a, "-cpu", "max"));
	fl_strv_release(&a);
}

Test(qemu, uneven_nodes_add_up_to_the_whole)
{
	struct fl_guest_spec spec = { .memory = 1000ull << 20, .cpus = 2, .numa = 3 };
	uint64_t sum = 0;

	for (unsigned int i = 0; i < 3; i++) {
		cr_expect_eq(fl_qemu_node_memory(&spec, i) % (2ull << 20), 0);
		sum += fl_qemu_node_memory(&spec, i);
	}
	cr_expect_eq(sum, spec.memory);
	spec.numa = 1;
	cr_expect_eq(fl_qemu_node_memory(&spec, 0), spec.memory);
}

Test(qemu, a_comma_in_the_folder_ends_no_option)
{
	struct fl_guest_config c = { .spec = { .memory = 1ull << 30, .cpus = 1, .numa = 1 },
				     .kernel = "/k",
				     .image = "/i",
				     .dir = "/a,b" };
	struct fl_qemu_fds fds = { 3, 4, -1 };
	struct fl_strv a = { 0 };

	fl_qemu_arguments(&a, &c, &fds);
	cr_expect(has(&a, "-chardev", "path=/a,,b/console.log"));
	fl_strv_release(&a);
}

Test(qemu, a_comma_takes_no_profile_away)
{
	struct fl_guest_config c = { .spec = { .memory = 1ull << 30,
					       .cpus = 1,
					       .numa = 1,
					       .clock = FL_CLOCK_INSTRUCTIONS },
				     .kernel = "/k",
				     .image = "/i",
				     .dir = "/a,b",
				     .plugin = "/c,d/profile.so",
				     .symbols = "/e,f/System.map" };
	struct fl_qemu_fds fds = { 3, 4, -1 };
	struct fl_strv a = { 0 }, followed = { 0 };

	fl_qemu_arguments(&a, &c, &fds);
	cr_expect(has(&a, "-plugin",
		      "file=/c,,d/profile.so,symbols=/e,,f/System.map,out=/a,,b/profile"));
	fl_strv_release(&a);
	fl_strv_push(&followed, "kernel_clone");
	fl_strv_push(&followed, "all");
	c.followed = &followed;
	fl_qemu_arguments(&a, &c, &fds);
	cr_expect(has(&a, "-plugin",
		      "file=/c,,d/profile.so,symbols=/e,,f/System.map,out=/a,,b/profile,"
		      "follow=kernel_clone,follow=all"));
	fl_strv_release(&a);
	fl_strv_release(&followed);
}

Test(qemu, stalls_need_a_kernel_at_its_place)
{
	struct fl_guest_config c = { .spec = { .memory = 1ull << 30, .cpus = 2, .numa = 1 },
				     .kernel = "/k",
				     .image = "/i",
				     .dir = "/a,b",
				     .stall_plugin = "/c,d/stall.so" };
	struct fl_qemu_fds fds = { 3, 4, -1 };
	struct fl_strv a = { 0 };

	fl_qemu_arguments(&a, &c, &fds);
	cr_expect_eq(fl_strv_find(&a, "-plugin"), a.n);
	cr_expect_null(strstr(a.v[a.n - 1], "nokaslr"));
	fl_strv_release(&a);
	c.stalls = "toggle=f,seed=1,stall=1000:1:ff";
	fl_qemu_arguments(&a, &c, &fds);
	cr_expect(has(&a, "-plugin",
		      "file=/c,,d/stall.so,out=/a,,b/stalls,toggle=f,seed=1,stall=1000:1:ff"));
	cr_expect_not_null(strstr(a.v[a.n - 1], "nokaslr"));
	fl_strv_release(&a);
}

Test(qemu, the_guest_is_told_its_clock)
{
	struct fl_guest_config c = { .spec = { .memory = 1ull << 30, .cpus = 1, .numa = 1 },
				     .accel = FL_ACCEL_TCG,
				     .kernel = "/k",
				     .image = "/i",
				     .dir = "/d",
				     .tsc_khz = 2500000 };
	struct fl_qemu_fds fds = { 3, 4, -1 };
	struct fl_strv a = { 0 };

	fl_qemu_arguments(&a, &c, &fds);
	cr_expect(has(&a, "-append", "tsc_early_khz=2500000"));
	fl_strv_release(&a);
	a = (struct fl_strv){ 0 };
	c.accel = FL_ACCEL_KVM;
	fl_qemu_arguments(&a, &c, &fds);
	cr_expect_not(has(&a, "-append", "tsc_early_khz"), "KVM tells it itself");
	fl_strv_release(&a);
	a = (struct fl_strv){ 0 };
	c.accel = FL_ACCEL_TCG;
	c.spec.clock = FL_CLOCK_INSTRUCTIONS;
	fl_qemu_arguments(&a, &c, &fds);
	cr_expect(has(&a, "-append", "tsc_early_khz=1000000"));
	cr_expect(has(&a, "-append", "faultline.exact"));
	fl_strv_release(&a);
}

Test(qemu, a_balloon_that_deflates_on_oom)
{
	struct fl_guest_spec spec = {
		.memory = 1ull << 30, .cpus = 1, .numa = 1, .deflate_on_oom = true
	};
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect(has(&a, "-device", "virtio-balloon-device,id=balloon0,deflate-on-oom=on"));
	fl_strv_release(&a);
}

Test(qemu, a_balloon_is_there_when_steps_move_it)
{
	struct fl_guest_spec spec = { .memory = 1ull << 30, .cpus = 1, .numa = 1 };
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect_not(has(&a, "-device", "balloon"));
	fl_strv_release(&a);
	spec.balloon = true;
	a = arguments(&spec, FL_ACCEL_TCG);
	cr_expect(has(&a, "-device", "virtio-balloon-device"));
	cr_expect_not(has(&a, "-device", "free-page-reporting"));
	fl_strv_release(&a);
	spec.free_page_reporting = true;
	spec.machine = FL_MACHINE_Q35;
	a = arguments(&spec, FL_ACCEL_TCG);
	cr_expect(has(&a, "-device", "virtio-balloon-pci"));
	cr_expect(has(&a, "-device", "free-page-reporting=on"));
	fl_strv_release(&a);
}

Test(qemu, memory_that_comes_needs_slots_and_a_q35)
{
	struct fl_guest_spec spec = {
		.memory = 1ull << 30,
		.cpus = 1,
		.numa = 1,
		.hotplug_memory = 256ull << 20,
		.hotplug_slots = 2,
	};
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect(has(&a, "-machine", "q35"));
	cr_expect(has(&a, "-m", "1048576k,slots=2,maxmem=5505024k"));
	fl_strv_release(&a);
}

Test(qemu, memory_block_by_block)
{
	struct fl_guest_spec spec = {
		.memory = 1ull << 30, .cpus = 1, .numa = 1, .virtio_mem = 60ull << 30
	};
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect(has(&a, "-machine", "q35"));
	cr_expect(has(&a, "-m", "1048576k,slots=0,maxmem=68157440k"));
	cr_expect(has(&a, "-object", "id=vmem-ram,size=62914560k,reserve=off"));
	cr_expect(has(&a, "-device", "virtio-mem-pci,id=vmem0,memdev=vmem-ram"));
	fl_strv_release(&a);
}

Test(qemu, memory_that_the_host_need_not_have)
{
	struct fl_guest_spec spec = {
		.memory = 80ull << 30, .backed = 4ull << 30, .cpus = 1, .numa = 1
	};
	struct fl_strv a = arguments(&spec, FL_ACCEL_TCG);

	cr_expect(has(&a, "-object", "size=83886080k,reserve=off"));
	fl_strv_release(&a);
}
