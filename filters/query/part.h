/* part.h - one of N parts of a model, by a hash of the key: --partition.
 *
 * Floor 2 (query). A row belongs to part
 *
 *     the first 32 bits of MD5("key") modulo N                   (by text)
 *     (key modulo P) * 742938285 modulo P modulo N, P = 2^31 - 1 (by number)
 *
 * where "key" is the text of its key columns with colons between, and key its
 * only one, a whole number, of which the remainder is not negative; or to part
 * 0 where a key column is null. The database computes that, each in its own
 * words, and all alike: the same key is in the same part of any of them.
 *
 * By number is a step of Lehmer's generator, with the best multiplier of
 * Fishman and Moore, "An exhaustive analysis of multiplicative congruential
 * random number generators with modulus 2^31 - 1", SIAM J. Sci. Stat. Comput.
 * 7, 1986. It spreads keys that grow by any step, and costs PostgreSQL a sixth
 * of an MD5.
 */
#ifndef QUERY_PART_H
#define QUERY_PART_H

#include "core/err.h"
#include "query/rows.h"

struct model;
struct model_sql;

/* How a database says it: before, then cast column as, with between where there
 * are several, then behind, which is followed by N. By number: wide column as
 * too, a number of at least 64 bits.
 */
struct part_sql {
	const char *before, *cast, *as, *between, *behind;
	const char *wide, *too;
};

struct model_part {
	unsigned i, n; /* n 0: all of it */
	bool number;   /* by number, else by text */
};

/* "2/8", or NULL for all; by is "text", "number", or NULL for text. ERR_USAGE.
 */
int part_parse(struct model_part *p, const char *text, const char *by,
	       struct err *e) MUST_USE;

/* "id" or "country,id" as a JSON array at the end of b. ERR_USAGE. */
int part_key(struct buf *b, const char *list, struct err *e) MUST_USE;

/* Leaves that part of the model, with the key as an array of columns. ERR_USAGE
 * for several by number.
 */
int part_wrap(const struct model_part *p, struct slice key, struct model *m,
	      const struct model_sql *sql, struct err *e) MUST_USE;

/* As in the begin line, at the end of b: {"i":2,"n":8,"by":"md5"}, "number" */
void part_show(const struct model_part *p, struct buf *b);

/* Whether the key columns are there, and of types that p (NULL: no part) takes:
 * those whose text is the same in any database, or whole numbers. 0, or -1
 * ERR_CONFIG.
 */
int part_check(struct slice key, const struct rows_column *c, size_t n,
	       const struct model_part *p, struct err *e) MUST_USE;

#endif
