/* receipts_file.h - the file of receipts of a commit, and of one that was
 * killed.
 *
 * Floor 2 (diff). A journal (journal.h) of frames, each a list of records as
 * they came. A commit writes it as receipts arrive, and removes it when they
 * are applied (apply.h). Before the first accepted one is the connection that
 * delivered it: else a killed commit would take it along.
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

/* No receipt: behind it are i bytes of text, a connection as
 * state_connection_put has it, in as many records as that needs.
 */
enum { RECEIPTS_FILE_CONNECTION = 6 };
void receipts_file_put_connection(struct buf *b, struct slice text);

/* Whether such a file has a head: a commit that was killed, or whose power was
 * cut, at its very start leaves none, and nothing behind it counts.
 */
bool receipts_file_has_head(const char *path);

/* Give each record that is in the files of the state to take; 0 also if there
 * is none. ERR_CONFIG, or what take returned.
 */
typedef int receipts_file_fn(void *ctx, const struct receipts_file_record *r,
			     struct err *e);
int receipts_file_read(const struct state *s, receipts_file_fn *take, void *ctx,
		       struct err *e) MUST_USE;

/* The last connection that is in the files, at the end of b: nothing where
 * there is none. ERR_CONFIG.
 */
int receipts_file_connection(const struct state *s, struct buf *b,
			     struct err *e) MUST_USE;

#endif
