/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/bootable.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

static const char *const everywhere[] = {
	"BINFMT_ELF", "BLK_DEV_INITRD", "CGROUPS",
	"DEVTMPFS",   "MEMCG",          "PROC_FS",
	"SYSFS",      "TMPFS",          "SERIAL_8250_CONSOLE",
	"TTY",        "VIRTIO_CONSOLE", NULL,
};
static const char *const of_bus[][4] = {
	[FL_BUS_MMIO] = { "VIRTIO_MMIO", "VIRTIO_MMIO_CMDLINE_DEVICES", NULL },
	[FL_BUS_PCI] = { "ACPI", "PCI", "VIRTIO_PCI", NULL },
};

char fl_config_value(const char *config, const char *option)
{
	cleanup_free char *line = fl_asprintf("CONFIG_%s=", option);
	size_t len = strlen(line);

	for (const char *at = config; (at = strstr(at, line)); at += len)
		if (at == config || at[-1] == '\n')
			return at[len];
	return 0;
}

static void note(struct fl_strv *lacks, const char *config, const struct fl_modules *modules,
		 const char *const *options)
{
	for (; *options; options++) {
		char value = fl_config_value(config, *options);

		if (value == 'y' || (value == 'm' && fl_modules_have(modules, *options)))
			continue;
		fl_strv_pushf(lacks, "%s%s", *options,
			      value == 'm' ? " (a module that is not there)" : "");
	}
}

char *fl_boot_lacks(const char *config, enum fl_bus bus, const struct fl_modules *modules)
{
	struct fl_strv lacks = { 0 };
	char *text = NULL;

	note(&lacks, config, modules, everywhere);
	note(&lacks, config, modules, of_bus[bus]);
	if (lacks.n)
		text = fl_strv_join(&lacks, ", ");
	fl_strv_release(&lacks);
	return text;
}

#define HEAD 0x206
#define VERSION_AT 0x20e /* Documentation/arch/x86/boot.rst: kernel_version, from 0x200 on */

const char *fl_kernel_kind(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	char head[HEAD] = { 0 };

	if (f && fread(head, 1, sizeof(head), f) == sizeof(head) &&
	    !memcmp(head + 0x202, "HdrS", 4))
		return "bzImage";
	return "vmlinux";
}

static char *release_of_image(FILE *f)
{
	unsigned char at[2];
	char text[128] = "";

	if (fseek(f, VERSION_AT, SEEK_SET) || fread(at, 1, 2, f) != 2 ||
	    fseek(f, 0x200 + (at[0] | at[1] << 8), SEEK_SET))
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	text[strcspn(text, " \n")] = '\0';
	return *text ? fl_strdup(text) : NULL;
}

/* Other strings may begin like linux_banner and come first: it is the first one with a digit. */
static char *release_of_elf(FILE *f)
{
	static const char mark[] = "Linux version ";
	size_t matched = 0;
	int c;

	while ((c = getc(f)) != EOF) {
		char text[128];
		size_t n = 0;

		matched = c == mark[matched] ? matched + 1 : c == mark[0];
		if (matched < sizeof(mark) - 1)
			continue;
		matched = 0;
		while (n < sizeof(text) - 1 && (c = getc(f)) > ' ' && c < 127)
			text[n++] = (char)c;
		text[n] = '\0';
		if (n && *text >= '0' && *text <= '9')
			return fl_strdup(text);
	}
	return NULL;
}

char *fl_kernel_release(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");

	if (!f)
		return NULL;
	return !strcmp(fl_kernel_kind(path), "bzImage") ? release_of_image(f) : release_of_elf(f);
}
