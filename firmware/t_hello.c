/* SPDX-License-Identifier: Apache-2.0
 * t_hello: the smallest program: it prints, and ends through the finisher.
 */
#include "print.h"

int main(void)
{
	print("hello from rv64imac\n");
	return 0;
}
