/* SPDX-License-Identifier: Apache-2.0
 * vio_params.h: the parameters of def/params.def as VIO_<name>, and VIO_HAS_<name> for each feature of
 * def/features.def. Printed by model/gen.c: `make gen`. Do not edit. Those with #ifndef may be set:
 * -DVIO_QUEUES=1. */
#ifndef VIO_PARAMS_H
#define VIO_PARAMS_H

#ifndef VIO_DATA_W
#define VIO_DATA_W 64
#endif
#define VIO_DATA_BYTES (VIO_DATA_W / 8)
#define VIO_LANE_BITS (VIO_DATA_W == 32 ? 2 : VIO_DATA_W == 64 ? 3 : VIO_DATA_W == 128 ? 4 : VIO_DATA_W == 256 ? 5 : 6)
#ifndef VIO_QUEUES
#define VIO_QUEUES 16
#endif
#ifndef VIO_QUEUE_NUM_MAX
#define VIO_QUEUE_NUM_MAX 32768
#endif
#ifndef VIO_SLOTS
#define VIO_SLOTS 8
#endif
#ifndef VIO_SEGS
#define VIO_SEGS 32
#endif
#ifndef VIO_PROBES
#define VIO_PROBES 16
#endif
#ifndef VIO_FIFO_MAX
#define VIO_FIFO_MAX 16384
#endif
#ifndef VIO_BURST_BEATS
#define VIO_BURST_BEATS 64
#endif
#ifndef VIO_READ_BEATS
#define VIO_READ_BEATS 256
#endif
#ifndef VIO_READ_BURSTS
#define VIO_READ_BURSTS 16
#endif
#ifndef VIO_WRITE_BURSTS
#define VIO_WRITE_BURSTS 32
#endif
#define VIO_DESC_BURST (8)
#define VIO_ID_AVAIL (0)
#define VIO_ID_DESC (1)
#define VIO_ID_HEADER (2)
#define VIO_ID_DATA (3)
#define VIO_ID_EVENT (4)
#define VIO_ID_RANGE (5)
#define VIO_ID_WRITE (0)
#define VIO_BE_READ (0)
#define VIO_BE_WRITE (1)
#define VIO_BE_FLUSH (2)
#define VIO_BE_GET_ID (3)
#define VIO_BE_WRITE_FUA (4)
#define VIO_BE_DISCARD (5)
#define VIO_BE_ZERO (6)
#define VIO_BE_ZERO_UNMAP (7)
#define VIO_BE_ERASE (8)
#define VIO_BE_LIFETIME (9)
#ifndef VIO_SIZE_MAX
#define VIO_SIZE_MAX 1048576
#endif
#ifndef VIO_SEG_MAX
#define VIO_SEG_MAX 126
#endif
#ifndef VIO_RANGE_MAX
#define VIO_RANGE_MAX 32768
#endif

#ifndef VIO_HAS_BLK_SIZE_MAX
#define VIO_HAS_BLK_SIZE_MAX 1
#endif
#ifndef VIO_HAS_BLK_SEG_MAX
#define VIO_HAS_BLK_SEG_MAX 1
#endif
#ifndef VIO_HAS_BLK_GEOMETRY
#define VIO_HAS_BLK_GEOMETRY 1
#endif
#ifndef VIO_HAS_BLK_RO
#define VIO_HAS_BLK_RO 1
#endif
#ifndef VIO_HAS_BLK_BLK_SIZE
#define VIO_HAS_BLK_BLK_SIZE 1
#endif
#ifndef VIO_HAS_BLK_FLUSH
#define VIO_HAS_BLK_FLUSH 1
#endif
#ifndef VIO_HAS_BLK_TOPOLOGY
#define VIO_HAS_BLK_TOPOLOGY 1
#endif
#ifndef VIO_HAS_BLK_CONFIG_WCE
#define VIO_HAS_BLK_CONFIG_WCE 1
#endif
#ifndef VIO_HAS_BLK_MQ
#define VIO_HAS_BLK_MQ 1
#endif
#ifndef VIO_HAS_BLK_DISCARD
#define VIO_HAS_BLK_DISCARD 1
#endif
#ifndef VIO_HAS_BLK_WRITE_ZEROES
#define VIO_HAS_BLK_WRITE_ZEROES 1
#endif
#ifndef VIO_HAS_BLK_LIFETIME
#define VIO_HAS_BLK_LIFETIME 1
#endif
#ifndef VIO_HAS_BLK_SECURE_ERASE
#define VIO_HAS_BLK_SECURE_ERASE 1
#endif
#ifndef VIO_HAS_ANY_LAYOUT
#define VIO_HAS_ANY_LAYOUT 1
#endif
#ifndef VIO_HAS_INDIRECT_DESC
#define VIO_HAS_INDIRECT_DESC 1
#endif
#ifndef VIO_HAS_EVENT_IDX
#define VIO_HAS_EVENT_IDX 1
#endif
#ifndef VIO_HAS_VERSION_1
#define VIO_HAS_VERSION_1 1
#endif
#ifndef VIO_HAS_ACCESS_PLATFORM
#define VIO_HAS_ACCESS_PLATFORM 1
#endif
#ifndef VIO_HAS_RING_PACKED
#define VIO_HAS_RING_PACKED 1
#endif
#ifndef VIO_HAS_IN_ORDER
#define VIO_HAS_IN_ORDER 1
#endif
#ifndef VIO_HAS_ORDER_PLATFORM
#define VIO_HAS_ORDER_PLATFORM 1
#endif
#ifndef VIO_HAS_NOTIFICATION_DATA
#define VIO_HAS_NOTIFICATION_DATA 1
#endif
#ifndef VIO_HAS_RING_RESET
#define VIO_HAS_RING_RESET 1
#endif

#endif
