/* SPDX-License-Identifier: Apache-2.0
 * console.h: the far end of the UART's line, as -serial names it:
 *
 *     stdio                        standard input and output
 *     null                         nothing
 *     file:PATH                    output to a file
 *     unix:PATH[,server][,nowait]  a socket: one that somebody listens at, or one to listen at; without nowait the machine
 *                                  waits for its first visitor
 *     pty                          a new pseudo-terminal, whose name is told on stderr
 *
 * A terminal on standard input is put into raw mode until the program ends, however it does: then Ctrl-C is the guest's,
 * and Ctrl-A x quits.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct console;

/* sim_die names what of spec cannot be understood or opened. input: read it as well. */
struct console *console_open(const char *spec, bool input);
/* Writes what is left. sim_die when a file could not keep all. */
void console_close(struct console *c);

/* Where output goes. What nobody is there to read is dropped. NULL: it goes nowhere. */
FILE *console_file(const struct console *c);

/* What goes to standard output takes another way there, until it is set back. */
void console_through(struct console *c, FILE *file);

/* There may be input still, or some is kept: false at its end. */
bool console_listens(const struct console *c);
/* Somebody types, in real time. */
bool console_is_terminal(const struct console *c);
/* Up to room bytes of input that is there, or that comes within wait_ms. */
size_t console_read(struct console *c, uint8_t *to, size_t room, int wait_ms);
/* While the guest has no room: what somebody types, now or within wait_ms, is read and kept for console_read, and
 * escapes in it are obeyed. What a file, a pipe or a line holds stays there. */
void console_keep(struct console *c, int wait_ms);
/* The user wants to quit. */
bool console_quit(const struct console *c);

#endif
