/* sorted_files.h - two files that are sorted by their key, in constant memory.
 *
 * Floor 2 (diff). The new file is read as in any run (pass.h); before each of
 * its rows the old file is read up to the same key. The order is that of
 * order.h; a key out of order ends the run. Deletes come last, as in any run,
 * and wait in a temporary file.
 */
#ifndef DIFF_PASS_SORTED_FILES_H
#define DIFF_PASS_SORTED_FILES_H

#include "diff/pass/pass.h"

/* The old file. */
struct sorted_files {
	struct input in;
	const char *path, *new_path; /* borrowed */
	int fd;
	struct key key;
	struct columns columns;

	bool have;          /* there is a current row */
	bool any;           /* there was a row before it */
	struct buf text;    /* its key, as compared */
	struct buf written; /* its key, as the row has it */
	struct buf before;  /* key of the row before */
	struct buf kept;    /* values of the row (kept_values.h) */
	struct hash key_hash, row_hash;

	struct spool gone; /* keys that are not in the new file */
	/* Bits of the columns that are strings, or not, in any key of gone and
	 * of the new file. If a column has both, a missing key may be in the
	 * new file with a different type.
	 */
	unsigned gone_strings, gone_others, new_strings, new_others;

	struct buf last; /* key of the last row of the new file */
	struct hash_scratch scratch;
};

/* Opens the old file and reads its first row. key is in the form of a state
 * (key.h). ERR_INPUT, ERR_DATA.
 */
int sorted_files_open(struct sorted_files *s, const struct diff_options *o,
		      struct slice key, const char *path, const char *new_path,
		      struct err *e) MUST_USE;
void sorted_files_close(struct sorted_files *s);

/* Handles the current row of r->arrived.in. ERR_DATA if it is out of order. */
int sorted_files_row(struct pass *r, struct err *e) MUST_USE;

/* Handles the rest of the old file, after the end of the new file. */
int sorted_files_rest(struct pass *r, struct err *e) MUST_USE;

#endif
