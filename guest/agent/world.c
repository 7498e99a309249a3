/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/agent/agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *type, *where, *options;
} mounts[] = {
	{ "proc", "/proc", NULL },
	{ "sysfs", "/sys", NULL },
	{ "devtmpfs", "/dev", NULL },
	{ "devpts", "/dev/pts", NULL },
	{ "tmpfs", "/dev/shm", NULL },
	{ "tmpfs", "/tmp", NULL },
	{ "cgroup2", "/sys/fs/cgroup", NULL },
	{ "debugfs", "/sys/kernel/debug", NULL },
	{ "tracefs", "/sys/kernel/tracing", NULL },
};

/* What a kernel lacks (devpts, tracefs) is a setting's or a workload's concern, not ours. */
void world_mount(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, mounts[i].options);
	}
	world_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory +cpuset", 15);
	world_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory", 7);
	mkdir(WORKLOAD_GROUP, 0755);
	mkdir(PRESSURE_GROUP, 0755);
}

static int is_module(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* The drivers that this kernel has as modules, in the order of their names (harness/guest/image.c).
 */
void world_modules(void)
{
	struct dirent **files;
	struct utsname u;
	char path[512];
	int n, fd;

	uname(&u);
	snprintf(path, sizeof(path), "/lib/modules/%s", u.release);
	n = scandir(path, &files, is_module, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/lib/modules/%s/%s", u.release, files[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
			fprintf(stderr, "faultline agent: %s: %s\n", path, strerror(errno));
		close(fd);
	}
}

int world_write(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	ssize_t wrote;
	int error;

	if (fd < 0)
		return errno;
	wrote = write(fd, text, len);
	error = wrote < 0 ? errno : wrote != (ssize_t)len ? EIO : 0;
	close(fd);
	return error;
}

/* mkswap(8): version 1 header in the first page, "SWAPSPACE2" at its end. */
static int write_swap_header(int fd)
{
	struct {
		char boot[1024];
		uint32_t version, last_page, bad_pages;
		char rest[4096 - 1024 - 12 - 10];
		char magic[10];
	} __attribute__((packed)) head = { .version = 1, .magic = "SWAPSPACE2" };
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < (off_t)sizeof(head) * 10)
		return EINVAL;
	head.last_page = (uint32_t)(size / (off_t)sizeof(head) - 1);
	return pwrite(fd, &head, sizeof(head), 0) == sizeof(head) ? 0 : errno;
}

int world_zram(const char *bytes)
{
	int error = world_write("/sys/block/zram0/disksize", bytes, strlen(bytes));
	int fd;

	if (error)
		return error;
	fd = open("/dev/zram0", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = write_swap_header(fd);
	close(fd);
	if (!error && swapon("/dev/zram0", 0))
		error = errno;
	return error;
}

/* microvm has no power button: reboot=t and -no-reboot end it; elsewhere ACPI does. */
void world_off(void)
{
	sync();
	reboot(RB_AUTOBOOT);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

void world_die(const char *what)
{
	fprintf(stderr, "faultline agent: %s: %s\n", what, strerror(errno));
	world_off();
}

static void become_console(void)
{
	int fd;

	setsid();
	fd = open("/dev/ttyS0", O_RDWR);
	if (fd < 0)
		return;
	ioctl(fd, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static void run_busybox(const char *const *words)
{
	pid_t pid = fork();

	if (!pid) {
		execv("/bin/busybox", (char *const *)words);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

void world_shell(void)
{
	pid_t pid = fork();

	if (!pid) {
		become_console();
		setenv("PATH", "/bin:/usr/bin:/sbin:/usr/sbin", 1);
		setenv("HOME", "/root", 1);
		setenv("TERM", "linux", 0);
		setenv("PS1", "guest# ", 1);
		run_busybox((const char *const[]){ "busybox", "--install", "-s", "/bin", NULL });
		execl("/bin/busybox", "sh", NULL);
		_exit(127);
	}
	while (pid > 0 && wait(NULL) != pid)
		;
	world_off();
}

bool world_told(const char *word)
{
	static char cmdline[4096];
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	size_t len = strlen(word);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, cmdline, sizeof(cmdline) - 1);
	close(fd);
	cmdline[n > 0 ? n : 0] = '\0';
	for (const char *p = cmdline; (p = strstr(p, word)); p += len)
		if ((p == cmdline || p[-1] == ' ') && (!p[len] || strchr(" \n", p[len])))
			return true;
	return false;
}
