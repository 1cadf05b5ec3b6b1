/* fingerprints.h - hashes a model, its parameters and its source for the begin
 * line.
 *
 * Floor 2 (query). SHA-256 in hex. They tell rudder-diff whether a run has the
 * model that the state was delivered with.
 */
#ifndef QUERY_FINGERPRINTS_H
#define QUERY_FINGERPRINTS_H

#include "core/buf.h"
#include "query/model.h"
#include "query/query.h"
#include "query/source.h"

/* The fingerprints of a run. reads, for a cursor, is one hash of all of them,
 * including comments in the model, as in rudder 0.1.
 */
struct fingerprints {
	struct buf model, params, source, reads;
};

/* Takes the fingerprints of a model that was read. url is that of the source. f
 * must be all-zero; free with fingerprints_clear.
 */
void fingerprints_take(struct fingerprints *f, const struct query_options *o,
		       const struct source *s, const char *url,
		       const struct model *m);
void fingerprints_clear(struct fingerprints *f);

#endif
