#include "query/duckdb/parquet_view.h"

#include <stdlib.h>
#include <strings.h>

#include "core/mem.h"
#include "query/duckdb/duckerror.h"
#include "query/duckdb/parquet_types.h"

#define SEPARATOR '\x1f' /* between the names in a path */

enum { FLOAT_BITS = 24, DOUBLE_BITS = 53 };

/* One node of a file's schema. fault: why DuckDB cannot read it, or empty. */
struct node {
	struct slice file, name, folded, type, fault;
	int64_t children, precision, scale;
};

/* One column, or part of a nested column, in the schemas of all files. */
struct part {
	struct buf path; /* names in lower case, with separators */
	uint64_t file;   /* number of the last file that has it, from 1 */
	size_t column;   /* index of its top-level column, maybe itself */
	char *name;      /* name of a top-level column; NULL for a part */
	struct buf why;  /* of a column: why it cannot be read, or empty */
	bool int96;      /* of a column: the only reason is INT96 */
	struct parquet_types types;
};

struct level {
	int64_t rest; /* children still to read */
	size_t path;  /* length of its path */
	size_t column;
};

struct view {
	const struct duckconn *c;
	struct part *part;
	size_t n, room, next;
	uint64_t file;
	struct buf path, sql;
	struct level *level;
	size_t depth, levels;
};

/* ---- what a node means ------------------------------------------------- */

/* Appends the beginning of a reason about p's column: "column 's': 'x' of it".
 */
static struct buf *blame(struct view *v, const struct part *p,
			 struct slice name)
{
	struct part *column = &v->part[p->column];

	buf_fmt(&column->why, "column '%s'", column->name);
	if (p != column)
		buf_fmt(&column->why, ": '%.*s' of it", SLICE_FMT(name));
	return &column->why;
}

static const char *cure(struct slice fault)
{
	if (slice_starts(fault, "DECIMAL"))
		return "; DuckDB supports at most 38 digits: omit the column "
		       "from the model, or write it as text in the file";
	return "; DuckDB drops its nanoseconds: add '?ns=drop' to the source "
	       "to permit that";
}

static void add_fault(struct view *v, struct part *p, const struct node *d)
{
	struct part *column = &v->part[p->column];

	if (d->fault.n == 0 || (column->why.n > 0 && !column->int96))
		return;
	column->why.n = 0;
	column->int96 = slice_starts(d->fault, "INT96");
	buf_fmt(blame(v, p, d->name), " is %.*s in '%.*s'%s",
		SLICE_FMT(d->fault), SLICE_FMT(d->file), cure(d->fault));
}

/* Refuses a column that a folder named "name=value" would replace. */
static void add_folder(struct part *p, const struct node *d)
{
	const char *at = d->file.p, *end = at + d->file.n, *slash, *sign;

	for (; (slash = memchr(at, '/', (size_t)(end - at))); at = slash + 1) {
		sign = memchr(at, '=', (size_t)(slash - at));
		if (!sign || (size_t)(sign - at) != d->name.n ||
		    strncasecmp(at, d->name.p, d->name.n) != 0)
			continue;
		p->why.n = 0;
		p->int96 = false;
		buf_fmt(&p->why,
			"column '%s' is in the file and in the name of its "
			"folder, '%.*s'; add '?hive=off' to the source to read "
			"the column of the file",
			p->name, (int)(slash - at), at);
	}
}

/* ---- the parts --------------------------------------------------------- */

/* Finds the part with the path v->path. Most files have the same schema as the
 * one before, so the next part is tried first.
 */
static struct part *find(struct view *v)
{
	for (size_t k = 0; k < v->n; k++) {
		size_t i = (v->next + k) % v->n;

		if (slice_eq(buf_all(&v->part[i].path), buf_all(&v->path))) {
			v->next = i + 1;
			return &v->part[i];
		}
	}
	return NULL;
}

static struct part *add(struct view *v, size_t column, struct slice name)
{
	struct part *p;

	if (v->n == v->room) {
		v->room = v->room * 2 + 64;
		v->part = mem_resize(v->part, v->room * sizeof(*v->part));
	}
	p = &v->part[v->n];
	*p = (struct part){.column = column};
	buf_slice(&p->path, buf_all(&v->path));
	if (column == SIZE_MAX) {
		p->column = v->n;
		p->name = mem_copy(name.p, name.n);
	}
	v->next = ++v->n;
	return p;
}

static int take_part(struct view *v, const struct node *d, size_t *column,
		     struct err *e)
{
	struct part *p = find(v);

	if (*column == SIZE_MAX && d->name.n == 0)
		return err_names(e, ERR_CONFIG,
				 "file '%.*s': a column without a name; write "
				 "the file again with names",
				 SLICE_FMT(d->file));
	if (p && p->file == v->file)
		return err_names(
			e, ERR_CONFIG,
			"file '%.*s': two columns are named '%.*s', and "
			"DuckDB ignores case; write the file again with "
			"different names",
			SLICE_FMT(d->file), SLICE_FMT(d->name));
	if (!p)
		p = add(v, *column, d->name);
	p->file = v->file;
	parquet_types_add(&p->types, d->type, d->precision, d->scale);
	add_fault(v, p, d);
	if (*column == SIZE_MAX && !v->c->no_hive)
		add_folder(p, d);
	*column = p->column;
	return 0;
}

static void push(struct view *v, int64_t children, size_t column)
{
	if (v->depth == v->levels) {
		v->levels = v->levels * 2 + 8;
		v->level = mem_resize(v->level, v->levels * sizeof(*v->level));
	}
	v->level[v->depth++] = (struct level){children, v->path.n, column};
}

/* Takes the next node. Nodes are in the order of the file, a parent before its
 * children.
 */
static int take_node(struct view *v, const struct node *d, struct err *e)
{
	size_t column;

	while (v->depth > 0 && v->level[v->depth - 1].rest == 0)
		v->depth--;
	if (v->depth == 0) { /* the root of a file */
		v->file++;
		v->path.n = 0;
		push(v, d->children, SIZE_MAX);
		return 0;
	}
	v->level[v->depth - 1].rest--;
	column = v->level[v->depth - 1].column;
	v->path.n = v->level[v->depth - 1].path;
	buf_char(&v->path, SEPARATOR);
	buf_slice(&v->path, d->folded);
	if (take_part(v, d, &column, e) < 0)
		return -1;
	if (d->children > 0)
		push(v, d->children, column);
	return 0;
}

/* ---- the schema -------------------------------------------------------- */

/* Builds the query for the fields of struct node, in their order: first the
 * texts, then the numbers.
 */
static void put_query(struct view *v)
{
	buf_str(&v->sql,
		"SELECT file_name, coalesce(name, ''), "
		"lower(coalesce(name, '')), coalesce(duckdb_type, ''), CASE "
		"WHEN precision > 38 AND duckdb_type NOT LIKE 'DECIMAL%' "
		"THEN 'DECIMAL(' || precision || ',' || coalesce(scale, 0) || "
		"')' ");
	if (!v->c->drop_ns)
		buf_str(&v->sql,
			"WHEN type = 'INT96' AND duckdb_type = 'TIMESTAMP' "
			"THEN 'INT96' "
			"WHEN logical_type LIKE '%NANOS=NanoSeconds%' "
			"AND duckdb_type NOT LIKE '%\\_NS' ESCAPE '\\' "
			"THEN 'a time of nanoseconds with a time zone' ");
	buf_str(&v->sql,
		"ELSE '' END, "
		"coalesce(num_children, 0)::BIGINT, "
		"coalesce(precision, 0)::BIGINT, coalesce(scale, 0)::BIGINT "
		"FROM parquet_schema(");
	duckconn_string(&v->sql, buf_all(&v->c->path));
	buf_char(&v->sql, ')');
}

static int take_chunk(struct view *v, void *chunk, struct err *e)
{
	const struct duck *d = &v->c->d;
	const void *data[8];
	int rc = 0;

	for (size_t i = 0; i < COUNT_OF(data); i++)
		data[i] =
			d->vector_get_data(d->data_chunk_get_vector(chunk, i));
	for (uint64_t i = 0; rc == 0 && i < d->data_chunk_get_size(chunk);
	     i++) {
		const union duck_string *text[5];

		for (size_t k = 0; k < COUNT_OF(text); k++)
			text[k] = (const union duck_string *)data[k] + i;
		rc = take_node(
			v,
			&(struct node){duck_text(text[0]), duck_text(text[1]),
				       duck_text(text[2]), duck_text(text[3]),
				       duck_text(text[4]),
				       ((const int64_t *)data[5])[i],
				       ((const int64_t *)data[6])[i],
				       ((const int64_t *)data[7])[i]},
			e);
	}
	return rc;
}

static int read_schemas(struct view *v, struct err *e)
{
	const struct duck *d = &v->c->d;
	struct duck_result r = {0};
	void *stmt = NULL, *chunk;
	int rc = -1;

	put_query(v);
	if (d->prepare(v->c->conn, buf_cstr(&v->sql), &stmt) != 0)
		(void)duckerror_set(d->prepare_error(stmt), e);
	else if (d->execute_prepared_streaming(stmt, &r) == 0)
		rc = 0;
	while (rc == 0 && (chunk = d->fetch_chunk(r))) {
		rc = take_chunk(v, chunk, e);
		d->destroy_data_chunk(&chunk);
	}
	if (stmt && e->kind == 0 && d->result_error(&r))
		rc = duckerror_set(d->result_error(&r), e);
	d->destroy_result(&r);
	d->destroy_prepare(&stmt);
	return rc;
}

/* Sets *exact to whether Spark wrote all files with INT96: its times have no
 * more than microseconds, so DuckDB loses nothing.
 */
static int check_spark(struct view *v, bool *exact, struct err *e)
{
	int64_t others = 0;
	int rc;

	v->sql.n = 0;
	buf_str(&v->sql, "SELECT count(*) FROM parquet_schema(");
	duckconn_string(&v->sql, buf_all(&v->c->path));
	buf_str(&v->sql, ") WHERE type = 'INT96' AND file_name NOT IN "
			 "(SELECT file_name FROM parquet_kv_metadata(");
	duckconn_string(&v->sql, buf_all(&v->c->path));
	buf_str(&v->sql, ") WHERE key = 'org.apache.spark.version'::BLOB)");
	rc = duckconn_count(v->c, buf_cstr(&v->sql), &others, e);
	*exact = others == 0;
	return rc;
}

/* ---- the view ---------------------------------------------------------- */

/* Sets *utc to whether the session computes in UTC. */
static int ask_zone(const struct view *v, bool *utc, struct err *e)
{
	int64_t n = 0;
	int rc = duckconn_count(
		v->c,
		"SELECT count(*) FROM (SELECT current_setting('TimeZone') AS z)"
		" WHERE z IN ('UTC', 'Etc/UTC')",
		&n, e);

	*utc = n == 1;
	return rc;
}

/* Marks columns whose type differs between the files so that DuckDB's common
 * type changes values.
 */
static void find_mixed(struct view *v, bool utc)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct part *p = &v->part[i];
		struct part *column = &v->part[p->column];
		const char *name = memrchr(p->path.p, SEPARATOR, p->path.n);
		const char *why =
			parquet_types_mixed(&p->types, p->column != i, utc);

		if (!why || (column->why.n > 0 && !column->int96))
			continue;
		column->why.n = 0;
		column->int96 = false;
		buf_str(blame(v, p,
			      slice_of(name + 1,
				       p->path.n -
					       (size_t)(name + 1 - p->path.p))),
			why);
	}
}

static void put_name(struct buf *b, const char *name)
{
	buf_char(b, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_char(b, '"');
		buf_char(b, *name);
	}
	buf_char(b, '"');
}

static void put_error(struct buf *b, struct slice why)
{
	struct buf text = {0};

	buf_str(&text, DUCKERROR_OWN);
	buf_slice(&text, why);
	buf_str(b, "error(");
	duckconn_string(b, buf_all(&text));
	buf_char(b, ')');
	buf_clear(&text);
}

/* Appends the column with an error for integers that a float cannot hold
 * exactly, from 2^24 or 2^53 on.
 */
static void put_guard(struct view *v, const struct part *p)
{
	struct buf why = {0};

	buf_fmt(&why,
		"column '%s' is an integer in one file and a float in a "
		"different one, and DuckDB rounds its largest values",
		p->name);
	buf_str(&v->sql, "CASE WHEN isfinite(");
	put_name(&v->sql, p->name);
	buf_str(&v->sql, ") AND abs(");
	put_name(&v->sql, p->name);
	buf_fmt(&v->sql, ") >= %ju THEN ",
		(uintmax_t)1 << (p->types.bits == FLOAT_BITS ? FLOAT_BITS
							     : DOUBLE_BITS));
	put_error(&v->sql, buf_all(&why));
	buf_str(&v->sql, " ELSE ");
	put_name(&v->sql, p->name);
	buf_str(&v->sql, " END");
	buf_clear(&why);
}

static void put_view(struct view *v, bool int96)
{
	bool any = false;

	v->sql.n = 0;
	buf_str(&v->sql, "CREATE TEMP VIEW " PARQUET_VIEW " AS SELECT *");
	for (size_t i = 0; i < v->n; i++) {
		const struct part *p = &v->part[i];
		bool bad = p->why.n > 0 && (!p->int96 || int96);

		if (!p->name || (!bad && !parquet_types_is_inexact(&p->types)))
			continue;
		buf_str(&v->sql, any ? ", " : " REPLACE (");
		any = true;
		if (bad) { /* an error that has the type of the column */
			buf_str(&v->sql, "CASE WHEN ");
			put_error(&v->sql, buf_all(&p->why));
			buf_str(&v->sql, " IS NULL THEN ");
			put_name(&v->sql, p->name);
			buf_str(&v->sql, " END");
		} else {
			put_guard(v, p);
		}
		buf_str(&v->sql, " AS ");
		put_name(&v->sql, p->name);
	}
	buf_str(&v->sql, any ? ") FROM read_parquet(" : " FROM read_parquet(");
	duckconn_string(&v->sql, buf_all(&v->c->path));
	buf_str(&v->sql, ", union_by_name = true");
	buf_str(&v->sql, v->c->no_hive ? ", hive_partitioning = false)" : ")");
}

int parquet_view_make(const struct duckconn *c, struct err *e)
{
	struct view v = {.c = c};
	bool exact = true, int96 = false, zones = false, utc = true;
	int rc = read_schemas(&v, e);

	for (size_t i = 0; i < v.n; i++)
		int96 |= v.part[i].int96;
	for (size_t i = 0; i < v.n; i++)
		zones |= v.part[i].types.zoned && v.part[i].types.local;
	if (rc == 0 && int96)
		rc = check_spark(&v, &exact, e);
	if (rc == 0 && zones)
		rc = ask_zone(&v, &utc, e);
	if (rc == 0) {
		find_mixed(&v, utc);
		put_view(&v, !exact);
		rc = duckconn_command(c, buf_cstr(&v.sql), e);
	}
	for (size_t i = 0; i < v.n; i++) {
		buf_clear(&v.part[i].path);
		buf_clear(&v.part[i].why);
		free(v.part[i].name);
	}
	free(v.part);
	free(v.level);
	buf_clear(&v.path);
	buf_clear(&v.sql);
	return rc;
}
