/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The instruction clock's way in.  What arrives by a port arrives at any moment
 * of guest time, and a count moves by a thousand instructions with it.  So all
 * that this guest is told lies ready in QEMU's fw_cfg device and is read by port
 * I/O, in which QEMU has no freedom (docs/specs/fw_cfg.txt of QEMU).
 *
 * A script that says "hold" makes a template: at HOLD_NS the panic device stops
 * the machine, its state is saved, and every restored copy finds the script of
 * its own point when it goes on.
 */
#include "guest/agent/agent.h"

#include <errno.h>
#include <string.h>
#include <sys/io.h>
#include <time.h>

#define SELECT 0x510
#define DATA 0x511
#define KEY_SIGNATURE 0x00
#define KEY_DIRECTORY 0x19
#define PANIC_PORT 0x505 /* pvpanic, of which bit 0 stops the machine */
#define FILES_MAX 1024
#define SCRIPT_MAX (4 * FL_COMMAND_MAX)
#define HOLD_NS 18000000000ull
#define SETTLE_NS 100000000ull

static struct {
	char text[SCRIPT_MAX];
	size_t len, at;
	struct fl_frame_reader reader;
} script;

static void read_bytes(void *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)to)[i] = inb(DATA);
}

static uint32_t read_be32(void)
{
	uint8_t b[4];

	read_bytes(b, sizeof(b));
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* The file's select key and size; 0: there is none of this name. */
static uint16_t find_file(const char *name, uint32_t *size)
{
	uint32_t n;

	outw(KEY_DIRECTORY, SELECT);
	n = read_be32();
	for (uint32_t i = 0; i < n && i < FILES_MAX; i++) {
		uint32_t bytes = read_be32(), key = read_be32() >> 16;
		char file[56];

		read_bytes(file, sizeof(file));
		if (strncmp(file, name, sizeof(file)))
			continue;
		*size = bytes;
		return (uint16_t)key;
	}
	return 0;
}

static bool load(void)
{
	uint32_t size = 0;
	uint16_t key = find_file("opt/org.faultline/script", &size);

	if (!key || size > SCRIPT_MAX)
		return false;
	outw(key, SELECT);
	read_bytes(script.text, size);
	script.len = size;
	script.at = 0;
	return true;
}

/* Who may use ports hands that on to its children, and pays for it at every return to user space.
 */
static void close_ports(void)
{
	ioperm(SELECT, 2, 0);
	ioperm(PANIC_PORT, 1, 0);
}

static void sleep_until(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

bool script_open(void)
{
	char signature[4];

	if (ioperm(SELECT, 2, 1) || ioperm(PANIC_PORT, 1, 1))
		return false;
	outw(KEY_SIGNATURE, SELECT);
	read_bytes(signature, sizeof(signature));
	return !memcmp(signature, "QEMU", 4) && load();
}

void script_hold(void)
{
	sleep_until(HOLD_NS);
	if (script.len == 4 && !memcmp(script.text, "hold", 4))
		outb(1, PANIC_PORT);
	sleep_until(HOLD_NS + SETTLE_NS);
	if (!load())
		world_die("the script is gone");
	close_ports();
}

bool script_next(struct fl_frame *f)
{
	for (;;) {
		int got = fl_frame_reader_next(&script.reader, f);
		size_t room, left = script.len - script.at;
		void *to;

		if (got < 0) {
			errno = EPROTO;
			world_die("the script is no stream of frames");
		}
		if (got || !left)
			return got;
		to = fl_frame_reader_room(&script.reader, &room);
		room = room < left ? room : left;
		memcpy(to, script.text + script.at, room);
		script.at += room;
		fl_frame_reader_fed(&script.reader, room);
	}
}
