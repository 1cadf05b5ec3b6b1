/* fingerprints.h - hashes of a model, its parameters and its source, for the
 * begin line.
 *
 * Floor 2 (query). By them rudder-diff knows whether a run is of the model that
 * the state was delivered with: SHA-256 in hex.
 */
#ifndef QUERY_FINGERPRINTS_H
#define QUERY_FINGERPRINTS_H

#include "core/buf.h"
#include "query/model.h"
#include "query/query.h"
#include "query/source.h"

/* What tells runs apart. What a cursor was reached by is one sum of all,
 * comments too, as in rudder 0.1.
 */
struct fingerprints {
	struct buf model, params, source, reads;
};

/* Of a model that was read. url is that of the source. f is all-zero before;
 * free with fingerprints_clear.
 */
void fingerprints_take(struct fingerprints *f, const struct query_options *o,
		       const struct source *s, const char *url,
		       const struct model *m);
void fingerprints_clear(struct fingerprints *f);

#endif
