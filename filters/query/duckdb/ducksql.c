#include "query/duckdb/ducksql.h"

#include "query/part.h"

static const struct part_sql parting = {
	.before = "CAST('0x' || substr(md5(",
	.cast = "CAST(",
	.as = " AS VARCHAR)",
	.between = " || ':' || ",
	.behind = "), 1, 8) AS UBIGINT) % ",
	.wide = "CAST(",
	.too = " AS HUGEINT)",
};

const struct model_sql ducksql = {
	.quote = '"',
	.part = &parting,
	.delta = true,
	.nested_comments = true,
	.dollar_quotes = true,
	.param = '$',
	.numbered = true,
	.marks = "?$",
};

const char ducksql_tables[] =
	"SELECT CASE WHEN regexp_matches(s, '[.\"]') THEN '\"' || replace(s, "
	"'\"', '\"\"') || '\"' ELSE s END || '.' || "
	"CASE WHEN regexp_matches(t, '[.\"]') THEN '\"' || replace(t, '\"', "
	"'\"\"') || '\"' ELSE t END AS name, kind, rows FROM (SELECT"
	" schema_name AS s, table_name AS t, 'table' AS kind,"
	" estimated_size AS rows FROM duckdb_tables() WHERE NOT internal"
	" UNION ALL SELECT schema_name, view_name, 'view', NULL"
	" FROM duckdb_views() WHERE NOT internal) x ORDER BY 1";

bool ducksql_wrap(const struct ducksql *s, struct slice from, struct buf *sql)
{
	bool limited = s->limit < INT64_MAX, cast = false;

	buf_str(sql, "SELECT *");
	for (size_t i = 0; i < s->n; i++) {
		const char *to = ducktype_cast(s->type[i]);

		if (!to)
			continue;
		buf_str(sql, cast ? ", CAST(" : " REPLACE (CAST(");
		model_quote(sql, &ducksql, slice_str(s->name[i]));
		buf_fmt(sql, " AS %s) AS ", to);
		model_quote(sql, &ducksql, slice_str(s->name[i]));
		cast = true;
	}
	buf_str(sql, cast ? ") FROM (\n" : " FROM (\n");
	buf_slice(sql, from);
	buf_str(sql, "\n) rudder_model");
	if (limited)
		buf_fmt(sql, " LIMIT %ju", (uintmax_t)s->limit + 1);
	return limited || cast;
}
