/* SPDX-License-Identifier: Apache-2.0
 * finish.h: the finisher at 0x100000, which ends the run.
 */
#ifndef FINISH_H
#define FINISH_H

/* Ends the run with this exit status; 0 is a pass. Only the low 16 bits count. */
_Noreturn void finish(int status);

#endif
