/* SPDX-License-Identifier: Apache-2.0
 * signature.c: see signature.h.
 */
#define _XOPEN_SOURCE 700
#include "signature.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "sim.h"
#include "soc/map.h"

enum { WORD = 4 };

struct signature signature_find(const struct symbols *symbols, const char *program, uint64_t dram_size)
{
	struct signature s;
	uint64_t begin, end;

	if (!symbols || !symbols_variable(symbols, "begin_signature", &begin) ||
	    !symbols_variable(symbols, "end_signature", &end))
		sim_die("-signature: %s has no begin_signature and end_signature", program);
	s = (struct signature){begin - MAP_DRAM, end - begin};
	if (s.offset > dram_size || s.bytes > dram_size - s.offset || s.offset % WORD || s.bytes % WORD)
		sim_die("-signature: %s: the signature is not made of words in DRAM", program);
	return s;
}

void signature_write(struct signature s, const uint8_t *dram, const char *path)
{
	FILE *f = fopen(path, "w");
	bool failed;

	if (!f)
		sim_die("%s: %s", path, strerror(errno));
	for (uint64_t at = 0; at < s.bytes; at += WORD) {
		uint32_t word;

		memcpy(&word, dram + s.offset + at, sizeof word);
		fprintf(f, "%08x\n", word);
	}
	failed = ferror(f);
	if (fclose(f) != 0 || failed)
		sim_die("%s: could not be written", path);
}
