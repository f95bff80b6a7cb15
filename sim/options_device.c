/* SPDX-License-Identifier: Apache-2.0
 * options_device.c: -device and its properties. */
#include <string.h>
#include "options_impl.h"
#include "sim.h"
#include "soc/map.h"
#include "vio_params.h"

static void read_slot(struct device *d, const char *name, const char *bus)
{
	static const char prefix[] = "virtio-mmio-bus.";

	if (strncmp(bus, prefix, sizeof prefix - 1) != 0)
		sim_die("%s: bus '%s' is not virtio-mmio-bus.0 to .7", name, bus);
	d->placed = true;
	d->slot = (unsigned)options_number(name, bus + sizeof prefix - 1, MAP_VIRTIO_SLOTS - 1);
}

enum feature_bit {
#define FEATURE(name, bit, what) BIT_##name = (bit),
#include "def/features.def"
#undef FEATURE
};

static bool on_or_off(const char *name, const char *key, const char *value)
{
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
		sim_die("%s: '%s=%s' is neither on nor off", name, key, value);
	return strcmp(value, "on") == 0;
}

/* property=on or off. False when there is no such property. */
static bool read_property(struct device *d, const char *name, const char *key, const char *value)
{
	uint64_t bit = 0;

#define PROPERTY(property, feature, initial) \
	if (strcmp(key, property) == 0)      \
		bit = UINT64_C(1) << BIT_##feature;
#include "features.def"
	if (bit == 0)
		return false;
	d->features = on_or_off(name, key, value) ? d->features | bit : d->features & ~bit;
	return true;
}

/* A property that is a strap. False when there is no such property. */
static bool read_strap(struct device *d, const char *name, const char *key, const char *value)
{
	uint64_t number;

	if (strcmp(key, "need_v1") == 0) {
		d->straps.need_v1 = on_or_off(name, key, value);
	} else if (strcmp(key, "num-queues") == 0) {
		number = options_number(name, value, VIO_QUEUES);
		if (number == 0)
			sim_die("%s: num-queues=0 is no queue", name);
		d->straps.queues = (uint8_t)number;
	} else if (strcmp(key, "queue-size") == 0) {
		number = options_number(name, value, VIO_QUEUE_NUM_MAX);
		if (number == 0 || (number & (number - 1)) != 0)
			sim_die("%s: queue-size=%s is no power of two", name, value);
		d->straps.queue_num = (uint16_t)number;
	} else {
		return false;
	}
	return true;
}

static uint64_t default_features(void)
{
	uint64_t features = UINT64_C(1) << BIT_VERSION_1;

#define PROPERTY(property, feature, initial) features |= (uint64_t)(initial) << BIT_##feature;
#include "features.def"
	return features;
}

void options_read_device(struct options *o, void *field, const char *name, const char *arg)
{
	struct device *d = (struct device *)field + o->device_count;
	char *list, *key, *value;

	if (o->device_count == MAP_VIRTIO_SLOTS)
		sim_die("%s: there are %u slots", name, MAP_VIRTIO_SLOTS);
	*d = (struct device){.features = default_features(), .straps = {.queues = 1, .queue_num = 1024}};
	list = d->text = options_copy(arg);
	if (!options_next_pair(&list, &key, &value) || strcmp(key, "virtio-blk-device") != 0)
		sim_die("%s: '%s' is not virtio-blk-device", name, arg);
	while (options_next_pair(&list, &key, &value)) {
		if (strcmp(key, "drive") == 0) {
			d->drive_id = value;
		} else if (strcmp(key, "bus") == 0) {
			read_slot(d, name, value);
		} else if (strcmp(key, "serial") == 0) {
			if (strlen(value) > OPTIONS_SERIAL)
				sim_die("%s: serial '%s' is longer than %d bytes", name, value, OPTIONS_SERIAL);
			memcpy(d->serial, value, strlen(value) + 1);
		} else if (!read_property(d, name, key, value) && !read_strap(d, name, key, value)) {
			sim_die("%s: '%s=%s' is unknown", name, key, value);
		}
	}
	if (!d->drive_id)
		sim_die("%s: '%s' has no drive=", name, arg);
	o->device_count++;
}
