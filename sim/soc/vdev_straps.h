/* SPDX-License-Identifier: Apache-2.0
 * vdev_straps.h: straps of the device that are properties of -device. */
#ifndef VDEV_STRAPS_H
#define VDEV_STRAPS_H

#include <stdbool.h>
#include <stdint.h>

struct vdev_straps {
	uint8_t queues;     /* num-queues: how many there are */
	uint16_t queue_num; /* queue-size: QueueNumMax, a power of two */
	bool need_v1;       /* need_v1: a driver that does not accept VERSION_1 is refused */
};

#endif
