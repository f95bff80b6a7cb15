/* SPDX-License-Identifier: Apache-2.0
 * blk_config.c: virtio-blk's configuration space, virtio 1.2, 5.2.4: a part of regs. Twin of rtl/blk_config.v.
 *
 * Promises: a field is there when its feature is offered, and reads 0 otherwise; all but writeback are read-only.
 */

/* Fields of virtio-blk's config space that are there when their feature is offered, virtio 1.2, 5.2.4. */
static const struct config_word {
	uint16_t addr;
	uint8_t feature;
	uint32_t value;
} config_words[] = {
	{REG_SizeMax, F_BIT_BLK_SIZE_MAX, VIO_SIZE_MAX},
	{REG_SegMax, F_BIT_BLK_SEG_MAX, VIO_SEG_MAX},
	{REG_BlkSize, F_BIT_BLK_BLK_SIZE, 512},
	{REG_Topology, F_BIT_BLK_TOPOLOGY, 0x00080003},
	{REG_OptIoSize, F_BIT_BLK_TOPOLOGY, 128},
	{REG_MaxDiscardSectors, F_BIT_BLK_DISCARD, VIO_RANGE_MAX},
	{REG_MaxDiscardSeg, F_BIT_BLK_DISCARD, 1},
	{REG_DiscardAlignment, F_BIT_BLK_DISCARD, 8},
	{REG_MaxZeroesSectors, F_BIT_BLK_WRITE_ZEROES, VIO_RANGE_MAX},
	{REG_MaxZeroesSeg, F_BIT_BLK_WRITE_ZEROES, 1},
	{REG_ZeroesMayUnmap, F_BIT_BLK_WRITE_ZEROES, 1},
	{REG_MaxEraseSectors, F_BIT_BLK_SECURE_ERASE, VIO_RANGE_MAX},
	{REG_MaxEraseSeg, F_BIT_BLK_SECURE_ERASE, 1},
	{REG_EraseAlignment, F_BIT_BLK_SECURE_ERASE, 8},
};

/* Config space can be read in the first clock, before capacity is kept (virtio 1.2, 2.5.2). */
static uint64_t capacity(const struct vio_regs *r, const struct vio_in *in)
{
	return r->booted ? r->pub.capacity : in->strap_capacity;
}

/* 16 heads of 64 sectors, and as many cylinders as the disk fills. */
static uint32_t geometry(uint64_t capacity)
{
	const uint64_t cylinders = capacity >> 10;

	return 64u << 24 | 16u << 16 | (uint32_t)(cylinders < 0xffff ? cylinders : 0xffff);
}

static uint32_t read_config(const struct vio_regs *r, const struct vio_in *in, uint16_t addr)
{
	const uint64_t set = offered(in);

	for (unsigned i = 0; i < sizeof config_words / sizeof config_words[0]; i++)
		if (config_words[i].addr == (addr & 0xffc))
			return has_feature(set, config_words[i].feature) ? config_words[i].value : 0;
	if ((addr & 0xffc) == REG_Geometry)
		return has_feature(set, F_BIT_BLK_GEOMETRY) ? geometry(capacity(r, in)) : 0;
	if ((addr & 0xffc) == REG_Writeback)
		return (has_feature(set, F_BIT_BLK_MQ) ? (uint32_t)in->strap_queues << 16 : 0) |
		       (has_feature(set, F_BIT_BLK_CONFIG_WCE) && r->writeback);
	return 0;
}

/* virtio 1.2, 5.2.6.2: writes must be stable when writeback is 0, or when a driver that could flush cannot. */
static bool write_through(const struct vio_regs *r, bool legacy)
{
	if ((r->status & (legacy ? STATUS_DRIVER : STATUS_FEATURES_OK)) == 0)
		return false;
	if (has_feature(r->pub.features, F_BIT_BLK_CONFIG_WCE))
		return !r->writeback;
	return has_feature(r->offered, F_BIT_BLK_FLUSH) && !has_feature(r->pub.features, F_BIT_BLK_FLUSH);
}
