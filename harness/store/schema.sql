-- SPDX-License-Identifier: GPL-2.0
-- results/faultline.db: all that was measured.  PRAGMA user_version is the schema's version.
-- Times of day are UTC text; t_ns counts from the workload's start on one time line for guest and
-- host; a metric's unit carries its clock (ns, ns-tcg, insn).

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
	timebase        TEXT NOT NULL,          -- hardware, tcg (emulated time), insn, tcg-multi (emulated CPUs at once)
	seed            INTEGER NOT NULL,       -- of the order of points and of the guests
	points          INTEGER NOT NULL,       -- planned
	gate            TEXT                    -- of a nightly run: first, good, regressed; else NULL
);

-- What the experiment's file calls a kernel, and which kernel was that one in this run.
CREATE TABLE role (
	run             INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
	number          INTEGER NOT NULL,       -- 0.., in the file's order: the base first
	name            TEXT NOT NULL,          -- of the file: stock, patched
	kernel          TEXT NOT NULL,          -- point.kernel
	PRIMARY KEY (run, number)
) WITHOUT ROWID;

-- A kernel's configuration: lines CONFIG_X=... and "# CONFIG_X is not set", no others.
CREATE TABLE config (
	hash            TEXT PRIMARY KEY,       -- SHA-256 of the text
	text            TEXT NOT NULL
);

-- A kernel as it was built, once however many points booted it.  What is not known is NULL: of a
-- file of the user's, all but path, file_hash, and what the file or the folder says of its
-- configuration and compiler.
CREATE TABLE build (
	id              INTEGER PRIMARY KEY,
	hash            TEXT NOT NULL UNIQUE,   -- SHA-256 of what follows
	path            TEXT,                   -- the file that was booted
	file_hash       TEXT,                   -- SHA-256 of it
	name            TEXT,                   -- of guest/kernel/build.sh
	source          TEXT,                   -- the tree: a folder, or Debian's package
	base            TEXT,                   -- version of the source: 6.12.117
	"commit"        TEXT,                   -- of the tree
	dirty           TEXT,                   -- yes: the tree had changes besides; no
	series          TEXT,                   -- names of patch series on it; '': none
	series_hash     TEXT,                   -- SHA-256 of their patches
	fragments       TEXT,                   -- configuration fragments, in order
	compiler        TEXT,
	taken           TEXT,                   -- options in place of a fragment's first choice
	config_hash     TEXT REFERENCES config(hash)
);

-- The initramfs of a guest, and each file in it.
CREATE TABLE image (
	id              INTEGER PRIMARY KEY,
	hash            TEXT NOT NULL UNIQUE    -- SHA-256 of the file
);
CREATE TABLE program (
	image           INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
	place           TEXT NOT NULL,          -- in the guest: /bin/usemem; /init is the agent
	hash            TEXT NOT NULL,          -- SHA-256
	PRIMARY KEY (image, place)
) WITHOUT ROWID;

-- One boot of one guest with one workload: whole or not there.
CREATE TABLE point (
	id              INTEGER PRIMARY KEY,
	run             INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
	number          INTEGER NOT NULL,       -- 1.., in table order, whatever the order of running
	repeat          INTEGER NOT NULL,       -- 1..
	status          TEXT NOT NULL,          -- ok failed corrupt oom panic hang lost skipped
	reason          TEXT,                   -- one line, where not ok
	kernel          TEXT NOT NULL,          -- its name in this run
	kernel_release  TEXT,                   -- uname -r of the guest
	workload_name   TEXT NOT NULL,
	workload        TEXT NOT NULL,          -- the command
	created         TEXT NOT NULL,
	wall_s          REAL NOT NULL,          -- the whole point, on the harness's clock
	clock_error_ns  REAL NOT NULL,          -- bound of the guest-to-host clock mapping
	command         TEXT,                   -- QEMU's command line
	start           TEXT NOT NULL DEFAULT 'boot', -- boot, or restore: from a template
	build           INTEGER REFERENCES build(id), -- NULL: unknown, or no guest
	image           INTEGER REFERENCES image(id),
	qemu            TEXT,                   -- its version
	UNIQUE (run, number)
);

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

-- A value followed over time; its samples are below.
CREATE TABLE series (
	id              INTEGER PRIMARY KEY,
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	unit            TEXT NOT NULL,
	UNIQUE (point, name)
);

CREATE TABLE sample (
	series          INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
	t_ns            INTEGER NOT NULL,
	value           REAL NOT NULL,
	PRIMARY KEY (series, t_ns)
) WITHOUT ROWID;

-- Instructions of page faults and system calls, by call stack from the entry on:
-- "asm_exc_page_fault;exc_page_fault;...", "__x64_sys_madvise;...".  What came in between has stacks
-- of its own: "asm_sysvec_...".  The stack "" holds the number of faults.  The same stacks come in every point, so they are kept
-- once.
CREATE TABLE stack (
	id              INTEGER PRIMARY KEY,
	text            TEXT NOT NULL UNIQUE
);
CREATE TABLE profile (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	stack           INTEGER NOT NULL REFERENCES stack(id),
	insns           INTEGER NOT NULL,       -- in its last function alone
	calls           INTEGER NOT NULL DEFAULT 0, -- of that function; 0: before schema 4
	PRIMARY KEY (point, stack)
) WITHOUT ROWID;

-- What a workload that tells test cases apart (KTAP) said of each, and what KCSAN reported on the
-- console.
CREATE TABLE test_case (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	name            TEXT NOT NULL,
	number          INTEGER NOT NULL,       -- KTAP's
	outcome         TEXT NOT NULL,          -- pass, fail, skip; found: by KCSAN
	detail          TEXT NOT NULL,          -- the test's words, or why it was skipped
	failures        INTEGER,                -- of a case that tries often, or reports; else NULL
	tries           INTEGER,                -- NULL: not known
	text            TEXT,                   -- what it printed, or both stacks; else NULL
	PRIMARY KEY (point, name)
) WITHOUT ROWID;

-- Latency histograms: class base, region, write_during, ...; low <= latency < high.
CREATE TABLE bucket (
	point           INTEGER NOT NULL REFERENCES point(id) ON DELETE CASCADE,
	class           TEXT NOT NULL,
	low             REAL NOT NULL,
	high            REAL NOT NULL,
	count           INTEGER NOT NULL,
	PRIMARY KEY (point, class, low)
) WITHOUT ROWID;
