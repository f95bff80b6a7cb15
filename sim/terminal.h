/* SPDX-License-Identifier: Apache-2.0
 * terminal.h: the user's terminal in raw mode, and back.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

/* Every byte of standard input comes at once, unchanged and without an echo; output is processed as before. The old mode
 * comes back when the program exits, and when a signal ends it. */
void terminal_raw(void);
/* The old mode again; nothing when it never changed. */
void terminal_restore(void);

#endif
