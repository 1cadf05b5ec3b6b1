/* receipts_file.h - the file of receipts, which a commit writes, and which a
 * killed commit leaves.
 *
 * Floor 2 (diff). A journal (journal.h) of frames, each a list of records in
 * the order of arrival. A commit writes it as receipts arrive, and removes it
 * when they are applied (apply.h). Before the first accepted receipt comes the
 * connection that delivered it, so that it is not lost if the commit is killed.
 */
#ifndef DIFF_STATE_RECEIPTS_FILE_H
#define DIFF_STATE_RECEIPTS_FILE_H

#include "diff/state/state.h"

extern const char receipts_file_magic[8];

struct receipts_file_record {
	struct hash id;
	uint32_t i, n; /* event i of n */
	uint32_t answer, reserved;
};

/* The answer of a record that is not a receipt: after it come i bytes of text,
 * a connection as state_connection_put writes it, padded to whole records.
 */
enum { RECEIPTS_FILE_CONNECTION = 6 };
void receipts_file_put_connection(struct buf *b, struct slice text);

/* Whether the file has a head. A commit that is killed at its very start, or a
 * power failure, leaves a file without one, and then nothing in it counts.
 */
bool receipts_file_has_head(const char *path);

/* Passes each record in the files of the state to take; 0 also if there are no
 * files. ERR_CONFIG, or the error of take.
 */
typedef int receipts_file_fn(void *ctx, const struct receipts_file_record *r,
			     struct err *e);
int receipts_file_read(const struct state *s, receipts_file_fn *take, void *ctx,
		       struct err *e) MUST_USE;

/* Puts the last connection of the receipts file into b; nothing if it has no
 * connection. ERR_CONFIG.
 */
int receipts_file_connection(const struct state *s, struct buf *b,
			     struct err *e) MUST_USE;

#endif
