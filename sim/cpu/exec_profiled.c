/* SPDX-License-Identifier: Apache-2.0
 * exec_profiled.c: exec_run as exec_run_profiled: profile.h. Apart from exec.c, so that a run without a profile pays nothing.
 */
#define EXEC_PROFILED 1
#include "cpu/exec.c"
