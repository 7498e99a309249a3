/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/pager.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/plain.h"
#include "harness/base/strv.h"

void fl_pager_open(struct fl_pager *p)
{
	*p = (struct fl_pager){ 0 };
	p->out = open_memstream(&p->text, &p->len);
	if (!p->out)
		abort();
}

/* Does the text have more lines than the terminal that is our output? */
static bool is_long(const char *text)
{
	struct winsize w = { 0 };
	size_t lines = 0;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_row)
		return false;
	for (; *text; text++)
		lines += *text == '\n';
	return lines >= w.ws_row;
}

/* The words of the pager; none: there is to be none. */
static void find_pager(struct fl_strv *words)
{
	const char *text = getenv("FAULTLINE_PAGER");

	if (!text)
		text = getenv("PAGER");
	if (!text)
		text = "less";
	if (fl_strv_split_words(words, text) || !words->n || !strcmp(words->v[0], "cat"))
		fl_strv_release(words);
}

static bool has_colours(void)
{
	const char *none = getenv("NO_COLOR");

	return !(none && *none);
}

static void become(const struct fl_strv *words, int in, bool wide)
{
	char flags[8];

	/* -F: one screen needs no pager, -X: it stays, -R: colours, -S: lines are not folded. */
	snprintf(flags, sizeof(flags), "F%sX%s", has_colours() ? "R" : "", wide ? "S" : "");
	setenv("LESS", flags, 0);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	if (dup2(in, STDIN_FILENO) >= 0) {
		close(in);
		execvp(words->v[0], words->v);
	}
	_exit(127);
}

/* Quitting the pager early is no error. */
static void feed(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* Was it shown?  Not if the pager could not be started. */
static bool page(const struct fl_strv *words, const char *text, size_t len, bool wide)
{
	int fds[2], status = 0;
	pid_t pid;

	fflush(stdout);
	if (pipe(fds))
		return false;
	pid = fork();
	if (!pid) {
		close(fds[1]);
		become(words, fds[0], wide);
	}
	close(fds[0]);
	if (pid > 0) {
		/* ^C is for the pager: it stops a search there and must not end us. */
		void (*interrupt)(int) = signal(SIGINT, SIG_IGN);
		void (*broken)(int) = signal(SIGPIPE, SIG_IGN);

		feed(fds[1], text, len);
		close(fds[1]);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		signal(SIGINT, interrupt);
		signal(SIGPIPE, broken);
	} else {
		close(fds[1]);
	}
	return pid > 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

void fl_pager_close(struct fl_pager *p, bool paged, bool wide)
{
	struct fl_strv words = { 0 };
	bool shown = false;

	fclose(p->out);
	if (paged && is_long(p->text)) {
		find_pager(&words);
		/* Bypasses the stream that makes our output harmless, so it is done here. */
		fl_plain(p->text);
		shown = words.n && page(&words, p->text, strlen(p->text), wide);
	}
	if (!shown)
		fwrite(p->text, 1, p->len, stdout);
	fl_strv_release(&words);
	free(p->text);
	*p = (struct fl_pager){ 0 };
}
