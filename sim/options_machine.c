/* SPDX-License-Identifier: Apache-2.0
 * options_machine.c: -M, and what the machine starts with. */
#define _XOPEN_SOURCE 700
#include <string.h>
#include <time.h>
#include "options_impl.h"
#include "sim.h"

/* virt[,dumpdtb=FILE] */
void options_read_machine(struct options *o, void *field, const char *name, const char *arg)
{
	static const char dump[] = "dumpdtb=";
	const char *comma = strchr(arg, ','), *file = comma ? comma + sizeof dump : NULL;

	(void)o;
	if (strncmp(arg, "virt", 4) != 0 || (arg[4] && arg[4] != ','))
		sim_die("%s: there is no machine '%s', only virt", name, arg);
	if (comma && (strncmp(comma + 1, dump, sizeof dump - 1) != 0 || !file[0] || strchr(file, ',')))
		sim_die("%s: '%s' is not virt or virt,dumpdtb=FILE", name, arg);
	if (comma)
		*(const char **)field = file;
}

void options_read_symbols(struct options *o, void *field, const char *name, const char *arg)
{
	const char **list = field;

	if (o->symbols_count == OPTIONS_SYMBOLS)
		sim_die("%s: more than %d files", name, OPTIONS_SYMBOLS);
	list[o->symbols_count++] = arg;
}

/* base=utc, base=DATE or base=DATETTIME, all of them UTC. */
void options_read_rtc(struct options *o, void *field, const char *name, const char *arg)
{
	static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"};
	const char *end;
	struct tm tm;

	(void)o;
	if (strcmp(arg, "base=utc") == 0) {
		*(uint64_t *)field = (uint64_t)time(NULL);
		return;
	}
	for (unsigned i = 0; i < 2 && strncmp(arg, "base=", 5) == 0; i++) {
		memset(&tm, 0, sizeof tm);
		end = strptime(arg + 5, formats[i], &tm);
		if (end && !*end && tm.tm_year >= 70) {
			*(uint64_t *)field = (uint64_t)timegm(&tm);
			return;
		}
	}
	sim_die("%s: '%s' is not base=utc or base=YYYY-MM-DD[THH:MM:SS]", name, arg);
}

void options_check_machine(struct options *o)
{
	if (o->bios && strcmp(o->bios, "none") == 0)
		o->bios = NULL;
	if (!o->kernel && (o->initrd || o->append))
		sim_die("%s: there is no -kernel that it is for", o->initrd ? "-initrd" : "-append");
	if (!o->kernel && !o->bios && !o->qtest && !o->dumpdtb)
		sim_die("nothing to run: -kernel FILE is missing (see --help)");
}
