#include "query/duckdb/duckdelta.h"

#include "query/delta_steps.h"

static const char held_table[] = "temp.rudder_delta";
static const struct model_sql quotes = {.quote = '"'};

/* Types whose values are equal in DuckDB exactly if they are the same key to
 * rudder-diff. A name that ends with ( has parameters.
 */
static const char *const key_types[] = {
	"BOOLEAN",  "TINYINT",   "SMALLINT",
	"INTEGER",  "BIGINT",    "HUGEINT",
	"UTINYINT", "USMALLINT", "UINTEGER",
	"UBIGINT",  "UHUGEINT",  "DECIMAL(",
	"DATE",     "TIMESTAMP", "TIMESTAMP WITH TIME ZONE",
	"UUID",
};

/* ---- statements -------------------------------------------------------- */

/* Runs a statement and sets *n to its number: for CREATE TABLE AS, the rows
 * created.
 */
static int count(void *ctx, const char *text, uint64_t *n, struct err *e)
{
	int64_t got = 0;

	if (duckconn_count(ctx, text, &got, e) < 0)
		return -1;
	*n = (uint64_t)got;
	return 0;
}

static int try(void *ctx, const char *text, uint64_t *n, struct err *e)
{
	struct err ignored;

	(void)e;
	if (count(ctx, text, n, &ignored) < 0)
		*n = 0;
	return 0;
}

static int command(void *ctx, const char *text, struct err *e)
{
	return duckconn_command(ctx, text, e);
}

static struct delta_steps steps_of(const struct duckdelta *x, const char *hash)
{
	return (struct delta_steps){
		.d = x->d,
		.sql = &quotes,
		.model = x->model,
		.text = buf_all(&x->model->text),
		.hash = hash,
		.ctx = x->c,
		.count = count,
		.try = try,
		.command = command,
	};
}

/* Appends hash(t."c", CAST(t."c" AS VARCHAR), ...) for all columns. */
static void put_hash(const struct duckdelta *x, struct buf *b)
{
	buf_str(b, "hash(");
	for (size_t i = 0; i < x->n; i++) {
		struct slice name = slice_str(x->head[i].name);

		buf_str(b, i > 0 ? ", t." : "t.");
		model_quote(b, &quotes, name);
		buf_str(b, ", CAST(t.");
		model_quote(b, &quotes, name);
		buf_str(b, " AS VARCHAR)");
	}
	buf_char(b, ')');
}

/* ---- checks ------------------------------------------------------------ */

static bool is_key_type(const char *native)
{
	for (size_t i = 0; i < COUNT_OF(key_types); i++) {
		size_t n = strlen(key_types[i]);

		if (key_types[i][n - 1] == '('
			    ? strncmp(native, key_types[i], n) == 0 &&
				      native[strlen(native) - 1] == ')'
			    : strcmp(native, key_types[i]) == 0)
			return true;
	}
	return false;
}

static int key_type(const struct duckdelta *x, struct delta_key *k,
		    struct err *e)
{
	size_t at = 0;

	while (at < x->n && !slice_is(buf_all(&k->name), x->head[at].name))
		at++;
	if (at == x->n)
		return 0; /* rows_columns_check reports it */
	if (strcmp(x->head[at].native, "VARCHAR") == 0)
		k->stored = "? COLLATE C";
	else if (!is_key_type(x->head[at].native))
		return err_names(
			e, ERR_CONFIG,
			"--delta: the key column '%s' is %s, which "
			"DuckDB compares in another way than "
			"rudder-diff; cast it in the model, to text for "
			"instance",
			buf_cstr(&k->name), x->head[at].native);
	return 0;
}

int duckdelta_check(const struct duckdelta *x, struct err *e)
{
	struct buf ask = {0};
	uint64_t n = 0;
	int rc;

	if (x->c->parquet || x->c->path.n == 0 ||
	    slice_is(buf_all(&x->c->path), ":memory:"))
		return err_names(
			e, ERR_CONFIG,
			"--delta keeps its tables in the database, and "
			"this source has none: use the file of a DuckDB "
			"database");
	if (x->d->schema_parts != 1)
		return err_names(e, ERR_USAGE,
				 "option '--delta': '%s' is not the name of a "
				 "schema",
				 x->d->schema);
	for (size_t i = 0; i < x->d->n_keys; i++) {
		if (key_type(x, &x->d->key[i], e) < 0)
			return -1;
	}
	buf_str(&ask, "SELECT count(*) FROM duckdb_schemas() WHERE "
		      "database_name = current_database() AND schema_name = ");
	duckconn_string(&ask, buf_all(&x->d->schema_name));
	rc = count(x->c, buf_cstr(&ask), &n, e);
	buf_clear(&ask);
	if (rc == 0 && n == 0)
		rc = err_names(
			e, ERR_CONFIG,
			"--delta: there is no schema '%s': create it once, "
			"CREATE SCHEMA \"%s\"",
			buf_cstr(&x->d->schema_name),
			buf_cstr(&x->d->schema_name));
	return rc;
}

int duckdelta_try(const struct duckdelta *x, struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, "BEGIN; CREATE TABLE ");
	delta_sql_table(&text, x->d, &quotes, 'h');
	buf_str(&text, " (k0 int); DROP TABLE ");
	delta_sql_table(&text, x->d, &quotes, 'h');
	buf_str(&text, "; COMMIT");
	rc = duckconn_command(x->c, buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
}

static void found(void *ctx, struct slice name)
{
	delta_found(ctx, name);
}

static int find_tables(const struct duckdelta *x, struct err *e)
{
	struct buf ask = {0};
	int rc;

	buf_str(&ask, "SELECT table_name FROM duckdb_tables() WHERE "
		      "database_name = current_database() AND table_name "
		      "LIKE 'rudder_%' AND schema_name = ");
	duckconn_string(&ask, buf_all(&x->d->schema_name));
	rc = duckconn_texts(x->c, buf_cstr(&ask), found, x->d, e);
	buf_clear(&ask);
	return rc;
}

static void take_fingerprint(const struct duckdelta *x, const char *reads)
{
	struct buf types = {0}, recipe = {0};

	for (size_t i = 0; i < x->n; i++)
		buf_fmt(&types, "%s\n", x->head[i].native);
	/* its hash function may change between versions */
	buf_fmt(&recipe, "duckdb 1, %s", x->c->d.library_version());
	delta_fingerprint(x->d, reads, buf_cstr(&recipe), x->head, x->n,
			  buf_all(&types));
	buf_clear(&types);
	buf_clear(&recipe);
}

/* ---- the tables -------------------------------------------------------- */

/* Counts in the tables of the base before the transaction, because an error
 * would abort it. Nobody writes in between: this process has the file to
 * itself.
 */
int duckdelta_make(const struct duckdelta *x, const char *reads, struct err *e)
{
	struct delta_steps s;
	struct buf hash = {0};
	int rc = -1;

	put_hash(x, &hash);
	s = steps_of(x, buf_cstr(&hash));
	take_fingerprint(x, reads);
	if (find_tables(x, e) == 0 && delta_steps_base(&s, e) == 0 &&
	    duckconn_command(x->c, "BEGIN", e) == 0)
		rc = delta_steps_hashes(&s, e);
	if (rc == 0 && x->d->part &&
	    (delta_steps_keys(&s, e) < 0 ||
	     delta_steps_hold(&s, held_table, e) < 0 ||
	     duckconn_command(x->c, "COMMIT", e) < 0))
		rc = -1;
	buf_clear(&hash);
	return rc;
}

/* ---- output ------------------------------------------------------------ */

void duckdelta_rows(const struct duckdelta *x, struct buf *b)
{
	if (x->d->part)
		buf_fmt(b, "SELECT * FROM %s", held_table);
	else
		buf_slice(b, buf_all(&x->model->text));
}

void duckdelta_missing(const struct duckdelta *x, struct buf *b)
{
	delta_sql_missing(b, x->d, &quotes);
}

int duckdelta_end(const struct duckdelta *x, struct err *e)
{
	const struct delta_steps s = steps_of(x, NULL);

	if (!x->d->part && duckconn_command(x->c, "COMMIT", e) < 0)
		return -1;
	delta_steps_drop(&s, "");
	return 0;
}
