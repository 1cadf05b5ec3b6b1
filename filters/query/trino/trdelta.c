#include "query/trino/trdelta.h"

#ifdef WITH_CURL
#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "query/names.h"
#include "query/trino/trhash.h"
#include "query/trino/trkey.h"
#include "query/trino/trvalue.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum {
	GROUPS = 65536,
	NAMED = 5000, /* most groups that a statement lists; for more it takes
		       * all keys */
};

static const struct model_sql quotes = {.quote = '"'};

/* ---- statements -------------------------------------------------------- */

enum { VALUES = 2 };

/* The text of a JSON string or number. */
static struct slice plain(struct slice json)
{
	return json.n > 0 && *json.p == '"' ? json_inner(json) : json;
}

static void take_page(const struct trpage *page,
		      void (*take)(void *ctx, const struct slice *value),
		      void *ctx)
{
	const char *p = page->data.p, *end = p ? p + page->data.n : NULL;

	for (bool row = trpage_first(&p); row; row = trpage_next(&p)) {
		struct slice value[VALUES] = {{0}};
		size_t n = 0;

		for (bool more = trpage_first(&p); more;
		     more = trpage_next(&p)) {
			const char *from = p;

			p = span_value(p, end);
			if (n < VALUES)
				value[n++] = slice_of(from, (size_t)(p - from));
		}
		p++;
		take(ctx, value);
	}
}

/* Runs a statement to its end; take gets the first two values of each row. */
static int ask(struct trdelta *x, const char *text,
	       void (*take)(void *ctx, const struct slice *value), void *ctx,
	       struct err *e)
{
	if (trstatement_start(x->s, slice_str(text), NULL, e) < 0)
		return -1;
	for (;;) {
		if (x->s->page.data.p)
			take_page(&x->s->page, take, ctx);
		if (x->s->next.n == 0)
			return 0;
		if (trstatement_next(x->s, e) < 0)
			return -1;
	}
}

static void take_number(void *ctx, const struct slice *value)
{
	uint64_t *n = ctx;

	if (num_uint(plain(value[0]), n) < 0)
		*n = UINT64_MAX; /* an invalid number, different from any count
				  */
}

/* Runs a statement and sets *n to its number: for CREATE TABLE AS, the rows
 * created.
 */
static int count(void *ctx, const char *text, uint64_t *n, struct err *e)
{
	*n = 0;
	return ask(ctx, text, take_number, n, e);
}

static int try(void *ctx, const char *text, uint64_t *n, struct err *e)
{
	struct trdelta *x = ctx;
	struct err why = {0};

	if (count(x, text, n, &why) == 0)
		return 0;
	trstatement_cancel(x->s);
	*n = 0;
	if (why.kind == ERR_CONFIG || why.kind == ERR_DATA)
		return 0;
	*e = why;
	return -1;
}

static int command(void *ctx, const char *text, struct err *e)
{
	uint64_t ignored;

	return count(ctx, text, &ignored, e);
}

static struct delta_steps steps_of(struct trdelta *x)
{
	return (struct delta_steps){
		.d = x->d,
		.sql = &quotes,
		.model = x->model,
		.text = buf_all(&x->model->base),
		.hash = buf_cstr(&x->hash),
		.ctx = x,
		.count = count,
		.try = try,
		.command = command,
	};
}

/* ---- checks ------------------------------------------------------------ */

/* Appends the table of information_schema in the catalog of --delta, with a
 * condition on the schema.
 */
static void put_catalog(const struct trdelta *x, struct buf *b,
			const char *table)
{
	struct buf name = {0};

	if (x->d->schema_parts > 1 && names_part(x->d->schema, '.', &name)) {
		model_quote(b, &quotes, buf_all(&name));
		buf_char(b, '.');
	}
	buf_clear(&name);
	buf_fmt(b, "information_schema.%s WHERE %s = lower(", table,
		table[0] == 's' ? "schema_name" : "table_schema");
	trstatement_string(b, buf_all(&x->d->schema_name));
	buf_char(b, ')');
}

static int check_schema(struct trdelta *x, struct err *e)
{
	const char *catalog = x->s->url.path;
	struct buf text = {0};
	uint64_t n = 0;
	int rc;

	if (x->d->schema_parts > 2 ||
	    (x->d->schema_parts == 1 && (!catalog || !*catalog)))
		return err_names(
			e, ERR_USAGE,
			"option '--delta': '%s' is not the name of a schema%s",
			x->d->schema,
			x->d->schema_parts == 1
				? ": the source has no catalog, so use "
				  "catalog.schema"
				: "");
	buf_str(&text, "SELECT count(*) FROM ");
	put_catalog(x, &text, "schemata");
	rc = count(x, buf_cstr(&text), &n, e);
	buf_clear(&text);
	if (rc == 0 && n == 0)
		rc = err_names(
			e, ERR_CONFIG,
			"--delta: there is no schema '%s': create it once, "
			"CREATE SCHEMA %s",
			x->d->schema, x->d->schema);
	return rc;
}

int trdelta_check(struct trdelta *x, struct err *e)
{
	x->d->twice = true;
	for (size_t i = 0; i < x->d->n_keys; i++) {
		if (trkey_type(x, &x->d->key[i], e) < 0)
			return -1;
	}
	if (trhash_put(&x->hash, x->head, x->type, x->n, e) < 0)
		return -1;
	return check_schema(x, e);
}

int trdelta_try(struct trdelta *x, struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, "CREATE TABLE ");
	delta_sql_table(&text, x->d, &quotes, 'h');
	buf_str(&text, " AS SELECT CAST(0 AS bigint) AS k0");
	rc = command(x, buf_cstr(&text), e);
	text.n = 0;
	buf_str(&text, "DROP TABLE ");
	delta_sql_table(&text, x->d, &quotes, 'h');
	if (rc == 0)
		rc = command(x, buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
}

static void take_table(void *ctx, const struct slice *value)
{
	delta_found(ctx, plain(value[0]));
}

static int find_tables(struct trdelta *x, struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, "SELECT table_name FROM ");
	put_catalog(x, &text, "tables");
	buf_str(&text, " AND table_name LIKE 'rudder_%'");
	rc = ask(x, buf_cstr(&text), take_table, x->d, e);
	buf_clear(&text);
	return rc;
}

static void take_version(void *ctx, const struct slice *value)
{
	buf_slice(ctx, value[0]);
}

/* The text of a value may change between versions. */
static int take_fingerprint(struct trdelta *x, const char *reads, struct err *e)
{
	struct buf types = {0}, recipe = {0};
	int rc;

	for (size_t i = 0; i < x->n; i++)
		buf_fmt(&types, "%s\n", x->head[i].native);
	buf_str(&recipe, "trino 1, ");
	rc = ask(x, "SELECT version()", take_version, &recipe, e);
	delta_fingerprint(x->d, reads, buf_cstr(&recipe), x->head, x->n,
			  buf_all(&types));
	buf_clear(&types);
	buf_clear(&recipe);
	return rc;
}

/* ---- the tables -------------------------------------------------------- */

static int count_keyless(struct trdelta *x, struct err *e)
{
	struct buf text = {0};
	int rc;

	delta_sql_keyless(&text, x->d, &quotes);
	rc = count(x, buf_cstr(&text), &x->keyless, e);
	buf_clear(&text);
	return rc;
}

int trdelta_make(struct trdelta *x, const char *reads, struct err *e)
{
	const struct delta_steps s = steps_of(x);
	uint64_t expected = 0;

	if (take_fingerprint(x, reads, e) < 0 || find_tables(x, e) < 0 ||
	    delta_steps_base(&s, e) < 0 || delta_steps_hashes(&s, e) < 0)
		return -1;
	x->sum = mem_table(GROUPS * sizeof(*x->sum));
	if (!x->d->part)
		return count_keyless(x, e);
	if (delta_steps_keys(&s, e) < 0)
		return -1;
	return delta_steps_expect(&s, &expected, &x->keyless, e);
}

/* ---- rows -------------------------------------------------------------- */

/* Appends the table with the keys of the rows to read, and the condition for
 * its rows that count.
 */
static void put_keys(const struct trdelta *x, struct buf *b)
{
	delta_sql_table(b, x->d, &quotes, x->d->part ? 'k' : 'h');
	buf_str(b, " WHERE ");
	delta_sql_each(b, x->d, " AND ", "k# IS NOT NULL");
	buf_str(b, x->d->part ? " AND h IS NOT NULL" : "");
}

static void put_group(struct buf *b, const struct buf *keys)
{
	buf_fmt(b, "bitwise_and(%sARRAY[%.*s]%s, %d)", trhash_before,
		SLICE_FMT(buf_all(keys)), trhash_behind, GROUPS - 1);
}

static void put_group_of_table(const struct trdelta *x, struct buf *b)
{
	struct buf keys = {0};

	delta_sql_each(&keys, x->d, ", ", "CAST(k# AS varchar)");
	put_group(b, &keys);
	buf_clear(&keys);
}

void trdelta_rows(const struct trdelta *x, struct buf *b)
{
	struct slice model = buf_all(&x->model->base);
	struct buf keys = {0};

	delta_sql_each(&keys, x->d, ", ", "CAST(rudder_k.k# AS varchar)");
	buf_fmt(b, "SELECT %.*s, ", SLICE_FMT(buf_all(&x->hash)));
	put_group(b, &keys);
	buf_fmt(b, ", t.* FROM (\n%.*s\n) AS t JOIN (SELECT DISTINCT ",
		SLICE_FMT(model));
	delta_sql_each(b, x->d, ", ", "k#");
	buf_str(b, " FROM ");
	put_keys(x, b);
	buf_str(b, ") AS rudder_k ON ");
	delta_sql_join(b, x->d, &quotes, "rudder_k");
	buf_clear(&keys);
	if (x->keyless == 0)
		return;
	buf_fmt(b, " UNION ALL SELECT 0, 0, t.* FROM (\n%.*s\n) AS t WHERE ",
		SLICE_FMT(model));
	for (size_t i = 0; i < x->d->n_keys; i++) {
		buf_str(b, i > 0 ? " OR t." : "t.");
		model_quote(b, &quotes, buf_all(&x->d->key[i].name));
		buf_str(b, " IS NULL");
	}
}

void trdelta_missing(const struct trdelta *x, struct buf *b)
{
	delta_sql_missing(b, x->d, &quotes);
}

/* Parses a whole number of any length and keeps its low 64 bits. -1 if it is
 * invalid.
 */
static int low_bits(struct slice s, uint64_t *n)
{
	bool minus = s.n > 0 && *s.p == '-';

	*n = 0;
	for (size_t i = minus; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		*n = *n * 10 + (uint64_t)(s.p[i] - '0');
	}
	*n = minus ? 0 - *n : *n;
	return s.n > minus ? 0 : -1;
}

int trdelta_came(struct trdelta *x, struct slice hash, struct slice of,
		 struct err *e)
{
	uint64_t h, at;

	if (low_bits(plain(hash), &h) < 0 || low_bits(plain(of), &at) < 0 ||
	    at >= GROUPS)
		return err_set(e, ERR_PROTOCOL,
			       "Trino sent a row without its hash");
	x->sum[at] += h;
	return 0;
}

/* ---- rows changed while they were read ---------------------------------- */

static void take_sum(void *ctx, const struct slice *value)
{
	uint64_t *sum = ctx, at, h;

	if (low_bits(plain(value[0]), &at) == 0 && at < GROUPS &&
	    low_bits(plain(value[1]), &h) == 0)
		sum[at] -= h;
}

/* Subtracts the sums of the tables from the sums of the rows received. First
 * compares the total; the sums of the groups are read only if it differs.
 */
static int compare(struct trdelta *x, struct err *e)
{
	struct buf text = {0};
	uint64_t *all = mem_zero(sizeof(*all));
	int rc;

	for (size_t i = 0; i < GROUPS; i++)
		*all += x->sum[i];
	buf_fmt(&text,
		"SELECT 0, CAST(coalesce(sum(CAST(h AS decimal(38, 0))%s), 0) "
		"AS varchar) FROM ",
		x->d->part ? " * n" : "");
	put_keys(x, &text);
	rc = ask(x, buf_cstr(&text), take_sum, all, e);
	if (rc == 0 && *all == 0) {
		memset(x->sum, 0, GROUPS * sizeof(*x->sum));
	} else if (rc == 0) {
		text.n = 0;
		buf_str(&text, "SELECT ");
		put_group_of_table(x, &text);
		buf_fmt(&text,
			", CAST(sum(CAST(h AS decimal(38, 0))%s) AS varchar) "
			"FROM ",
			x->d->part ? " * n" : "");
		put_keys(x, &text);
		buf_str(&text, " GROUP BY 1");
		rc = ask(x, buf_cstr(&text), take_sum, x->sum, e);
	}
	free(all);
	buf_clear(&text);
	return rc;
}

/* Appends the keys whose group differs. */
static void put_again(const struct trdelta *x, struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < GROUPS; i++)
		n += x->sum[i] != 0;
	put_keys(x, b);
	if (n == 0 || n > NAMED) {
		buf_str(b, n == 0 ? " AND false" : "");
		return;
	}
	buf_str(b, " AND ");
	put_group_of_table(x, b);
	buf_str(b, " IN (");
	for (size_t i = 0, k = 0; i < GROUPS; i++) {
		if (x->sum[i] != 0)
			buf_fmt(b, "%s%zu", k++ > 0 ? ", " : "", i);
	}
	buf_char(b, ')');
}

static int make_again(struct trdelta *x, struct err *e)
{
	struct buf text = {0}, from = {0};
	uint64_t n = 0;
	int rc;

	put_again(x, &from);
	buf_str(&text, "CREATE TABLE ");
	delta_sql_table(&text, x->d, &quotes, 'u');
	buf_str(&text, " AS SELECT ");
	delta_sql_each(&text, x->d, "", "k#, ");
	buf_fmt(&text, "CAST(0 AS bigint) AS n FROM %s UNION ALL SELECT ",
		buf_cstr(&from));
	delta_sql_each(&text, x->d, "", "NULL, ");
	buf_fmt(&text, "count(*) FROM %s", buf_cstr(&from));
	rc = count(x, buf_cstr(&text), &n, e);
	x->d->again = n > 0 ? n - 1 : 0;
	buf_clear(&text);
	buf_clear(&from);
	return rc;
}

int trdelta_end(struct trdelta *x, struct err *e)
{
	const struct delta_steps s = steps_of(x);

	if (compare(x, e) < 0 || make_again(x, e) < 0)
		return -1;
	delta_steps_drop(&s, "");
	return 0;
}

void trdelta_clear(struct trdelta *x)
{
	buf_clear(&x->hash);
	free(x->sum);
}

#endif
