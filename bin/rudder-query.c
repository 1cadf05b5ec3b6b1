/* rudder-query - writes the rows of a model as lines of JSON */
#include <unistd.h>

#include "core/opt.h"
#include "core/secrets.h"
#include "core/tool.h"
#include "query/query.h"
#include "query/source.h"
#include "wire/stream/abort.h"

enum { OPTIONS = 64 };

/* Writes an abort line after a failure, if the output is a stream. */
static void say_abort(const struct query_options *o, int rc)
{
	if (rc != 0)
		abort_output(o->columns || o->check ? -1 : tool_out(), "query");
}

static const char *source_list(struct buf *b)
{
	source_schemes(b);
	return buf_cstr(b);
}

/* Adds the options of the drivers after the others. */
static void add_own(struct opt *table, struct source_given *g)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	(void)source_options(table + n, OPTIONS - 1 - n, g);
}

static void add_model(struct opt *table, struct query_options *o)
{
	const struct opt rows[] = {
		{'e', "sql", "<SQL>", "the model: one SELECT statement",
		 .text = &o->sql},
		{'t', "table", "<table>", "read all rows of a table or view",
		 .text = &o->table},
		{'c', "table-columns", "<columns>",
		 "read only these columns of a table or CSV file: a,b",
		 .text = &o->table_columns},
		{0, "dbt", "<manifest>",
		 "read a model of dbt from its target/manifest.json",
		 .text = &o->dbt},
		{0, "project", "<path>", "read a model of a rudder-cli project",
		 .text = &o->project},
		{0, "model", "<name>",
		 "name of the model in --dbt or --project", .text = &o->model},
		{'P', "param", "<name=value>", "value of :name in the model",
		 .list = &o->params},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the options for which rows are read. */
static void add_part(struct opt *table, struct query_options *o)
{
	const struct opt rows[] = {
		{0, "cursor", "<column>",
		 "order by this column and report its last value",
		 .text = &o->cursor},
		{0, "since", "<value>",
		 "read rows whose cursor is at or above this value",
		 .text = &o->since},
		{0, "cursor-state", "<folder>",
		 "read rows since the cursor in this state of rudder-diff",
		 .text = &o->cursor_state},
		{0, "if-changed", "<SQL>",
		 "read no rows while this query returns the same value",
		 .text = &o->if_changed},
		{0, "full", NULL, "read all rows, whatever --cursor-state has",
		 .flag = &o->full},
		{0, "overlap", "<n|time>",
		 "start this far before the cursor: 100, 10m",
		 .text = &o->overlap},
		{'k', "key", "<columns>",
		 "the key of the rows, for rudder-diff: a,b", .text = &o->key},
		{0, "partition", "<i/n>",
		 "only part i, from 0, of n that are all rows together",
		 .text = &o->partition},
		{0, "partition-by", "<rule>",
		 "a row's part is by the key's text (default) or number",
		 .text = &o->partition_by, .values = "text|number"},
		{0, "delta", "<schema>",
		 "let the database find changed rows, by tables in this schema",
		 .text = &o->delta},
		{0, "delta-all", NULL,
		 "with --delta: read all rows once and begin a new base",
		 .flag = &o->delta_all},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the other options. */
static void add_uses(struct opt *table, struct query_options *o)
{
	const struct opt rows[] = {
		{0, "limit", "<n>", "read at most n rows", .count = &o->limit},
		{0, "legacy-types", NULL,
		 "write decimals as strings, like old RudderStack syncs",
		 .flag = &o->legacy},
		{0, "max-rejects", "<n|n%>",
		 "fail after this many rejected rows (0)",
		 .text = &o->max_rejects},
		{0, "timeout", "<time>", "time limit of the query",
		 .msec = &o->timeout_ms},
		{0, "tables", NULL,
		 "list tables and views, or the models of a project",
		 .flag = &o->tables},
		{0, "columns", NULL, "list the names and types of the columns",
		 .flag = &o->columns},
		{0, "check", NULL,
		 "test connection, access and model, read no rows",
		 .flag = &o->check},
		{0, "end-file", "<file>",
		 "also write the end line to this file", .text = &o->end_file},
		{0, "stats", "<file>", "write counters to this file, as JSON",
		 .text = &o->stats},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

int main(int argc, char **argv)
{
	struct query_options o = QUERY_DEFAULTS;
	struct buf schemes = {0};
	struct opt table[OPTIONS] = {
		{'d', "source", "<source>",
		 "where to read: a URL, see sources below", .text = &o.source,
		 .values = source_list(&schemes)},
	};
	const struct opt_page page = {
		.summary = "read the rows of a model as lines of JSON",
		.synopsis = "-d <source> [<file> | -e <SQL> | -t <table>]",
		.table = table,
		.list = source_print,
		.operand = "<file>",
		.examples =
			"  rudder-query -d sqlite:shop.db -t users\n"
			"  rudder-query -d postgres:///wh models/users.sql\n"
			"  rudder-query -d csv:users.csv\n",
	};
	struct err e = {0};
	char **operands;
	int rc;

	add_model(table, &o);
	add_part(table, &o);
	add_uses(table, &o);
	add_own(table, &o.given);
	tool_start("rudder-query");
	secrets_hold();
	rc = opt_parse(argc, argv, &page, &operands, &e);
	say_abort(&o, rc);
	if (rc > 0) {
		o.file = operands[0];
		rc = tool_set_aside(STDOUT_FILENO, &e);
		say_abort(&o, rc);
		if (rc >= 0 && operands[0] && operands[1])
			rc = err_set(&e, ERR_USAGE,
				     "more than one model file: '%s'",
				     operands[1]);
		else if (rc >= 0)
			rc = query_run(&o, STDIN_FILENO, tool_out(), &e);
	}
	opt_clear(&page);
	buf_clear(&schemes);
	if (rc < 0 && e.no_reader)
		tool_end_by_pipe();
	return tool_end(rc, &e);
}
