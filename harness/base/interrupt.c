/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static atomic_int interrupted;

static void on_signal(int sig)
{
	(void)sig;
	atomic_store(&interrupted, 1);
}

/* SA_RESTART: an EINTR in a read from a pipe or a wait for a child would be mistaken for a failure.
 */
void fl_interrupt_catch(void)
{
	struct sigaction a = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_RESTART };

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
}

bool fl_interrupted(void)
{
	return atomic_load(&interrupted);
}

const atomic_int *fl_interrupt_flag(void)
{
	return &interrupted;
}
