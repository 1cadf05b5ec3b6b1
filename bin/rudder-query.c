/* rudder-query - the rows of a model, as lines of JSON. */
#include <unistd.h>

#include "core/opt.h"
#include "core/tool.h"
#include "query/query.h"
#include "query/source.h"
#include "wire/stream/abort.h"

enum { OPTIONS = 64 };

/* A failure is part of the stream, where a stream is asked for. */
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

/* The drivers' own options behind the others. */
static void add_own(struct opt *table, struct source_given *g)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	(void)source_options(table + n, OPTIONS - 1 - n, g);
}

int main(int argc, char **argv)
{
	struct query_options o = QUERY_DEFAULTS;
	struct buf schemes = {0};
	struct opt table[OPTIONS] = {
		{'d', "source", "<source>", "where the rows are, as a URL",
		 .text = &o.source, .values = source_list(&schemes)},
		{'e', "sql", "<SQL>", "the model itself, one SELECT",
		 .text = &o.sql},
		{'t', "table", "<table>", "all rows of a table or view",
		 .text = &o.table},
		{'c', "table-columns", "<columns>",
		 "only these columns of the table or CSV: a,b",
		 .text = &o.table_columns},
		{0, "dbt", "<manifest>",
		 "a model of dbt: its target/manifest.json", .text = &o.dbt},
		{0, "project", "<path>", "a model of a rudder-cli project",
		 .text = &o.project},
		{0, "model", "<name>", "the name of the model there",
		 .text = &o.model},
		{'P', "param", "<name=value>",
		 "the value of :name in the model", .list = &o.params},
		{0, "cursor", "<column>",
		 "order by it, say how far it came in the end line",
		 .text = &o.cursor},
		{0, "since", "<value>",
		 "only rows whose cursor is the value or above",
		 .text = &o.since},
		{0, "cursor-state", "<folder>",
		 "since the cursor in a state of rudder-diff",
		 .text = &o.cursor_state},
		{0, "if-changed", "<SQL>",
		 "no rows while its value is that in the state",
		 .text = &o.if_changed},
		{0, "full", NULL, "all rows, whatever --cursor-state has",
		 .flag = &o.full},
		{0, "overlap", "<n|time>", "begin so much before it: 100, 10m",
		 .text = &o.overlap},
		{'k', "key", "<columns>",
		 "the key of the rows, for rudder-diff: a,b", .text = &o.key},
		{0, "partition", "<i/n>",
		 "only part i, from 0, of n that are all rows together",
		 .text = &o.partition},
		{0, "limit", "<n>", "no more rows than that",
		 .count = &o.limit},
		{0, "legacy-types", NULL,
		 "decimals as strings, as older syncs had them",
		 .flag = &o.legacy},
		{0, "max-rejects", "<n|n%>",
		 "most rejected rows before the run fails (0)",
		 .text = &o.max_rejects},
		{0, "timeout", "<time>",
		 "give up when the statement takes longer",
		 .msec = &o.timeout_ms},
		{0, "tables", NULL,
		 "rows are tables and views, or the models of a project",
		 .flag = &o.tables},
		{0, "columns", NULL,
		 "list name and types of the columns, no rows",
		 .flag = &o.columns},
		{0, "check", NULL, "try connection, listing and model, no rows",
		 .flag = &o.check},
		{0, "end-file", "<file>", "write the end line to a file too",
		 .text = &o.end_file},
		{0, "stats", "<file>", "write the counts as JSON",
		 .text = &o.stats},
	};
	const struct opt_page page = {
		.summary = "the rows of a model, as lines of JSON",
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

	add_own(table, &o.given);
	tool_start("rudder-query");
	tool_hold_secrets();
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
	return tool_end(rc, &e);
}
