/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/commands.h"

const char fl_version[] = FL_VERSION;
