/* SPDX-License-Identifier: GPL-2.0 */
#include "lib/ktap.h"

#include <ctype.h>
#include <string.h>

bool ktap_wanted(const char *name, int n, char **names)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return n == 0;
}

void ktap_result(struct ktap *k, enum ktap_outcome outcome, const char *name, const char *why)
{
	fprintf(k->out, "%s %u %s", outcome == KTAP_FAIL ? "not ok" : "ok", ++k->number, name);
	if (outcome == KTAP_SKIP || (why && *why))
		fprintf(k->out, " # %s%s", outcome == KTAP_SKIP ? "SKIP " : "", why ? why : "");
	fputc('\n', k->out);
	fflush(k->out);
	k->counts[outcome]++;
}

void ktap_close(struct ktap *k)
{
	if (!*k->open)
		return;
	ktap_result(k, k->so_far, k->open, "");
	*k->open = '\0';
}

static bool ends_with(const char *line, const char *word)
{
	size_t len = strlen(line), n = strlen(word);

	return len >= n && !strcmp(line + len - n, word);
}

/* "Collapse fully populated PTE table.... OK": the worst step is the case's outcome. */
static void take_step(struct ktap *k, const char *line)
{
	if (strstr(line, "... Fail") || ends_with(line, " Fail") || ends_with(line, " Timeout") ||
	    strstr(line, " Fail: ") || ends_with(line, "Unexpected huge page") ||
	    strstr(line, "Failed to allocate"))
		k->so_far = KTAP_FAIL;
	else if (ends_with(line, " Skip") && k->so_far == KTAP_PASS)
		k->so_far = KTAP_SKIP;
}

/* "Testing wp-unpopulated on anon... skipped [reason: no such thing]" */
static bool take_testing(struct ktap *k, const char *line)
{
	const char *dots = strstr(line, "... ");
	char name[160];

	if (strncmp(line, "Testing ", 8) != 0 || !dots)
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(dots - line - 8), line + 8);
	dots += 4;
	if (!strncmp(dots, "done", 4))
		ktap_result(k, KTAP_PASS, name, NULL);
	else if (!strncmp(dots, "skipped", 7))
		ktap_result(k, KTAP_SKIP, name, dots + 7 + strspn(dots + 7, " "));
	else
		ktap_result(k, KTAP_FAIL, name, NULL);
	return true;
}

static bool take_ktap(struct ktap *k, const char *line)
{
	bool good = !strncmp(line, "ok ", 3), bad = !strncmp(line, "not ok ", 7);
	unsigned int number;

	if ((!good && !bad) || sscanf(line + (good ? 3 : 7), "%u", &number) != 1)
		return false;
	k->own = true;
	k->number = number;
	k->counts[bad ? KTAP_FAIL : strstr(line, "# SKIP") ? KTAP_SKIP : KTAP_PASS]++;
	return true;
}

void ktap_line(struct ktap *k, const char *line)
{
	if (take_testing(k, line))
		return;
	take_ktap(k, line);
	if (!strncmp(line, "Run test: ", 10)) {
		ktap_close(k);
		snprintf(k->open, sizeof(k->open), "%s", line + 10);
		k->so_far = KTAP_PASS;
	} else if (*k->open) {
		take_step(k, line);
	}
	fprintf(k->out, "%s\n", line);
}

void ktap_summary(const struct ktap *k)
{
	fprintf(k->out, "cases_passed %u\ncases_failed %u\ncases_skipped %u\n",
		k->counts[KTAP_PASS], k->counts[KTAP_FAIL], k->counts[KTAP_SKIP]);
}
