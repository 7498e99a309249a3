/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/profile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/collect/tables.h"

#define ALL "[all]" /* a stack of its own where all of the kernel was followed */

enum { FAULTS, OPEN, INSTRUCTIONS, USER, KERNEL, N_HEADS };

static const char *const heads[N_HEADS] = {
	[FAULTS] = "faults",  [OPEN] = "faults_open",   [INSTRUCTIONS] = "instructions",
	[USER] = "insn_user", [KERNEL] = "insn_kernel",
};

static const struct {
	const char *entry, *metric;
} entries[FL_PROFILE_METRICS] = {
	{ FL_PROFILE_FAULT, "fault_path" },
	{ "__x64_sys_brk", "path_brk" },
	{ "__x64_sys_clone", "path_clone" },
	{ "__x64_sys_execve", "path_execve" },
	{ "__x64_sys_exit_group", "path_exit_group" },
	{ "__x64_sys_madvise", "path_madvise" },
	{ "__x64_sys_mlock", "path_mlock" },
	{ "__x64_sys_mmap", "path_mmap" },
	{ "__x64_sys_mprotect", "path_mprotect" },
	{ "__x64_sys_mremap", "path_mremap" },
	{ "__x64_sys_munmap", "path_munmap" },
};

struct reader {
	struct fl_profile *p;
	size_t room;
	uint64_t values[N_HEADS];
	bool seen[N_HEADS];
	uint64_t sum;
};

/* Decimal digits from at to end, and nothing else. */
static bool take_number(const char *at, const char *end, uint64_t *v)
{
	*v = 0;
	if (at == end)
		return false;
	for (; at < end; at++)
		if (*at < '0' || *at > '9' || __builtin_mul_overflow(*v, (uint64_t)10, v) ||
		    __builtin_add_overflow(*v, (uint64_t)(*at - '0'), v))
			return false;
	return true;
}

/* The last blank of a line. */
static const char *last_blank(const char *line, const char *end)
{
	return memrchr(line, ' ', (size_t)(end - line));
}

/* "# KEY N" */
static bool take_head(struct reader *r, const char *line, const char *end)
{
	const char *key = line + 2, *blank = last_blank(line, end);
	uint64_t v;

	if (end - line < 2 || line[1] != ' ' || blank <= key || !take_number(blank + 1, end, &v))
		return false;
	for (size_t i = 0; i < N_HEADS; i++) {
		if (strlen(heads[i]) != (size_t)(blank - key) ||
		    memcmp(heads[i], key, (size_t)(blank - key)) != 0)
			continue;
		if (r->seen[i])
			return false;
		r->seen[i] = true;
		r->values[i] = v;
	}
	return true;
}

/* Names between single semicolons; no blanks or other controls. */
static bool is_stack(const char *at, const char *end)
{
	char before = ';';

	for (; at < end; before = *at++)
		if (*at <= ' ' || *at == 127 || (*at == ';' && before == ';'))
			return false;
	return before != ';';
}

/* "STACK N" */
static bool take_stack(struct reader *r, const char *line, const char *end)
{
	const char *blank = last_blank(line, end);
	struct fl_profile *p = r->p;
	uint64_t v;

	if (!blank || !is_stack(line, blank) || !take_number(blank + 1, end, &v) ||
	    __builtin_add_overflow(r->sum, v, &r->sum))
		return false;
	if (p->n == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		p->stacks = fl_realloc(p->stacks, r->room * sizeof(*p->stacks));
	}
	p->stacks[p->n++] = (struct fl_profile_stack){
		.stack = fl_asprintf("%.*s", (int)(blank - line), line),
		.insns = v,
	};
	return true;
}

/* "# calls N", of the stack above */
static bool take_calls(struct reader *r, const char *line, const char *end)
{
	static const char head[] = "# calls ";
	struct fl_profile_stack *s = &r->p->stacks[r->p->n - 1];

	return !s->calls && (size_t)(end - line) >= sizeof(head) &&
	       !memcmp(line, head, sizeof(head) - 1) &&
	       take_number(line + sizeof(head) - 1, end, &s->calls);
}

static bool take_line(struct reader *r, const char *line, const char *end)
{
	if (line[0] != '#')
		return take_stack(r, line, end);
	return r->p->n ? take_calls(r, line, end) : take_head(r, line, end);
}

static bool take_lines(struct reader *r, const char *at, const char *end)
{
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (!stop || !take_line(r, at, stop))
			return false;
		at = stop + 1;
	}
	for (size_t i = 0; i < N_HEADS; i++)
		if (!r->seen[i] && i != OPEN)
			return false;
	return r->sum == r->values[INSTRUCTIONS];
}

int fl_profile_parse(struct fl_profile *p, const char *text, size_t len)
{
	struct reader r = { .p = p };

	*p = (struct fl_profile){ 0 };
	if (len > FL_PROFILE_TEXT_MAX || !take_lines(&r, text, text + len)) {
		fl_profile_release(p);
		return -EPROTO;
	}
	p->faults = r.values[FAULTS];
	p->faults_open = r.values[OPEN];
	p->instructions = r.values[INSTRUCTIONS];
	p->user = r.values[USER];
	p->kernel = r.values[KERNEL];
	return 0;
}

void fl_profile_release(struct fl_profile *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->stacks[i].stack);
	free(p->stacks);
	*p = (struct fl_profile){ 0 };
}

const char *fl_profile_metric(const char *entry, size_t len)
{
	for (size_t i = 0; i < FL_PROFILE_METRICS; i++)
		if (strlen(entries[i].entry) == len && !memcmp(entries[i].entry, entry, len))
			return entries[i].metric;
	return NULL;
}

void fl_profile_put(struct fl_result *r, const struct fl_profile *p)
{
	for (size_t i = 0; i < FL_PROFILE_METRICS; i++) {
		const char *entry = entries[i].entry;
		uint64_t calls = 0, insns = 0;

		for (size_t j = 0; j < p->n; j++) {
			if (!fl_profile_is_of(&p->stacks[j], entry))
				continue;
			insns += p->stacks[j].insns;
			calls += strcmp(p->stacks[j].stack, entry) ? 0 : p->stacks[j].calls;
		}
		if (!calls)
			continue;
		fl_result_put(r, entries[i].metric, (double)insns / (double)calls, FL_UNIT_NS);
		if (fl_profile_is_fault(entry))
			fl_result_put(r, "fault_path_count", (double)calls, FL_UNIT_COUNT);
	}
}

bool fl_profile_is_fault(const char *entry)
{
	return !strcmp(entry, FL_PROFILE_FAULT);
}

const char *fl_profile_title(const char *entry)
{
	static const char call[] = "__x64_sys_";

	if (fl_profile_is_fault(entry))
		return "page fault";
	return strncmp(entry, call, strlen(call)) ? entry : entry + strlen(call);
}

bool fl_profile_is_of(const struct fl_profile_stack *s, const char *entry)
{
	size_t len = strlen(entry);

	return !strncmp(s->stack, entry, len) && (!s->stack[len] || s->stack[len] == ';');
}

/* First mention of the function in a stack, ignoring a compiler's ".isra.0"; NULL: none. */
static char *mentioned(char *stack, const char *function)
{
	size_t len = strlen(function);

	for (char *at = stack; at; at = strchr(at, ';')) {
		at += *at == ';';
		if (!strncmp(at, function, len) && strchr(".;", at[len]))
			return at;
	}
	return NULL;
}

static int by_text(const void *a, const void *b)
{
	const struct fl_profile_stack *x = a, *y = b;

	return strcmp(x->stack, y->stack);
}

/* Merges stacks that became equal when their callers were cut off. */
static void merge(struct fl_profile *p)
{
	size_t n = 0;

	if (p->n)
		qsort(p->stacks, p->n, sizeof(*p->stacks), by_text);
	for (size_t i = 0; i < p->n; i++) {
		if (!n || strcmp(p->stacks[n - 1].stack, p->stacks[i].stack) != 0) {
			p->stacks[n++] = p->stacks[i];
			continue;
		}
		p->stacks[n - 1].insns += p->stacks[i].insns;
		p->stacks[n - 1].calls += p->stacks[i].calls;
		free(p->stacks[i].stack);
	}
	p->n = n;
}

static bool is_whole(const struct fl_profile *p, const char *function)
{
	for (size_t i = 0; i < p->n; i++)
		if (mentioned(p->stacks[i].stack, function) == p->stacks[i].stack ||
		    !strcmp(p->stacks[i].stack, ALL))
			return true;
	return false;
}

bool fl_profile_keep(struct fl_profile *p, const char *entry)
{
	bool fault = fl_profile_is_fault(entry), whole = is_whole(p, entry);
	uint64_t calls = 0;
	size_t n = 0;

	p->instructions = 0;
	for (size_t i = 0; i < p->n; i++) {
		char *stack = p->stacks[i].stack, *at = whole ? mentioned(stack, entry) : NULL;

		if (!at) {
			free(stack);
			continue;
		}
		memmove(stack, at, strlen(at) + 1);
		calls += strchr(stack, ';') ? 0 : p->stacks[i].calls;
		p->instructions += p->stacks[i].insns;
		p->stacks[n++] = p->stacks[i];
	}
	p->n = n;
	p->faults = fault ? p->faults : calls;
	merge(p);
	return p->n > 0;
}

/* A function's name in a stack. */
struct mention {
	const char *name; /* in the stack's text */
	size_t len;
	uint32_t stack;
	bool last;
};

static size_t mentions_of(const struct fl_profile *p, struct mention *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		for (const char *at = p->stacks[i].stack, *stop; at; at = stop) {
			stop = strchr(at, ';');
			if (out)
				out[n] = (struct mention){
					.name = at,
					.len = stop ? (size_t)(stop - at) : strlen(at),
					.stack = (uint32_t)i,
					.last = !stop,
				};
			stop = stop ? stop + 1 : NULL;
			n++;
		}
	return n;
}

static int compare_names(const struct mention *x, const struct mention *y)
{
	int c = memcmp(x->name, y->name, x->len < y->len ? x->len : y->len);

	return c ? c : (x->len > y->len) - (x->len < y->len);
}

static int by_name_and_stack(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	int c = compare_names(x, y);

	return c ? c : (x->stack > y->stack) - (x->stack < y->stack);
}

static int by_self(const void *a, const void *b)
{
	const struct fl_profile_function *x = a, *y = b;

	if (x->self != y->self)
		return x->self < y->self ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Space for all functions and, after them, their names: counts both. */
static size_t count_functions(const struct mention *m, size_t n, size_t *bytes)
{
	size_t functions = 0;

	*bytes = 0;
	for (size_t i = 0; i < n; i++)
		if (!i || compare_names(&m[i], &m[i - 1]) != 0) {
			functions++;
			*bytes += m[i].len + 1;
		}
	return functions;
}

struct fl_profile_function *fl_profile_functions(const struct fl_profile *p, size_t *n)
{
	size_t mentioned = mentions_of(p, NULL), bytes, at = 0;
	struct mention *m = fl_calloc(mentioned + 1, sizeof(*m));
	struct fl_profile_function *f;
	char *names;

	mentions_of(p, m);
	qsort(m, mentioned, sizeof(*m), by_name_and_stack);
	*n = count_functions(m, mentioned, &bytes);
	f = fl_calloc(1, (*n + 1) * sizeof(*f) + bytes);
	names = (char *)(f + *n + 1);
	for (size_t i = 0; i < mentioned; i++) {
		bool first = !i || compare_names(&m[i], &m[i - 1]) != 0;

		if (first) {
			at += i > 0;
			f[at].name = memcpy(names, m[i].name, m[i].len);
			names += m[i].len + 1;
		}
		if (first || m[i].stack != m[i - 1].stack)
			f[at].total += p->stacks[m[i].stack].insns;
		if (m[i].last)
			f[at].self += p->stacks[m[i].stack].insns;
	}
	free(m);
	qsort(f, *n, sizeof(*f), by_self);
	return f;
}

static const struct fl_metric metrics[] = {
	{
		.name = "fault_path",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_TOUCH,
		.headline = true,
		.about = "kernel instructions in a page fault, without interrupts and other tasks; "
			 "mean over the profile, including the harness's faults",
	},
	{
		.name = "fault_path_count",
		.unit = FL_UNIT_COUNT,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_TOUCH,
		.about = "page faults in the profile, including the kernel's own and the harness's",
	},
	{
		.name = "path_CALL",
		.unit = FL_UNIT_NS,
		.better = FL_LESS,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_TOUCH,
		.about = "kernel instructions in a system call (brk, clone, execve, exit_group, "
			 "madvise, mlock, mmap, mprotect, mremap, munmap), without faults, "
			 "interrupts and "
			 "waiting; mean over the profile, including the harness's calls",
	},
	{ 0 },
};

const struct fl_metric *fl_profile_metrics(void)
{
	return metrics;
}
