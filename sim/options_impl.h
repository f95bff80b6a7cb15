/* SPDX-License-Identifier: Apache-2.0
 * options_impl.h: what the files of options.c share. name is the option that messages speak of. */
#ifndef OPTIONS_IMPL_H
#define OPTIONS_IMPL_H

#include "options.h"

/* A whole number up to max; anything else is sim_die. */
uint64_t options_number(const char *name, const char *arg, uint64_t max);
/* Cuts the next key[=value] off a list with commas; "" is the value of a lone key. A doubled comma is a comma. */
bool options_next_pair(char **list, char **key, char **value);
char *options_copy(const char *text);
#define OPTIONS_RTC_START UINT64_C(1767225600) /* 2026-01-01, so that runs repeat */

/* Readers of options.def. */
typedef void options_reader(struct options *o, void *field, const char *name, const char *arg);
options_reader options_read_device, options_read_machine, options_read_symbols, options_read_rtc;
/* What -bios, -kernel and those beside them must be to each other. */
void options_check_machine(struct options *o);

#endif
