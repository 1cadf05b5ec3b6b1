/* trkey.h - what the tables of --delta have of a key on Trino, by its type.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_TRINO_TRKEY_H
#define QUERY_TRINO_TRKEY_H

#include "query/trino/trdelta.h"

#ifdef WITH_CURL

/* Fills in type, stored, parsed and back of k, whose name is known; leaves it
 * where there is no such column. ERR_CONFIG.
 */
int trkey_type(const struct trdelta *x, struct delta_key *k,
	       struct err *e) MUST_USE;

#endif
#endif
