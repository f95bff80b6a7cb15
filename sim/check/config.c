/* SPDX-License-Identifier: Apache-2.0
 * config.c: config space, virtio 1.2, 2.5 and 5.2.4. Fields are known for block devices; of another device only the
 * rules that need no fields are watched.
 */
#include "check/check_impl.h"

enum { CAPACITY_LOW = 0, CAPACITY_HIGH = 4, WRITEBACK = 32 };

struct field {
	const char *name;
	uint8_t offset, bytes, feature;
};

static const struct field fields[] = {
#define CONFIG(name, offset, bytes, feature) {#name, offset, bytes, feature},
#include "check/config_blk.def"
};

static const struct field *field_at(uint32_t offset)
{
	for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (offset - fields[i].offset < fields[i].bytes)
			return &fields[i];
	return NULL;
}

static void check_field(struct check *c, const struct field *f, uint32_t offset, unsigned len)
{
	unsigned width = f->bytes < 4 ? f->bytes : 4;

	if (f->feature < 64 && !(c->offered >> f->feature & 1))
		check_tell(c, CHECK_CFG_05, ": %s", f->name);
	if ((len != width || (offset - f->offset) % width) && !c->legacy)
		check_tell(c, CHECK_MMIO_48, ": %s by %u bytes", f->name, len);
}

static void remember(struct check *c, uint32_t offset, unsigned len, uint64_t data)
{
	for (uint32_t i = offset; i < offset + len && i < CONFIG_BYTES; i++) {
		c->config_space[i] = (uint8_t)(data >> 8 * (i - offset));
		c->config_known[i / 64] |= 1ull << i % 64;
	}
}

/* Both halves of capacity belong between two equal generations; 4-byte halves in any order. */
static void take_halves(struct check *c, uint32_t offset)
{
	uint8_t half = offset == CAPACITY_LOW ? 1 : 2;

	if (c->halves & half)
		c->halves = 0;
	c->halves |= half;
	if (c->halves != 3)
		return;
	c->halves = 0;
	if (!c->generation_read)
		check_tell(c, CHECK_CFG_04, ": capacity");
	c->generation_due = c->generation_read;
}

void check_generation_read(struct check *c)
{
	c->generation_read = true;
	c->generation_due = false;
	c->halves = 0;
}

void check_config_done(struct check *c)
{
	if (c->generation_due)
		check_tell(c, CHECK_CFG_04, ": capacity, no read after");
	c->generation_due = false;
}

void check_config_access(struct check *c, uint32_t offset, unsigned len, bool write, uint64_t data)
{
	const struct field *f = field_at(offset);

	if (write && !(c->status & FEATURES_OK) && !c->legacy)
		check_tell(c, CHECK_INIT_02, ": offset 0x%03x", 0x100 + offset);
	if (!write && offset <= WRITEBACK && WRITEBACK < offset + len && !(c->status & FEATURES_OK) && !c->legacy &&
	    c->device_id == BLOCK_DEVICE)
		check_tell(c, CHECK_BLK_12, "%s", "");
	if (c->device_id != BLOCK_DEVICE)
		return;
	if (f)
		check_field(c, f, offset, len);
	else if (!c->legacy)
		check_tell(c, CHECK_MMIO_46_hole, ": offset 0x%03x", 0x100 + offset);
	if (write)
		return;
	remember(c, offset, len, data);
	if (len == 4 && (offset == CAPACITY_LOW || offset == CAPACITY_HIGH) && !c->legacy)
		take_halves(c, offset);
}

bool check_config_word(const struct check *c, uint32_t offset, uint32_t *value)
{
	for (uint32_t i = offset; i < offset + 4; i++)
		if (!(c->config_known[i / 64] >> i % 64 & 1))
			return false;
	*value = check_le32(&c->config_space[offset]);
	return true;
}

uint64_t check_capacity(const struct check *c)
{
	uint32_t low, high;

	if (check_config_word(c, CAPACITY_LOW, &low) && check_config_word(c, CAPACITY_HIGH, &high))
		return low | (uint64_t)high << 32;
	return c->config.capacity;
}
