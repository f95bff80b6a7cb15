/* SPDX-License-Identifier: Apache-2.0
 * config.c: virtio-blk's configuration space as the driver sees it, virtio 1.2, 5.2.4 and 5.2.5. */
#include "driver.h"

enum { CONFIG = 0x100, WORDS = 18, CAPACITY_WORDS = 2, WRITEBACK = 8, WRITEBACK_AT = CONFIG + 0x20 };
enum { DISCARD_SECTORS = 9, ZEROES_SECTORS = 12, MAY_UNMAP = 14, ERASE_SECTORS = 15 };

/* The feature of each word; a word of a feature that is not offered reads 0. Words of none are judged by themselves. */
static const uint64_t word_feature[WORDS] = {
	[2] = F_SIZE_MAX,      [3] = F_SEG_MAX,       [4] = F_GEOMETRY,      [5] = F_BLK_SIZE,
	[6] = F_TOPOLOGY,      [7] = F_TOPOLOGY,      [9] = F_DISCARD,       [10] = F_DISCARD,
	[11] = F_DISCARD,      [12] = F_WRITE_ZEROES, [13] = F_WRITE_ZEROES, [14] = F_WRITE_ZEROES,
	[15] = F_SECURE_ERASE, [16] = F_SECURE_ERASE, [17] = F_SECURE_ERASE,
};

static uint32_t read_word(struct driver *d, unsigned word)
{
	return machine_read(d->m, (uint16_t)(CONFIG + 4 * word));
}

static void check_word(struct driver *d, unsigned word, uint32_t is)
{
	bool there = (driver_offered(d) & word_feature[word]) != 0, good = there ? is != 0 : is == 0;

	if (word < CAPACITY_WORDS)
		good = is == (uint32_t)(d->s.capacity >> 32 * word);
	if (word == WRITEBACK)
		good = (is & 0xfffe) == 0 && is >> 16 == (driver_offered(d) & F_MQ ? d->s.queues : 0) &&
		       (!driver_has(d, F_CONFIG_WCE) || (is & 1) == d->writeback);
	if (word == MAY_UNMAP)
		good = is <= there;
	if (!good)
		machine_fail(d->m, "config word at 0x%03x reads 0x%x", CONFIG + 4 * word, is);
}

void config_check(struct driver *d)
{
	for (unsigned word = 0; word < WORDS && !machine_failed(d->m); word++)
		check_word(d, word, read_word(d, word));
}

/* The driver believes what config space says of the limits of its requests. */
static void learn_limits(struct driver *d)
{
	static const struct {
		unsigned type, word;
	} limits[] = {{TYPE_DISCARD, DISCARD_SECTORS},
		      {TYPE_WRITE_ZEROES, ZEROES_SECTORS},
		      {TYPE_SECURE_ERASE, ERASE_SECTORS}};

	for (unsigned i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		d->score.limits[limits[i].type] =
			(struct score_limit){read_word(d, limits[i].word), read_word(d, limits[i].word + 1)};
}

/* virtio 1.2, 5.2.6.2: FLUSH offered and neither it nor CONFIG_WCE accepted makes every write stable at once; with
 * CONFIG_WCE, writeback decides, which begins as 0 when the driver cannot flush. */
void config_start(struct driver *d)
{
	bool through = (driver_offered(d) & F_FLUSH) && !driver_has(d, F_FLUSH);

	d->writeback = read_word(d, WRITEBACK) & 1;
	if (!d->s.legacy && driver_has(d, F_CONFIG_WCE) && !driver_has(d, F_FLUSH) && d->writeback)
		machine_fail(d->m, "writeback begins as 1, though the driver cannot flush");
	if (driver_has(d, F_CONFIG_WCE))
		through = !d->writeback;
	d->stable_since = through ? 0 : UINT64_MAX;
	stable_clear(&d->stable);
	learn_limits(d);
	config_check(d);
}

void config_switch_cache(struct driver *d)
{
	uint32_t value = sim_rng_chance(&d->rng, 800) ? sim_rng_below(&d->rng, 2) : sim_rng_next(&d->rng), is;

	d->stable_since = UINT64_MAX; /* until it is known */
	machine_log(d->m, "W Writeback 0x%x", value);
	machine_write(d->m, WRITEBACK_AT, value);
	is = read_word(d, WRITEBACK) & 0xff;
	if (is > 1 || (value < 2 && is != value))
		machine_fail(d->m, "writeback is 0x%x after 0x%x was written", is, value);
	d->writeback = is;
	if (is == 0)
		d->stable_since = d->m->cycle;
}

void config_scribble(struct driver *d)
{
	unsigned word = sim_rng_below(&d->rng, WORDS);

	if (word == WRITEBACK)
		return;
	machine_log(d->m, "W config word %u", word);
	machine_write(d->m, (uint16_t)(CONFIG + 4 * word), sim_rng_next(&d->rng));
	check_word(d, word, read_word(d, word));
}
