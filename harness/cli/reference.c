/* SPDX-License-Identifier: GPL-2.0 */
/* docs/reference/: pages generated from the program's tables, so that they agree with it. */
#include <stdio.h>
#include <string.h>

#include "harness/cli/commands.h"
#include "harness/collect/collect.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/step.h"

/* Text in a cell of a table. */
static void cell(const char *text)
{
	for (; *text; text++) {
		if (*text == '|' || *text == '*' || *text == '_' || *text == '<' || *text == '[' ||
		    *text == ']')
			putchar('\\');
		putchar(*text);
	}
}

/* As it is typed; GitHub ends a cell at a bar, also between backquotes. */
static void code(const char *text)
{
	putchar('`');
	for (; *text; text++)
		printf(*text == '|' ? "\\%c" : "%c", *text);
	putchar('`');
}

static void head(const char *title, const char *from)
{
	printf("# %s\n\n<!-- Made by `make reference` from %s: do not edit. -->\n", title, from);
}

static void print_exits(void)
{
	puts("\n## Exit status\n\n| status | meaning |\n|---|---|");
	for (const struct fl_exit *e = fl_exits; e->says; e++) {
		printf("| %d | ", e->status);
		cell(e->says);
		puts(" |");
	}
	puts("\nWhat 1 means for a command stands with the command.");
}

static void print_options(const struct fl_option *o)
{
	puts("\n| option | meaning |\n|---|---|");
	for (; o->name; o++) {
		fputs("| ", stdout);
		if (o->letter)
			printf("`-%c`, ", o->letter);
		printf("`--%s", o->name);
		if (o->arg && *o->arg != '[')
			putchar(' ');
		for (const char *c = o->arg ? o->arg : ""; *c; c++)
			printf(*c == '|' ? "\\%c" : "%c", *c);
		fputs("` | ", stdout);
		cell(o->help);
		puts(" |");
	}
}

static void print_commands(void)
{
	head("Commands", "harness/cli/cmd_*.c");
	puts("\n`faultline COMMAND -h` and faultline(1) say the same. Every command has these "
	     "options:");
	print_options(fl_common_options);
	print_exits();
	for (const struct fl_command *const *c = fl_commands(); *c; c++) {
		printf("\n## %s\n\n```\nfaultline %s\n```\n\n%s\n", (*c)->name, (*c)->synopsis,
		       (*c)->summary);
		if ((*c)->options->name)
			print_options((*c)->options);
		puts("\n```");
		fl_help_examples(stdout, *c, "");
		puts("```");
		if ((*c)->no)
			printf("\nExit status 1: %s.\n", (*c)->no);
	}
}

static void print_keys(void)
{
	const struct fl_key_text *last = NULL;

	head("Keys of experiment files", "harness/experiment/key_table.c");
	puts("\nHow a file is written: [experiment-files.md](experiment-files.md). A key with "
	     "*required* must be there.");
	for (const struct fl_key_text *t = fl_key_texts(); t->section; last = t++) {
		if (!last || strcmp(last->section, t->section) != 0)
			printf("\n## [%s]\n\n| key | value | without it | meaning |\n"
			       "|---|---|---|---|\n",
			       t->section);
		printf("| `%s` | ", t->key);
		code(t->value);
		fputs(" | ", stdout);
		fputs(t->without ? "" : "*required*", stdout);
		cell(t->without ? t->without : "");
		fputs(" | ", stdout);
		cell(t->about);
		puts(" |");
	}
	puts("\n## Actions of steps\n\n`try` before an action: the step may fail.\n");
	for (int i = 0; i < FL_N_ACTIONS; i++)
		printf("- `%s`\n", fl_step_form((enum fl_action)i));
}

static void print_settings(void)
{
	char values[128];

	head("Settings", "harness/experiment/setting.c");
	puts("\nKeys of `[settings]` and of `run -s`. The neutral value is what a kernel without "
	     "the setting does:\nsuch a point runs, others are skipped.\n\n"
	     "| setting | values | neutral | meaning |\n|---|---|---|---|");
	for (const struct fl_setting *s = fl_settings(); s->name; s++) {
		printf("| `%s` | ", s->name);
		code(fl_setting_values(s, values, sizeof(values)));
		printf(" | %s | ", s->neutral ? s->neutral : "");
		cell(s->about);
		puts(" |");
	}
}

static void print_metrics(void)
{
	const struct fl_metric *m;

	head("Metrics", "harness/collect/");
	puts("\nHow they are measured, and their pitfalls: "
	     "[explain/metrics.md](../explain/metrics.md). What *class* and *better* mean for a\n"
	     "comparison: [explain/statistics.md](../explain/statistics.md). A time in ns is in "
	     "ns-tcg under emulation and in insn\nwith the instruction clock; ns-host is the "
	     "host's clock. Capitals stand for a step, a size, a guest or a\nseries.");
	for (enum fl_topic topic = 0; topic < FL_TOPICS; topic++) {
		printf("\n## %s\n\n| metric | unit | better | class | from | meaning |\n"
		       "|---|---|---|---|---|---|\n",
		       fl_topic_names[topic]);
		for (size_t i = 0; (m = fl_metric_at(i)); i++) {
			if (m->topic != topic)
				continue;
			printf("| `%s` | %s | %s | %s | %s | ", m->name,
			       fl_unit_name(m->unit, FL_TIME_HARDWARE), fl_better_names[m->better],
			       fl_class_names[m->class], fl_owner_names[m->owner]);
			cell(m->about);
			puts(" |");
		}
	}
}

int fl_reference(const char *name, struct fl_error *err)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} pages[] = {
		{ "commands", print_commands },
		{ "keys", print_keys },
		{ "metrics", print_metrics },
		{ "settings", print_settings },
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(pages[i].name, name) != 0)
			continue;
		pages[i].print();
		return 0;
	}
	return fl_fail(err, FL_USAGE, "--reference %s: one of commands, keys, metrics, settings",
		       name);
}
