/* part.h - reads one of N parts of a model, by a hash of the key: --partition.
 *
 * Floor 2 (query). A row belongs to part
 *
 *     the first 32 bits of MD5("key") modulo N                   (by text)
 *     (key modulo P) * 742938285 modulo P modulo N, P = 2^31 - 1 (by number)
 *
 * "key" is the text of the key columns with colons between; key is the only key
 * column, a whole number, and its remainder is not negative. Rows with a null
 * key column are in part 0. The database computes the part in its own SQL, with
 * the same result everywhere: a key is in the same part of any database.
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

/* The words of a database's SQL for the number of a part. By text, it is:
 * before; for each column cast, column, as, with between after each but the
 * last; behind; N. By number: wide, column, too; that is a number of at least
 * 64 bits.
 */
struct part_sql {
	const char *before, *cast, *as, *between, *behind;
	const char *wide, *too;
};

struct model_part {
	unsigned i, n; /* n 0: the whole model */
	bool number;   /* by number, otherwise by text */
};

/* Parses "2/8", or NULL for the whole model. by is "text", "number", or NULL
 * for text. ERR_USAGE.
 */
int part_parse(struct model_part *p, const char *text, const char *by,
	       struct err *e) MUST_USE;

/* Appends "id" or "country,id" to b as a JSON array. ERR_USAGE. */
int part_key(struct buf *b, const char *list, struct err *e) MUST_USE;

/* Selects only that part of the model. key is a JSON array of columns.
 * ERR_USAGE for several columns by number.
 */
int part_wrap(const struct model_part *p, struct slice key, struct model *m,
	      const struct model_sql *sql, struct err *e) MUST_USE;

/* Appends the member of the begin line to b: {"i":2,"n":8,"by":"md5"}, or
 * "number".
 */
void part_show(const struct model_part *p, struct buf *b);

/* Checks that the key columns exist and, unless p is NULL, have types that p
 * supports: types with the same text in any database, or whole numbers. Returns
 * 0, or -1 with ERR_CONFIG.
 */
int part_check(struct slice key, const struct rows_column *c, size_t n,
	       const struct model_part *p, struct err *e) MUST_USE;

#endif
