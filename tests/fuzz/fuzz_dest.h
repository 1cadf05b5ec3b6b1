/* fuzz_dest.h - the own options of destinations, as a command line gives them
 */
#ifndef TESTS_FUZZ_DEST_H
#define TESTS_FUZZ_DEST_H

#include "fuzz.h"
#include "send/dest/dest.h"

enum { FUZZ_DEST_ROWS = 64 };

/* All rows, whose values go to g. */
struct fuzz_dest {
	struct dest_given given;
	struct opt row[FUZZ_DEST_ROWS];
};

static inline void fuzz_dest_init(struct fuzz_dest *d)
{
	memset(d, 0, sizeof(*d));
	HOLDS(dest_rows(&d->given, d->row, FUZZ_DEST_ROWS - 1) > 0);
}

/* The row of an option, to put a value where it points. */
static inline const struct opt *fuzz_dest_row(const struct fuzz_dest *d,
					      const char *name)
{
	const struct opt *o = d->row;

	while (o->name && strcmp(o->name, name) != 0)
		o++;
	HOLDS(o->name);
	return o;
}

#endif
