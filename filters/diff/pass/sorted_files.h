/* sorted_files.h - two files that are sorted by their key, in constant memory.
 *
 * Floor 2 (diff). The new file is read as in any run (pass.h); before each of
 * its rows the old file is read up to the same key. The order is that of
 * order.h; a key that comes before the one above it ends the run. Deletes come
 * last, as ever, and wait in a temporary file.
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
	struct buf text;    /* its key, which counts */
	struct buf written; /* the same as its row has it */
	struct buf before;  /* the key above it */
	struct buf kept;    /* values of the row (kept_values.h) */
	struct hash key_hash, row_hash;

	struct spool gone; /* keys that are not in the new file */
	/* columns that are strings, or not, in any of these keys and in any of
	 * the new file: where both are, a key may be there as another type
	 */
	unsigned gone_strings, gone_others, new_strings, new_others;

	struct buf last; /* the key read last in the new file */
	struct hash_scratch scratch;
};

/* Open the old file and read its first row; key as a state has it (key.h).
 * ERR_INPUT, ERR_DATA.
 */
int sorted_files_open(struct sorted_files *s, const struct diff_options *o,
		      struct slice key, const char *path, const char *new_path,
		      struct err *e) MUST_USE;
void sorted_files_close(struct sorted_files *s);

/* The row that r->arrived.in has in hand. ERR_DATA for one that is out of
 * order. */
int sorted_files_row(struct pass *r, struct err *e) MUST_USE;

/* What is left of the old file when the new one is complete. */
int sorted_files_rest(struct pass *r, struct err *e) MUST_USE;

#endif
