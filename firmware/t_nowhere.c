/* SPDX-License-Identifier: Apache-2.0
 * t_nowhere: jumps to where nothing is, with a trap handler that is not there either: the simulator has to notice. No
 * test by itself: tests/system/bad_input.sh runs it.
 */
#include <stdint.h>
#include "riscv.h"

#define NOTHING 0x40000000u

int main(void)
{
	CSR_WRITE(mtvec, NOTHING);
	((void (*)(void))(uintptr_t)NOTHING)();
	return 0;
}
