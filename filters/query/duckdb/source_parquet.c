/* source_parquet.c - Parquet files: DuckDB reads them, see source_duckdb.c. */
#include "query/part.h"
#include "query/source.h"

extern const struct source source_duckdb, source_parquet;

static const struct part_sql parting = {
	.before = "CAST('0x' || substr(md5(",
	.cast = "CAST(",
	.as = " AS VARCHAR)",
	.between = " || ':' || ",
	.behind = "), 1, 8) AS UBIGINT) % ",
};

static const struct model_sql sql = {
	.quote = '"',
	.part = &parting,
	.nested_comments = true,
	.dollar_quotes = true,
	.param = '$',
	.numbered = true,
	.marks = "?$",
};

static const char *const tuning[] = {"threads=", "memory=", "timezone=", NULL};

static int parquet_run(const struct source_job *job, struct rows *rows,
		       struct err *e)
{
	return source_duckdb.run(job, rows, e);
}

const struct source source_parquet = {
	.scheme = {"parquet"},
	.help = "glob",
	.sql = &sql,
	.whole = "files",
	.tuning = tuning,
	.run = parquet_run,
};
