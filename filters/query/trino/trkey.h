/* trkey.h - how the tables of --delta store a key on Trino, by its type.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_TRINO_TRKEY_H
#define QUERY_TRINO_TRKEY_H

#include "query/trino/trdelta.h"

#ifdef WITH_CURL

/* Sets type, stored, parsed and back of k by its name; leaves them unset if
 * there is no such column. ERR_CONFIG for a type that is not supported.
 */
int trkey_type(const struct trdelta *x, struct delta_key *k,
	       struct err *e) MUST_USE;

#endif
#endif
