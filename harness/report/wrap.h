/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/wrap.h"
