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
/* -device: a reader of options.def. */
void options_read_device(struct options *o, void *field, const char *name, const char *arg);

#endif
