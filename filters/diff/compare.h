/* compare.h - two files of rows, without any state.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H

#include "diff/diff.h"

/* Writes the changes that turn the rows of one file into those of another to
 * the descriptor out, which is closed. Verdicts as diff_run; ERR_INPUT if a
 * file cannot be read, ERR_DATA if rows of the old one have the same key.
 */
int compare_files(const struct diff_options *o, const char *old_path,
		  const char *new_path, int out, struct err *e) MUST_USE;

#endif
