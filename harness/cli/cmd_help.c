/* SPDX-License-Identifier: GPL-2.0 */
/* help: for people; --man and --completion fill what is installed from the same tables. */
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/cli/commands.h"
#include "harness/collect/collect.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/step.h"

enum { OPT_MAN, OPT_COMPLETION, OPT_REFERENCE };

static const struct fl_option options[] = {
	[OPT_MAN] = { 0, "man", "FILE", "print a man page, its tables filled in" },
	[OPT_COMPLETION] = { 0, "completion", NULL, "completion for bash" },
	[OPT_REFERENCE] = { 0, "reference", "PAGE",
			    "a page of docs/reference: commands, keys, metrics or settings" },
	{ 0 },
};

/* Text for roff: a dash is a minus, a leading dot or quote is no request. */
static void roff(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '-' || *text == '\\')
			fputc('\\', stdout);
		fputs(*text == '\\' ? "e" : (char[]){ *text, '\0' }, stdout);
	}
}

static void man_entry(const char *head, const char *more, const char *about)
{
	fputs(".TP\n\\fB", stdout);
	roff(head);
	fputs("\\fR", stdout);
	if (more) {
		fputs(" \\fI", stdout);
		roff(more);
		fputs("\\fR", stdout);
	}
	fputc('\n', stdout);
	roff(about);
	fputc('\n', stdout);
}

static void man_option(const struct fl_option *o)
{
	char head[64] = "";

	if (o->letter)
		snprintf(head, sizeof(head), "-%c, --%s", o->letter, o->name);
	else
		snprintf(head, sizeof(head), "--%s", o->name);
	man_entry(head, o->arg, o->help);
}

static void man_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		cleanup_free char *line = fl_asprintf("faultline %.*s", (int)len, text);

		roff(line);
		fputc('\n', stdout);
		text += len + (text[len] == '\n');
	}
}

static void man_commands(void)
{
	for (const struct fl_command *const *cmd = fl_commands(); *cmd; cmd++) {
		printf(".SS %s\n.nh\nfaultline ", (*cmd)->name);
		roff((*cmd)->synopsis);
		fputs("\n.hy\n.PP\n", stdout);
		roff((*cmd)->summary);
		fputc('\n', stdout);
		for (const struct fl_option *o = (*cmd)->options; o->name; o++)
			man_option(o);
		fputs(".PP\n.EX\n", stdout);
		man_lines((*cmd)->examples);
		fputs(".EE\n", stdout);
		if (!(*cmd)->no)
			continue;
		fputs(".PP\nExit status 1: ", stdout);
		roff((*cmd)->no);
		fputs(".\n", stdout);
	}
}

static void man_exits(void)
{
	for (const struct fl_exit *e = fl_exits; e->says; e++) {
		char status[8];

		snprintf(status, sizeof(status), "%d", e->status);
		man_entry(status, NULL, e->says);
	}
}

static void man_keys(void)
{
	const struct fl_key_text *last = NULL;

	for (const struct fl_key_text *t = fl_key_texts(); t->section; last = t++) {
		cleanup_free char *about = fl_asprintf("%s%s%s", t->about,
						       t->without ? "; without it: " : "; required",
						       t->without ? t->without : "");

		if (!last || strcmp(last->section, t->section) != 0)
			printf(".SS \"[%s]\"\n", t->section);
		man_entry(t->key, t->value, about);
	}
	fputs(".SS \"Actions of steps\"\n", stdout);
	for (int i = 0; i < FL_N_ACTIONS; i++) {
		fputs(i ? ".br\n" : ".PP\n", stdout);
		roff(fl_step_form((enum fl_action)i));
		fputc('\n', stdout);
	}
}

static void man_settings(void)
{
	for (const struct fl_setting *s = fl_settings(); s->name; s++)
		man_entry(s->name, NULL, s->about);
}

static void man_metrics(void)
{
	const struct fl_metric *m;

	for (enum fl_topic topic = 0; topic < FL_TOPICS; topic++) {
		printf(".SS \"%s\"\n", fl_topic_names[topic]);
		for (size_t i = 0; (m = fl_metric_at(i)); i++)
			if (m->topic == topic)
				man_entry(m->name, fl_unit_name(m->unit, FL_TIME_HARDWARE),
					  m->about);
	}
}

static int fill_man(const char *path, struct fl_error *err)
{
	static const struct {
		const char *mark;
		void (*print)(void);
	} tables[] = {
		{ "@COMMANDS@\n", man_commands }, { "@EXITS@\n", man_exits },
		{ "@KEYS@\n", man_keys },         { "@METRICS@\n", man_metrics },
		{ "@SETTINGS@\n", man_settings },
	};
	cleanup_file FILE *in = fl_open_file(path, NULL, err);
	char line[1024];

	if (!in)
		return -1;
	while (fgets(line, sizeof(line), in)) {
		size_t i = 0, n = sizeof(tables) / sizeof(tables[0]);

		while (i < n && strcmp(line, tables[i].mark))
			i++;
		if (i < n)
			tables[i].print();
		else
			fputs(line, stdout);
	}
	return 0;
}

static void complete_command(const struct fl_command *cmd)
{
	printf("\t%s) words='", cmd->name);
	for (const struct fl_option *o = cmd->options; o->name; o++)
		printf("--%s ", o->name);
	for (const struct fl_option *o = fl_common_options; o->name; o++)
		printf("--%s%s", o->name, o[1].name ? " " : "' ;;\n");
}

static void print_completion(void)
{
	fputs("# bash completion of faultline, made by faultline help --completion\n"
	      "_faultline()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\tcommand=\n\tfi\n"
	      "\tcase $command in\n\t'') words='",
	      stdout);
	for (const struct fl_command *const *cmd = fl_commands(); *cmd; cmd++)
		printf("%s%s", cmd == fl_commands() ? "" : " ", (*cmd)->name);
	fputs("' ;;\n", stdout);
	for (const struct fl_command *const *cmd = fl_commands(); *cmd; cmd++)
		complete_command(*cmd);
	fputs("\tesac\n"
	      "\tcase $command,$cur in\n"
	      "\t*,-*) ;;\n"
	      "\trun,*) words=$(faultline list experiments | cut -d' ' -f1) ;;\n"
	      "\tshow,*|plot,*|report,*) words=\"latest $(faultline list runs | cut -d' ' "
	      "-f1)\" ;;\n"
	      "\tlist,*) words=$(faultline list | cut -d' ' -f1) ;;\n"
	      "\tkernel,*) words='build list check' ;;\n"
	      "\thelp,*) words=$(faultline help | sed -n 's/^  \\([a-z]*\\) .*/\\1/p') ;;\n"
	      "\tesac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
	      "complete -o default -F _faultline faultline\n",
	      stdout);
}

static int help_about(const char *name, struct fl_error *err)
{
	const struct fl_command *cmd = fl_command_find(name);
	const char *near = fl_command_nearest(name);

	if (!cmd)
		return fl_fail(err, FL_USAGE, "help: unknown command \"%s\": %s%s%s", name,
			       near ? "did you mean \"" : "see faultline help", near ? near : "",
			       near ? "\"?" : "");
	fl_help_command(stdout, cmd);
	return 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	const char *value, *man = NULL, *reference = NULL;
	int next = 1, option, completion = 0;

	while ((option = fl_next_option(&fl_cmd_help, argc, argv, &next, &value, err)) >= 0) {
		if (option == OPT_MAN)
			man = value;
		else if (option == OPT_REFERENCE)
			reference = value;
		else
			completion = 1;
	}
	if (option < -1)
		return -1;
	if (next + 1 < argc)
		return fl_fail(err, FL_USAGE, "help takes one COMMAND; \"%s\" is one too many",
			       argv[next + 1]);
	if (man)
		return fill_man(man, err);
	if (reference)
		return fl_reference(reference, err);
	if (completion)
		print_completion();
	else if (next < argc)
		return help_about(argv[next], err);
	else
		fl_help_all(stdout);
	return 0;
}

const struct fl_command fl_cmd_help = {
	.name = "help",
	.summary = "explain a command, or list all of them",
	.synopsis = "help [COMMAND] [--man FILE] [--completion] [--reference PAGE]",
	.examples = "help run",
	.options = options,
	.run = run,
};
