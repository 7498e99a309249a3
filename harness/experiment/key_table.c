/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All keys that an experiment file may have.  faultline-experiment(5), docs/reference/keys.md and
 * the errors for an unknown key are made from this table; tests/unit/experiment/test_keys.c holds
 * it against what the parsers take.
 */
#include "harness/experiment/keys.h"

#include <stdio.h>
#include <string.h>

#define ROWS "rows, by KEY=VALUE words: kernel, workload or a setting"

static const struct fl_key_text texts[] = {
	{ "experiment", "name", "WORD", NULL,
	  "name of the experiment and the first part of its runs' names: letters, digits and . _ + "
	  "-" },
	{ "experiment", "about", "TEXT", "none", "the question, one line" },
	{ "experiment", "verdict", "TEXT", "none", "the expected result, for readers" },
	{ "experiment", "kernel", "KERNEL,...", "stock",
	  "kernels by name, path or NAME=PATH; an axis of the sweep, and the roles that run -k "
	  "fills" },
	{ "experiment", "repeat", "1..10000", "3", "boots of each row" },
	{ "experiment", "timeout", "TIME", "120s",
	  "limit of a point after its boot; time in which others had the CPU does not count" },
	{ "experiment", "sample", "TIME", "250ms",
	  "interval between samples; 0: only at the workload's start and exit" },
	{ "experiment", "columns", "METRIC,...", "the usual ones", "metrics of the table" },
	{ "experiment", "entry", "FUNCTION,...|all", "page faults and system calls",
	  "kernel functions that the profile follows, with all that they call, whoever calls them; "
	  "all: "
	  "everything that the kernel executes; with clock = instructions" },
	{ "experiment", "outcomes", "STATUS,...", "none",
	  "statuses that are results and not failures: failed, corrupt, oom, panic, hang, lost" },
	{ "experiment", "parts", "EXPERIMENT,...", "none",
	  "experiments for the same question, run after this one" },
	{ "experiment", "picture", "PLOT", "the first with data",
	  "plot that answers the question" },

	{ "guest", "memory", "SIZE", "1g", "memory of the guest, in whole MiB" },
	{ "guest", "backed", "SIZE", "all",
	  "how much of it the guest touches at most; the host may lack the rest" },
	{ "guest", "cpus", "1..64", "1", "CPUs of the guest" },
	{ "guest", "parallel", "yes|no", "no",
	  "yes: under emulation too, CPUs run at once, each in a host thread; needs two CPUs and "
	  "clock = real, and its times are not judged" },
	{ "guest", "numa", "1..16", "1", "NUMA nodes, which share memory and CPUs" },
	{ "guest", "numa_distance", "11..254", "20", "distance between two of them" },
	{ "guest", "machine", "auto|microvm|q35", "auto",
	  "QEMU's machine; auto: microvm, or q35 where NUMA or hot-plug needs it" },
	{ "guest", "clock", "real|instructions", "real",
	  "what the guest's clock counts: nanoseconds, or instructions, which repeat exactly" },
	{ "guest", "cpu", "MODEL", "by clock and accelerator", "QEMU's CPU model" },
	{ "guest", "cmdline", "WORDS", "none", "more words for the kernel's command line" },
	{ "guest", "start", "auto|boot", "auto",
	  "auto: points of the instruction clock start from a restored machine; boot: each boots" },
	{ "guest", "balloon", "on|off", "off", "a virtio balloon; steps that need one add it" },
	{ "guest", "free_page_reporting", "on|off", "off",
	  "the guest reports free pages to the host, through the balloon" },
	{ "guest", "deflate_on_oom", "on|off", "off",
	  "the balloon deflates before the guest's OOM killer runs" },
	{ "guest", "count", "1..64", "1", "guests side by side in one point" },
	{ "guest", "rounds", "1..64", "3", "with count: how often each guest runs the workload" },
	{ "guest", "programs", "PROGRAM ...", "none",
	  "programs of this machine to copy into the guest besides those that commands begin "
	  "with" },

	{ "settings, settings GROUP", "SETTING", "VALUE,...", "not set",
	  "an axis of the sweep: faultline list settings; a GROUP is an alternative to the others, "
	  "laid over [settings]" },
	{ "settings, settings GROUP", "workload", "NAME,...", "all",
	  "workloads that the group is for; in [settings GROUP]" },

	{ "workload NAME", "run", "COMMAND", NULL,
	  "what the guest runs; @latency@ stands for the file that it writes its latencies to" },
	{ "workload NAME", "entry", "FUNCTION,...|all", "none",
	  "kernel functions that its profile follows, besides those of the experiment" },
	{ "workload NAME", "kernel", "KERNEL,...", "the experiment's", "kernels of its own" },
	{ "workload NAME", "repeat", "1..10000", "the experiment's", "boots of its own rows" },
	{ "workload NAME", "settings", "GROUP,...", "all", "groups that it is run with" },
	{ "workload NAME", "trace", "EVENT,...", "none",
	  "events of the guest's kernel to trace, SYSTEM or SYSTEM:EVENT" },

	{ "steps, steps WORKLOAD", "NAME", "[try] ACTION", "none",
	  "what the host does while the workload runs; needs clock = real" },
	{ "steps, steps WORKLOAD", "timeout", "TIME", "60s", "limit of each step below it" },

	{ "pressure", "run", "COMMAND", "none", "a command that runs beside the workload" },
	{ "pressure", "workload", "NAME,...", "all", "workloads that it runs beside" },

	{ "metric NAME", "about", "TEXT", NULL, "what the number is" },
	{ "metric NAME", "unit", "WORD", NULL,
	  "the unit that the program prints; a time or rate is shown with the guest's clock" },
	{ "metric NAME", "better", "more|less|neither", NULL, "how compare judges a change" },
	{ "metric NAME", "after", "TEXT", "one of four",
	  "the number after this text, in its line" },
	{ "metric NAME", "before", "TEXT", "one of four",
	  "the number before this text, in its line" },
	{ "metric NAME", "json", "PATH", "one of four", "such as jobs[0].read.iops" },
	{ "metric NAME", "csv", "ROW, COLUMN", "one of four",
	  "first field of the row, heading or number of the column" },
	{ "metric NAME", "nth", "1..1000", "1",
	  "with after or before: the nth number from the text" },
	{ "metric NAME", "pick", "last|first|sum|mean|max|min", "last", "which of several" },
	{ "metric NAME", "from", "stdout|stderr|STEP", "stdout", "where it is printed" },
	{ "metric NAME", "workload", "NAME,...", "all", "workloads that print it" },
	{ "metric NAME", "class", "noisy|exact|tail", "noisy",
	  "exact: the same in every boot; tail: may differ, is never worse" },

	{ "claim NAME", "about", "TEXT", NULL, "the expected result, one sentence" },
	{ "claim NAME", "answer", "TEXT", "none",
	  "what a claim that passes says of the question, in the first lines of the answer; "
	  "@value@, "
	  "@reference@ and @change@ stand for what was measured" },
	{ "claim NAME", "metric", "METRIC", NULL, "what is checked" },
	{ "claim NAME", "of", "KEY=VALUE ...", "all rows", ROWS },
	{ "claim NAME", "holds", ">= 20 x|<= 0.5|= 0|within 15 %", NULL,
	  "bound: a number, a multiple (x) of the reference, or a percentage of it" },
	{ "claim NAME", "against", "KEY=VALUE ...", "none", "rows of the reference" },
	{ "claim NAME", "than", "METRIC", "the same", "metric of the reference" },
	{ "claim NAME", "floor", "NUMBER", "the metric's own",
	  "below it the metric means something else, and so the claim means nothing" },
	{ "claim NAME", "control", "yes|no", "no",
	  "yes: where the effect must vanish; the run is void if it does not pass" },

	{ "explained NAME", "about", "TEXT", NULL, "why these test cases may differ" },
	{ "explained NAME", "cases", "PATTERN", NULL, "their names, with the shell's wildcards" },
	{ "explained NAME", "says", "PATTERN", "any", "the text that the test prints" },
	{ "explained NAME", "is", "pass|fail|skip|gone", "any", "their outcome" },
	{ "explained NAME", "of", "KEY=VALUE ...", "all rows", ROWS },

	{ "published NAME", "about", "TEXT", NULL, "where the figure was published, and for what" },
	{ "published NAME", "metric", "METRIC", NULL, "which metric it is shown beside" },
	{ "published NAME", "of", "KEY=VALUE ...", "all rows", ROWS },
	{ "published NAME", "value", "NUMBER", NULL, "the published figure" },

	{ "crossing NAME", "about", "TEXT", NULL, "what is swept" },
	{ "crossing NAME", "axis", "SETTING|NUMBER - SETTING", NULL, "the x axis" },
	{ "crossing NAME", "price", "METRIC,...", NULL,
	  "what costs more; the first that was measured" },
	{ "crossing NAME", "per", "METRIC", "once", "how often the price is paid" },
	{ "crossing NAME", "whole", "METRIC", "none", "shown beside, not judged" },
	{ "crossing NAME", "saving", "METRIC,...", NULL,
	  "what is saved; the first that was measured" },
	{ "crossing NAME", "needs", "METRIC,...", "none",
	  "one of them must be above 0, else what is claimed did not happen" },
	{ "crossing NAME", "of", "KEY=VALUE ...", "all rows", ROWS },
	{ "crossing NAME", "against", "KEY=VALUE ...", NULL, "row of the reference" },
	{ "crossing NAME", "workloads", "NAME,...", "all", "workloads that it is made for" },
	{ "crossing NAME", "worth", "NUMBER", "not judged", "most that a KiB saved may cost" },

	{ "summary", "about", "TEXT", "none", "what the columns show, below the question" },
	{ "summary", "metric", "METRIC", "none", "metric of the columns that name none" },
	{ "summary", "against", "KEY=VALUE ...", "none", "row of the reference" },
	{ "summary", "crossing", "NAME", "none", "crossing whose outcome is the last column" },
	{ "summary", "workloads", "NAME,...", "all", "lines, in this order" },
	{ "summary", "since", "last", "none", "compare with the run before this one" },

	{ "summary COLUMN", "metric", "METRIC", "that of [summary]", "what the column shows" },
	{ "summary COLUMN", "of", "KEY=VALUE ...", NULL, ROWS },
	{ "summary COLUMN", "show", "change|value|yes-no", "change",
	  "change against the reference, the value, or 0 as no" },
	{ "summary COLUMN", "over", "first|sum|least|most", "first",
	  "which of several rows that of selects" },
	{ "summary COLUMN", "fold", "sum", "none",
	  "lines that differ in this column alone are one, with the sum" },

	{ "summary-line NAME", "of", "KEY=VALUE ...", NULL,
	  ROWS ": one line in place of a line per workload" },

	{ "row NAME", "of", "KEY=VALUE ...", NULL,
	  ROWS ", which tables call NAME; @SETTING@ in NAME stands for its value" },

	{ NULL, NULL, NULL, NULL, NULL },
};

const struct fl_key_text *fl_key_texts(void)
{
	return texts;
}

int fl_key_unknown(const char *section, const char *name, const char *key, struct fl_error *err)
{
	size_t head = strcspn(section, " "), at = 0;
	char allowed[256] = "";

	for (const struct fl_key_text *t = texts; t->section; t++)
		if (!strcmp(t->section, section) && at < sizeof(allowed))
			at += (size_t)snprintf(allowed + at, sizeof(allowed) - at, "%s%s",
					       at ? ", " : "", t->key);
	return fl_fail(err, FL_USAGE, "unknown key %s in [%.*s%s%s]; allowed: %s", key, (int)head,
		       section, name ? " " : "", name ? name : "", allowed);
}
