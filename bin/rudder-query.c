/* rudder-query - the rows of a model, as lines of JSON. */
#include <unistd.h>

#include "core/opt.h"
#include "core/tool.h"
#include "query/query.h"
#include "query/source.h"
#include "wire/stream/abort.h"

/* A failure is part of the stream, where a stream is asked for. */
static void say_abort(const struct query_options *o, int rc)
{
	if (rc != 0)
		abort_output(o->columns || o->check ? -1 : tool_out(), "query");
}

int main(int argc, char **argv)
{
	struct query_options o = QUERY_DEFAULTS;
	const struct opt table[] = {
		{.letter = 'd',
		 .name = "source",
		 .arg = "<source>",
		 .text = &o.source,
		 .help = "where the rows are, as a URL"},
		{.letter = 'e',
		 .name = "sql",
		 .arg = "<SQL>",
		 .text = &o.sql,
		 .help = "the model itself, one SELECT"},
		{.letter = 't',
		 .name = "table",
		 .arg = "<table>",
		 .text = &o.table,
		 .help = "all rows of a table or view"},
		{.letter = 'c',
		 .name = "table-columns",
		 .arg = "<columns>",
		 .text = &o.table_columns,
		 .help = "only these columns of the table or CSV: a,b"},
		{.name = "dbt",
		 .arg = "<manifest>",
		 .text = &o.dbt,
		 .help = "a model of dbt: its target/manifest.json"},
		{.name = "project",
		 .arg = "<path>",
		 .text = &o.project,
		 .help = "a model of a rudder-cli project"},
		{.name = "model",
		 .arg = "<name>",
		 .text = &o.model,
		 .help = "the name of the model there"},
		{.letter = 'P',
		 .name = "param",
		 .arg = "<name=value>",
		 .list = &o.params,
		 .help = "the value of :name in the model"},
		{.name = "cursor",
		 .arg = "<column>",
		 .text = &o.cursor,
		 .help = "order by it, say how far it came in the end line"},
		{.name = "since",
		 .arg = "<value>",
		 .text = &o.since,
		 .help = "only rows whose cursor is the value or above"},
		{.name = "cursor-state",
		 .arg = "<folder>",
		 .text = &o.cursor_state,
		 .help = "since the cursor in a state of rudder-diff"},
		{.name = "overlap",
		 .arg = "<n|time>",
		 .text = &o.overlap,
		 .help = "begin so much before it: 100, 10m"},
		{.name = "limit",
		 .arg = "<n>",
		 .count = &o.limit,
		 .help = "no more rows than that"},
		{.name = "delimiter",
		 .arg = "<char>",
		 .text = &o.delimiter,
		 .help = "CSV: between fields (a comma; \\t is a tab)"},
		{.name = "quote",
		 .arg = "<char>",
		 .text = &o.quote,
		 .help = "CSV: around fields (a double quote)"},
		{.name = "null",
		 .arg = "<text>",
		 .text = &o.null,
		 .help = "CSV: a field that means null (a bare empty one)"},
		{.name = "no-header",
		 .flag = &o.no_header,
		 .help = "CSV: no names in the file; they are c1, c2, ..."},
		{.name = "names",
		 .arg = "<columns>",
		 .text = &o.names,
		 .help = "CSV: the names of all columns: a,b"},
		{.name = "types",
		 .arg = "<name=type,...>",
		 .text = &o.types,
		 .help = "CSV: columns that are no strings"},
		{.name = "legacy-types",
		 .flag = &o.legacy,
		 .help = "decimals as strings, as older syncs had them"},
		{.name = "max-rejects",
		 .arg = "<n|n%>",
		 .text = &o.max_rejects,
		 .help = "go on with so many refused rows (0)"},
		{.name = "timeout",
		 .arg = "<time>",
		 .msec = &o.timeout_ms,
		 .help = "give up when the statement takes longer"},
		{.name = "columns",
		 .flag = &o.columns,
		 .help = "list name and types of the columns, no rows"},
		{.name = "check",
		 .flag = &o.check,
		 .help = "try connection, listing and model, no rows"},
		{.name = "end-file",
		 .arg = "<file>",
		 .text = &o.end_file,
		 .help = "write the end line to a file too"},
		{.name = "stats",
		 .arg = "<file>",
		 .text = &o.stats,
		 .help = "write the counts as JSON"},
		{0},
	};
	const struct opt_page page = {
		.summary = "the rows of a model, as lines of JSON",
		.synopsis = "-d <source> [<file> | -e <SQL> | -t <table>]",
		.table = table,
		.list = source_print,
		.examples =
			"  rudder-query -d sqlite:shop.db -t users\n"
			"  rudder-query -d postgres:///wh models/users.sql\n"
			"  rudder-query -d csv:users.csv\n",
	};
	struct err e = {0};
	char **operands;
	int rc;

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
	return tool_end(rc, &e);
}
