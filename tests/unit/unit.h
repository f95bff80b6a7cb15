/* SPDX-License-Identifier: Apache-2.0
 * unit.h: what cmocka needs, in the order that it needs it. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#endif
