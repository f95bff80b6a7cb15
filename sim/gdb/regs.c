/* SPDX-License-Identifier: Apache-2.0
 * regs.c: see regs.h.
 */
#include "gdb/regs.h"

#include <stdio.h>
#include "cpu/csr.h"
#include "sim.h"

enum { CSR_MCYCLE = 0xb00, CSR_MINSTRET = 0xb02, CSRS = 4096, XML_BYTES = 65536 };

static const char *const x_names[32] = {"zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "fp", "s1", "a0",
					"a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
					"s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

static const char *const f_names[32] = {"ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
					"fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
					"fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};

static const struct {
	unsigned number;
	const char *name;
} csrs[] = {
#define CSR(n, name) {n, #name},
#define PLAIN(n, name, writable) {n, #name},
#define ZERO(n, name) {n, #name},
#include "cpu/csr.def"
	{0x3a0, "pmpcfg0"},   {0x3a2, "pmpcfg2"},   {0x3b0, "pmpaddr0"},  {0x3b1, "pmpaddr1"},  {0x3b2, "pmpaddr2"},
	{0x3b3, "pmpaddr3"},  {0x3b4, "pmpaddr4"},  {0x3b5, "pmpaddr5"},  {0x3b6, "pmpaddr6"},  {0x3b7, "pmpaddr7"},
	{0x3b8, "pmpaddr8"},  {0x3b9, "pmpaddr9"},  {0x3ba, "pmpaddr10"}, {0x3bb, "pmpaddr11"}, {0x3bc, "pmpaddr12"},
	{0x3bd, "pmpaddr13"}, {0x3be, "pmpaddr14"}, {0x3bf, "pmpaddr15"},
};

enum { CSR_COUNT = sizeof csrs / sizeof csrs[0] };

static bool is_csr(uint64_t number)
{
	for (unsigned i = 0; i < CSR_COUNT; i++)
		if (number == GDB_REG_CSR + (uint64_t)csrs[i].number)
			return true;
	return false;
}

bool gdb_reg_read(struct cpu *cpu, uint64_t number, uint64_t *value)
{
	if (number < GDB_REG_PC)
		*value = cpu->x[number];
	else if (number == GDB_REG_PC)
		*value = cpu->pc;
	else if (number < GDB_REG_CSR)
		*value = cpu->f[number - GDB_REG_F];
	else if (number == GDB_REG_PRIV)
		*value = cpu->priv;
	else if (is_csr(number))
		*value = csr_read(cpu, (unsigned)number - GDB_REG_CSR);
	else
		return false;
	return true;
}

/* A write by an instruction to a counter of clocks counts as done in that instruction's clock; this one has none. */
static void write_csr(struct cpu *cpu, unsigned number, uint64_t value)
{
	csr_write(cpu, number, number == CSR_MCYCLE || number == CSR_MINSTRET ? value + 1 : value);
}

static bool is_read_only(unsigned csr)
{
	return csr >> 10 == 3;
}

bool gdb_reg_write(struct cpu *cpu, uint64_t number, uint64_t value)
{
	unsigned csr = (unsigned)number - GDB_REG_CSR;

	if (number == 0)
		return value == 0;
	if (number < GDB_REG_PC)
		cpu->x[number] = value;
	else if (number == GDB_REG_PC && value % 2 == 0)
		cpu->pc = value;
	else if (number >= GDB_REG_F && number < GDB_REG_CSR)
		cpu->f[number - GDB_REG_F] = value;
	else if (number == GDB_REG_PRIV && (value <= CPU_S || value == CPU_M))
		cpu->priv = (unsigned)value;
	else if (is_csr(number) && !is_read_only(csr))
		write_csr(cpu, csr, value);
	else
		return false;
	return true;
}

static char *print_csrs(char *at)
{
	at += sprintf(at, "<feature name=\"org.gnu.gdb.riscv.csr\">\n");
	for (unsigned i = 0; i < CSR_COUNT; i++)
		at += sprintf(at, "<reg name=\"%s\" bitsize=\"64\" regnum=\"%u\"/>\n", csrs[i].name,
			      GDB_REG_CSR + csrs[i].number);
	return at + sprintf(at, "</feature>\n");
}

static char *print_xml(char *at)
{
	at += sprintf(at, "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n"
			  "<architecture>riscv:rv64</architecture>\n<feature name=\"org.gnu.gdb.riscv.cpu\">\n");
	for (unsigned i = 0; i < GDB_REG_PC; i++)
		at += sprintf(at, "<reg name=\"%s\" bitsize=\"64\" type=\"%s\" regnum=\"%u\"/>\n", x_names[i],
			      i >= 2 && i <= 4 ? "data_ptr" : "int", i);
	at += sprintf(at, "<reg name=\"pc\" bitsize=\"64\" type=\"code_ptr\" regnum=\"%u\"/>\n</feature>\n",
		      GDB_REG_PC);
	at += sprintf(at, "<feature name=\"org.gnu.gdb.riscv.fpu\">\n");
	for (unsigned i = 0; i < 32; i++)
		at += sprintf(at, "<reg name=\"%s\" bitsize=\"64\" type=\"ieee_double\" regnum=\"%u\"/>\n", f_names[i],
			      GDB_REG_F + i);
	at += sprintf(at, "</feature>\n");
	at = print_csrs(at);
	return at + sprintf(at,
			    "<feature name=\"org.gnu.gdb.riscv.virtual\">\n"
			    "<reg name=\"priv\" bitsize=\"64\" regnum=\"%u\"/>\n</feature>\n</target>\n",
			    GDB_REG_PRIV);
}

const char *gdb_regs_xml(size_t *len)
{
	static char xml[XML_BYTES];
	static size_t bytes;

	_Static_assert((CSR_COUNT + 64) * 80 + 1024 < XML_BYTES, "a register takes less than 80 bytes");
	if (bytes == 0)
		bytes = (size_t)(print_xml(xml) - xml);
	*len = bytes;
	return xml;
}
