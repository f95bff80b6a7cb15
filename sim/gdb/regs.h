/* SPDX-License-Identifier: Apache-2.0
 * regs.h: the hart's registers as GDB numbers them, and the target description that names them.
 *
 * 0 to 31 are x0 to x31, 32 is pc, 33 to 64 are f0 to f31, 65 + n is CSR n, and 4161 is the virtual register priv: the mode, as QEMU has it. The
 * packet `g` holds x0 to pc; the others are read one by one.
 */
#ifndef GDB_REGS_H
#define GDB_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cpu/cpu.h"

enum { GDB_REG_PC = 32, GDB_REGS_OF_G = 33, GDB_REG_F = 33, GDB_REG_CSR = 65, GDB_REG_PRIV = 4161 };

/* All registers have 64 bits. False: there is no such register, or it cannot be written. No clock passes. */
bool gdb_reg_read(struct cpu *cpu, uint64_t number, uint64_t *value);
bool gdb_reg_write(struct cpu *cpu, uint64_t number, uint64_t value);

/* The target description: XML, and its length. */
const char *gdb_regs_xml(size_t *len);

#endif
