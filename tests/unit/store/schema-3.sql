-- SPDX-License-Identifier: GPL-2.0
-- What a Faultline of schema 3 left of one run; most of its profile is cut out.
PRAGMA user_version = 3;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE run (
	id              INTEGER PRIMARY KEY,
	name            TEXT NOT NULL UNIQUE,   -- EXPERIMENT-YYYYMMDD-HHMMSS
	experiment      TEXT NOT NULL,
	about           TEXT,                   -- the question, from the experiment's file
	verdict         TEXT,                   -- what the table must show, from the file
	created         TEXT NOT NULL,          -- 2026-11-20T20:15:00Z
	state           TEXT NOT NULL DEFAULT 'running', -- running, done, interrupted, failed
	experiment_text TEXT NOT NULL,          -- the file as it was read
	arguments       TEXT NOT NULL,          -- command line that repeats the run
	machine         TEXT NOT NULL,          -- JSON: cpu, topology, memory, kernel, qemu, accelerator
	clock           TEXT NOT NULL,          -- real, instructions
	timebase        TEXT NOT NULL,          -- hardware, tcg (emulated time), insn
	seed            INTEGER NOT NULL,       -- of the order of points and of the guests
	points          INTEGER NOT NULL,       -- planned
	gate            TEXT                    -- of a nightly run: first, good, regressed; else NULL
);
INSERT INTO run VALUES(1,'small-20261127-222725','small','a real run of schema 3',NULL,'2026-11-27T22:27:25Z','done',replace('[experiment]\nname = small\nabout = a real run of schema 3\nkernel = stock\nrepeat = 1\n[guest]\nmemory = 512m\ncpus = 1\n[workload pf]\nrun = page_fault1 -t 1 --passes 1 --latency @latency@\n','\n',char(10)),'run /tmp/results.ini --clock instructions','{"cpu":"AMD EPYC","packages":1,"cores":2,"threads":2,"numa_nodes":1,"memory_kib":24683656,"kernel":"6.18.44-fc-v782","thp":"always [madvise] never","thp_size":"2097152","thp_defrag":"always defer defer+madvise [madvise] never","qemu":"QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)","accelerator":"tcg","accelerator_reason":"tcg: the instruction clock is TCG''s"}','instructions','insn',8488189321893407229,1,NULL);
CREATE TABLE point (
	id              INTEGER PRIMARY KEY,
	run             INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
	number          INTEGER NOT NULL,       -- 1.., in table order, whatever the order of running
	repeat          INTEGER NOT NULL,       -- 1..
	status          TEXT NOT NULL,          -- ok failed corrupt oom panic hang lost skipped
	reason          TEXT,                   -- one line, where not ok
	kernel          TEXT NOT NULL,          -- name or path as asked for
	kernel_release  TEXT,                   -- uname -r of the guest
	workload_name   TEXT NOT NULL,
	workload        TEXT NOT NULL,          -- the command
	created         TEXT NOT NULL,
	wall_s          REAL NOT NULL,          -- the whole point, on the harness's clock
	clock_error_ns  REAL NOT NULL,          -- bound of the guest-to-host clock mapping
	command         TEXT,                   -- QEMU's command line
	start           TEXT NOT NULL DEFAULT 'boot', -- boot, or restore: from a template
	UNIQUE (run, number)
);
INSERT INTO point VALUES(1,1,1,1,'ok',NULL,'stock','6.12.117','pf','page_fault1 -t 1 --passes 1 --latency @latency@','2026-11-27T22:27:34Z',8.2594519650000002286,0.0,'qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -machine microvm,rtc=on,memory-backend=ram0 -accel tcg,thread=single,tb-size=64 -cpu Nehalem,check=off -smp 1,sockets=1,cores=1,threads=1 -icount shift=0,sleep=off -seed 1 -rtc base=2020-01-01T00:00:00,clock=vm -m 524288k -object memory-backend-ram,id=ram0,size=524288k -chardev file,id=console,path=/tmp/results/small-20261127-222725/point-0001/console.log -serial chardev:console -chardev socket,id=qmp,fd=9 -mon chardev=qmp,mode=control -chardev socket,id=port,fd=12 -device virtio-serial-device,max_ports=2 -device virtserialport,chardev=port,name=org.faultline.0 -fw_cfg name=opt/org.faultline/script,file=/tmp/results/small-20261127-222725/point-0001/script -device pvpanic,ioport=0x505 -action panic=pause -incoming fd:7 -plugin file=/usr/local/lib/faultline/profile.so,symbols=/var/cache/faultline/kernels/stock-4cc00fb762f2/System.map,out=/tmp/results/small-20261127-222725/point-0001/profile -kernel /var/cache/faultline/kernels/stock-4cc00fb762f2/vmlinux -initrd /var/cache/faultline/images/69ade1b25f310858.cpio -append ''console=ttyS0 loglevel=5 panic=-1 reboot=t tsc=reliable no_timer_check random.trust_cpu=on tsc_early_khz=1000000 nokaslr norandmaps faultline.exact''','restore');
CREATE TABLE setting (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	value           TEXT NOT NULL,
	PRIMARY KEY (point, name)
) WITHOUT ROWID;
CREATE TABLE metric (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	value           REAL NOT NULL,
	unit            TEXT NOT NULL,
	PRIMARY KEY (point, name)
) WITHOUT ROWID;
INSERT INTO metric VALUES(1,'balloon_deflate',0.0,'count');
INSERT INTO metric VALUES(1,'balloon_inflate',0.0,'count');
INSERT INTO metric VALUES(1,'balloon_migrate',0.0,'count');
INSERT INTO metric VALUES(1,'collapse_alloc',0.0,'count');
INSERT INTO metric VALUES(1,'compact_stall',0.0,'count');
INSERT INTO metric VALUES(1,'direct_reclaims',0.0,'count');
INSERT INTO metric VALUES(1,'fault_count',33075.0,'count');
INSERT INTO metric VALUES(1,'fault_latency_max',130329.0,'insn');
INSERT INTO metric VALUES(1,'fault_latency_mean',3161.8050391389433571,'insn');
INSERT INTO metric VALUES(1,'fault_latency_p50',2707.3682537026188582,'insn');
INSERT INTO metric VALUES(1,'fault_latency_p90',2715.5648241206031344,'insn');
INSERT INTO metric VALUES(1,'fault_latency_p99',12675.970071942445428,'insn');
INSERT INTO metric VALUES(1,'fault_latency_p999',65449.471999999950639,'insn');
INSERT INTO metric VALUES(1,'fault_latency_p9999',128511.24758260868838,'insn');
INSERT INTO metric VALUES(1,'free_latency_mean',1036.19085693359375,'insn');
INSERT INTO metric VALUES(1,'guest_anon_huge_end',0.0,'KiB');
INSERT INTO metric VALUES(1,'guest_anon_huge_peak',0.0,'KiB');
INSERT INTO metric VALUES(1,'guest_available_delta',53848.0,'KiB');
INSERT INTO metric VALUES(1,'guest_free_delta',53872.0,'KiB');
INSERT INTO metric VALUES(1,'guest_free_huge_end',403456.0,'KiB');
INSERT INTO metric VALUES(1,'guest_free_lost',196.0,'KiB');
INSERT INTO metric VALUES(1,'guest_page_tables_peak',28.0,'KiB');
INSERT INTO metric VALUES(1,'guest_private_dirty_peak',1248.0,'KiB');
INSERT INTO metric VALUES(1,'guest_rss_end',1252.0,'KiB');
INSERT INTO metric VALUES(1,'guest_rss_peak',1252.0,'KiB');
INSERT INTO metric VALUES(1,'guest_swap_used_peak',0.0,'KiB');
INSERT INTO metric VALUES(1,'host_anon_huge_end',196608.0,'KiB');
INSERT INTO metric VALUES(1,'host_anon_huge_peak',196608.0,'KiB');
INSERT INTO metric VALUES(1,'host_cpu_time_us',1360000.0,'count');
INSERT INTO metric VALUES(1,'host_lazy_free_end',0.0,'KiB');
INSERT INTO metric VALUES(1,'host_process_rss_peak',258896.0,'KiB');
INSERT INTO metric VALUES(1,'host_rss_end',196608.0,'KiB');
INSERT INTO metric VALUES(1,'host_rss_peak',196608.0,'KiB');
INSERT INTO metric VALUES(1,'khugepaged_full_scans',0.0,'count');
INSERT INTO metric VALUES(1,'memcg_anon_huge_peak',0.0,'KiB');
INSERT INTO metric VALUES(1,'memcg_anon_peak',84.0,'KiB');
INSERT INTO metric VALUES(1,'memcg_charge_end',400.0,'KiB');
INSERT INTO metric VALUES(1,'memcg_charge_mean',200.0,'KiB');
INSERT INTO metric VALUES(1,'memcg_charge_peak',132352.0,'KiB');
INSERT INTO metric VALUES(1,'memcg_page_tables_peak',28.0,'KiB');
INSERT INTO metric VALUES(1,'oom_kills',0.0,'count');
INSERT INTO metric VALUES(1,'page_faults',33083.0,'count');
INSERT INTO metric VALUES(1,'pressure_full',0.0,'kinsn');
INSERT INTO metric VALUES(1,'pressure_some',0.0,'kinsn');
INSERT INTO metric VALUES(1,'promotions_copy',0.0,'count');
INSERT INTO metric VALUES(1,'promotions_khugepaged',0.0,'count');
INSERT INTO metric VALUES(1,'reclaimed_anon',0.0,'count');
INSERT INTO metric VALUES(1,'reclaimed_direct',0.0,'count');
INSERT INTO metric VALUES(1,'reclaimed_file',0.0,'count');
INSERT INTO metric VALUES(1,'reclaimed_kswapd',0.0,'count');
INSERT INTO metric VALUES(1,'refaults_file',0.0,'count');
INSERT INTO metric VALUES(1,'region_count',64.0,'count');
INSERT INTO metric VALUES(1,'region_latency_max',129794.0,'insn');
INSERT INTO metric VALUES(1,'region_latency_mean',6343.0781249999999998,'insn');
INSERT INTO metric VALUES(1,'region_latency_p50',4041.7297297297295698,'insn');
INSERT INTO metric VALUES(1,'region_latency_p90',4047.8000000000001817,'insn');
INSERT INTO metric VALUES(1,'region_latency_p99',129794.0,'insn');
INSERT INTO metric VALUES(1,'region_latency_p999',129794.0,'insn');
INSERT INTO metric VALUES(1,'region_latency_p9999',129794.0,'insn');
INSERT INTO metric VALUES(1,'sample_cost',0.71927258024130247271,'%');
INSERT INTO metric VALUES(1,'sample_count',2.0,'count');
INSERT INTO metric VALUES(1,'splits_page',0.0,'count');
INSERT INTO metric VALUES(1,'splits_pmd',0.0,'count');
INSERT INTO metric VALUES(1,'splits_underused',0.0,'count');
INSERT INTO metric VALUES(1,'survived',1.0,'count');
INSERT INTO metric VALUES(1,'swap_in',0.0,'count');
INSERT INTO metric VALUES(1,'swap_out',0.0,'count');
INSERT INTO metric VALUES(1,'thp_fault_alloc',0.0,'count');
INSERT INTO metric VALUES(1,'thp_fault_fallback',0.0,'count');
INSERT INTO metric VALUES(1,'touch_count',32768.0,'count');
INSERT INTO metric VALUES(1,'touch_latency_mean',3168.0184631347656249,'insn');
INSERT INTO metric VALUES(1,'touch_rate',233193.23520999233004,'1/Ginsn');
INSERT INTO metric VALUES(1,'workload_maxrss',132040.0,'KiB');
INSERT INTO metric VALUES(1,'workload_system_time',138613000.0,'insn');
INSERT INTO metric VALUES(1,'workload_time',147228885.0,'insn');
INSERT INTO metric VALUES(1,'workload_user_time',8697000.0,'insn');
CREATE TABLE series (
	id              INTEGER PRIMARY KEY,
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	unit            TEXT NOT NULL,
	UNIQUE (point, name)
);
INSERT INTO series VALUES(1,1,'guest_free_huge','KiB');
INSERT INTO series VALUES(2,1,'host_anon_huge','KiB');
INSERT INTO series VALUES(3,1,'host_lazy_free','KiB');
INSERT INTO series VALUES(4,1,'host_process_rss','KiB');
INSERT INTO series VALUES(5,1,'host_rss','KiB');
INSERT INTO series VALUES(6,1,'host_cpu_time','count');
INSERT INTO series VALUES(7,1,'promotions_khugepaged','count');
INSERT INTO series VALUES(8,1,'guest_available','KiB');
INSERT INTO series VALUES(9,1,'guest_free','KiB');
INSERT INTO series VALUES(10,1,'guest_hugetlb','KiB');
INSERT INTO series VALUES(11,1,'guest_swap_free','KiB');
INSERT INTO series VALUES(12,1,'guest_total','KiB');
INSERT INTO series VALUES(13,1,'memcg_charge','KiB');
INSERT INTO series VALUES(14,1,'memcg_anon','KiB');
INSERT INTO series VALUES(15,1,'memcg_anon_huge','KiB');
INSERT INTO series VALUES(16,1,'guest_anon_huge','KiB');
INSERT INTO series VALUES(17,1,'guest_lazy_free','KiB');
INSERT INTO series VALUES(18,1,'guest_private_dirty','KiB');
INSERT INTO series VALUES(19,1,'guest_rss','KiB');
INSERT INTO series VALUES(20,1,'guest_swap','KiB');
INSERT INTO series VALUES(21,1,'guest_page_tables','KiB');
INSERT INTO series VALUES(22,1,'balloon_inflate','count');
INSERT INTO series VALUES(23,1,'balloon_migrate','count');
INSERT INTO series VALUES(24,1,'guest_memmap','KiB');
INSERT INTO series VALUES(25,1,'pgsteal_file','count');
INSERT INTO series VALUES(26,1,'thp_collapse_alloc','count');
INSERT INTO series VALUES(27,1,'thp_fault_alloc','count');
INSERT INTO series VALUES(28,1,'thp_fault_fallback','count');
INSERT INTO series VALUES(29,1,'thp_split_page','count');
INSERT INTO series VALUES(30,1,'thp_split_pmd','count');
INSERT INTO series VALUES(31,1,'guest_free_movable','KiB');
INSERT INTO series VALUES(32,1,'guest_free_node0','KiB');
CREATE TABLE sample (
	series          INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
	t_ns            INTEGER NOT NULL,
	value           REAL NOT NULL,
	PRIMARY KEY (series, t_ns)
) WITHOUT ROWID;
INSERT INTO sample VALUES(1,0,456704.0);
INSERT INTO sample VALUES(1,2046585208,403456.0);
INSERT INTO sample VALUES(2,0,79872.0);
INSERT INTO sample VALUES(2,2046911528,196608.0);
INSERT INTO sample VALUES(3,0,0.0);
INSERT INTO sample VALUES(3,2046911528,0.0);
INSERT INTO sample VALUES(4,0,128680.0);
INSERT INTO sample VALUES(4,2046911528,258896.0);
INSERT INTO sample VALUES(5,0,79872.0);
INSERT INTO sample VALUES(5,2046911528,196608.0);
INSERT INTO sample VALUES(6,0,260000.0);
INSERT INTO sample VALUES(6,2046911528,1620000.0);
INSERT INTO sample VALUES(7,0,0.0);
INSERT INTO sample VALUES(7,2046585208,0.0);
INSERT INTO sample VALUES(8,0,461412.0);
INSERT INTO sample VALUES(8,2046585208,407564.0);
INSERT INTO sample VALUES(9,0,465404.0);
INSERT INTO sample VALUES(9,2046585208,411532.0);
INSERT INTO sample VALUES(10,0,0.0);
INSERT INTO sample VALUES(10,2046585208,0.0);
INSERT INTO sample VALUES(11,0,0.0);
INSERT INTO sample VALUES(11,2046585208,0.0);
INSERT INTO sample VALUES(12,0,499312.0);
INSERT INTO sample VALUES(12,2046585208,499312.0);
INSERT INTO sample VALUES(13,0,0.0);
INSERT INTO sample VALUES(13,2046585208,400.0);
INSERT INTO sample VALUES(14,0,0.0);
INSERT INTO sample VALUES(14,2046585208,84.0);
INSERT INTO sample VALUES(15,0,0.0);
INSERT INTO sample VALUES(15,2046585208,0.0);
INSERT INTO sample VALUES(16,2046585208,0.0);
INSERT INTO sample VALUES(17,2046585208,0.0);
INSERT INTO sample VALUES(18,2046585208,1248.0);
INSERT INTO sample VALUES(19,2046585208,1252.0);
INSERT INTO sample VALUES(20,2046585208,0.0);
INSERT INTO sample VALUES(21,2046585208,28.0);
INSERT INTO sample VALUES(22,0,0.0);
INSERT INTO sample VALUES(22,2046585208,0.0);
INSERT INTO sample VALUES(23,0,0.0);
INSERT INTO sample VALUES(23,2046585208,0.0);
INSERT INTO sample VALUES(24,0,0.0);
INSERT INTO sample VALUES(24,2046585208,0.0);
INSERT INTO sample VALUES(25,0,0.0);
INSERT INTO sample VALUES(25,2046585208,0.0);
INSERT INTO sample VALUES(26,0,0.0);
INSERT INTO sample VALUES(26,2046585208,0.0);
INSERT INTO sample VALUES(27,0,0.0);
INSERT INTO sample VALUES(27,2046585208,0.0);
INSERT INTO sample VALUES(28,0,0.0);
INSERT INTO sample VALUES(28,2046585208,0.0);
INSERT INTO sample VALUES(29,0,0.0);
INSERT INTO sample VALUES(29,2046585208,0.0);
INSERT INTO sample VALUES(30,0,0.0);
INSERT INTO sample VALUES(30,2046585208,0.0);
INSERT INTO sample VALUES(31,0,0.0);
INSERT INTO sample VALUES(31,2046585208,0.0);
INSERT INTO sample VALUES(32,0,470784.0);
INSERT INTO sample VALUES(32,2046585208,470496.0);
CREATE TABLE stack (
	id              INTEGER PRIMARY KEY,
	text            TEXT NOT NULL UNIQUE
);
INSERT INTO stack VALUES(1,'');
INSERT INTO stack VALUES(2,'asm_exc_page_fault');
INSERT INTO stack VALUES(3,'asm_exc_page_fault;common_interrupt_return');
INSERT INTO stack VALUES(4,'asm_exc_page_fault;error_entry');
INSERT INTO stack VALUES(5,'asm_exc_page_fault;error_return');
INSERT INTO stack VALUES(6,'asm_exc_page_fault;exc_page_fault');
INSERT INTO stack VALUES(7,'asm_exc_page_fault;exc_page_fault;access_error');
INSERT INTO stack VALUES(8,'asm_exc_page_fault;exc_page_fault;asm_sysvec_apic_timer_interrupt');
INSERT INTO stack VALUES(9,'asm_exc_page_fault;exc_page_fault;asm_sysvec_apic_timer_interrupt;error_entry');
INSERT INTO stack VALUES(10,'asm_exc_page_fault;exc_page_fault;asm_sysvec_apic_timer_interrupt;error_return');
INSERT INTO stack VALUES(11,'asm_exc_page_fault;exc_page_fault;asm_sysvec_apic_timer_interrupt;irqentry_exit');
INSERT INTO stack VALUES(12,'asm_exc_page_fault;exc_page_fault;asm_sysvec_apic_timer_interrupt;restore_regs_and_return_to_kernel');
CREATE TABLE profile (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	stack           INTEGER NOT NULL REFERENCES stack(id),
	insns           INTEGER NOT NULL,       -- in its last function alone
	PRIMARY KEY (point, stack)
) WITHOUT ROWID;
INSERT INTO profile VALUES(1,1,33058);
INSERT INTO profile VALUES(1,2,297522);
INSERT INTO profile VALUES(1,3,661060);
INSERT INTO profile VALUES(1,4,1190123);
INSERT INTO profile VALUES(1,5,99169);
INSERT INTO profile VALUES(1,6,3371345);
INSERT INTO profile VALUES(1,7,826367);
INSERT INTO profile VALUES(1,8,8);
INSERT INTO profile VALUES(1,9,43);
INSERT INTO profile VALUES(1,10,2);
INSERT INTO profile VALUES(1,11,7);
INSERT INTO profile VALUES(1,12,17);
CREATE TABLE test_case (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	number          INTEGER NOT NULL,       -- KTAP's
	outcome         TEXT NOT NULL,          -- pass, fail, skip
	detail          TEXT NOT NULL,          -- the test's words, or why it was skipped
	PRIMARY KEY (point, name)
) WITHOUT ROWID;
CREATE TABLE bucket (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	class           TEXT NOT NULL,
	low             REAL NOT NULL,
	high            REAL NOT NULL,
	count           INTEGER NOT NULL,
	PRIMARY KEY (point, class, low)
) WITHOUT ROWID;
INSERT INTO bucket VALUES(1,'base',2706.0,2726.0,30124);
INSERT INTO bucket VALUES(1,'base',2728.0,2744.0,975);
INSERT INTO bucket VALUES(1,'base',2856.0,2870.0,477);
INSERT INTO bucket VALUES(1,'base',2878.0,2886.0,15);
INSERT INTO bucket VALUES(1,'base',4536.0,4568.0,12);
INSERT INTO bucket VALUES(1,'base',4592.0,4596.0,1);
INSERT INTO bucket VALUES(1,'base',4976.0,5000.0,3);
INSERT INTO bucket VALUES(1,'base',6552.0,6556.0,1);
INSERT INTO bucket VALUES(1,'base',6648.0,6652.0,1);
INSERT INTO bucket VALUES(1,'base',8520.0,8528.0,1);
INSERT INTO bucket VALUES(1,'base',10440.0,10448.0,1);
INSERT INTO bucket VALUES(1,'base',10624.0,10632.0,1);
INSERT INTO bucket VALUES(1,'base',12120.0,12128.0,1);
INSERT INTO bucket VALUES(1,'base',12656.0,12720.0,1037);
INSERT INTO bucket VALUES(1,'base',12800.0,12856.0,15);
INSERT INTO bucket VALUES(1,'base',14176.0,14184.0,1);
INSERT INTO bucket VALUES(1,'base',14504.0,14544.0,2);
INSERT INTO bucket VALUES(1,'base',14648.0,14656.0,1);
INSERT INTO bucket VALUES(1,'base',18480.0,18496.0,1);
INSERT INTO bucket VALUES(1,'base',34176.0,34208.0,1);
INSERT INTO bucket VALUES(1,'base',65440.0,65472.0,1);
INSERT INTO bucket VALUES(1,'base',128320.0,128512.0,29);
INSERT INTO bucket VALUES(1,'base',130240.0,130368.0,3);
INSERT INTO bucket VALUES(1,'region',4040.0,4048.0,58);
INSERT INTO bucket VALUES(1,'region',4188.0,4192.0,2);
INSERT INTO bucket VALUES(1,'region',5332.0,5336.0,1);
INSERT INTO bucket VALUES(1,'region',14000.0,14016.0,2);
INSERT INTO bucket VALUES(1,'region',129792.0,129856.0,1);
COMMIT;
