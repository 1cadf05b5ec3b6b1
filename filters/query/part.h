/* part.h - one of N parts of a model, by a hash of the key: --partition.
 *
 * Floor 2 (query). A row belongs to part
 *
 *     the first 32 bits of MD5("key") modulo N
 *
 * where "key" is the text of its key columns with colons between, or to part 0
 * where one of them is null. The database computes that, each in its own words,
 * and all alike: the same key is in the same part of any of them.
 */
#ifndef QUERY_PART_H
#define QUERY_PART_H

#include "core/err.h"
#include "query/rows.h"

struct model;
struct model_sql;

/* How a database says it: before, then cast column as, with between where there
 * are several, then behind, which is followed by N.
 */
struct part_sql {
	const char *before, *cast, *as, *between, *behind;
};

struct model_part {
	unsigned i, n; /* n 0: all of it */
};

/* "2/8", or NULL for all. ERR_USAGE. */
int part_parse(struct model_part *p, const char *text, struct err *e) MUST_USE;

/* "id" or "country,id" as a JSON array at the end of b. ERR_USAGE. */
int part_key(struct buf *b, const char *list, struct err *e) MUST_USE;

/* Leaves that part of the model, with the key as an array of columns. */
void part_wrap(const struct model_part *p, struct slice key, struct model *m,
	       const struct model_sql *sql);

/* As in the begin line, at the end of b: {"i":2,"n":8,"by":"md5"} */
void part_show(const struct model_part *p, struct buf *b);

/* Whether the key columns are there, and with typed of types whose text is the
 * same in any database: 0, or -1 ERR_CONFIG.
 */
int part_check(struct slice key, const struct rows_column *c, size_t n,
	       bool typed, struct err *e) MUST_USE;

#endif
