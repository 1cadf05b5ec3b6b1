#include <unistd.h>

#include "core/opt.h"
#include "core/tool.h"
#include "map/map.h"
#include "map/pick.h"
#include "map/settings/event_type.h"
#include "map/test_run.h"
#include "wire/stream/abort.h"
#include "wire/stream/input.h"

enum { OPTIONS = 64 };

static const char examples[] =
	"  rudder-map -t identify -u id -c "
	"'email,plan,addr_*,name=profile.full'\n"
	"  rudder-map -t track -u user_id -e 'Order Completed' -C "
	"source=warehouse\n"
	"  rudder-map -m mapping.json\n"
	"  rudder-map -u id -t identify -j '{traits: {email: .email}}'\n";

struct map_command {
	struct map_options map;
	const char *test; /* --test, with --test-update */
	bool update, pick;
};

/* Whether the output of the command is a stream, with control lines. */
static bool writes_stream(const struct map_command *c)
{
	const struct map_options *o = &c->map;

	return !(o->print_mapping || o->print_columns || o->print_record ||
		 o->preview > 0 || o->check || o->explain || c->pick ||
		 c->test || c->update);
}

static int run_command(struct map_command *c, struct err *e)
{
	if (c->update && !c->test)
		return err_set(e, ERR_USAGE, "--test-update goes with --test");
	c->map.confine = !c->test && !c->pick; /* these open files later */
	if (c->test)
		return test_run(&c->map, c->test, c->update, e);
	if (c->pick)
		return pick_run(&c->map, STDIN_FILENO, STDOUT_FILENO, e);
	return map_run(&c->map, STDIN_FILENO, STDOUT_FILENO, e);
}

static const char *event_types(struct buf *b)
{
	event_type_list(b);
	return buf_cstr(b);
}

static const char *event_words(struct buf *b)
{
	for (const char *const *name = event_type_names(); *name; name++)
		buf_fmt(b, "%s%s", b->n > 0 ? "|" : "", *name);
	return buf_cstr(b);
}

/* Adds the options for the ids in an event. */
static void add_ids(struct opt *table, struct map_command *c)
{
	const struct opt rows[] = {
		{'u', "user-id", "<column>", "column of the user id",
		 .text = &c->map.mapping.user_id},
		{'a', "anonymous-id", "<column>", "column of the anonymous id",
		 .text = &c->map.mapping.anonymous_id},
		{0, "group-id", "<column>", "column of the group id",
		 .text = &c->map.mapping.group_id},
		{0, "previous-id", "<column>",
		 "column of the previous id of an alias",
		 .text = &c->map.mapping.previous_id},
		{0, "identifier", "<column>[=<key>]",
		 "columns that identify a record or an object",
		 .list = &c->map.mapping.identifiers},
		{0, "object", "<destination-object>",
		 "events as the visual data mapper makes them for this object",
		 .text = &c->map.mapping.object},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the options for columns and their values. */
static void add_columns(struct opt *table, struct map_command *c)
{
	const struct opt rows[] = {
		{'c', "columns", "<list>",
		 "columns to map: name, name=target, glob*, !excluded",
		 .list = &c->map.mapping.columns},
		{0, "null", "[<column>=]<how>",
		 "null values: keep (default), omit or empty",
		 .list = &c->map.mapping.nulls},
		{0, "default", "<column>=<value>",
		 "value for a null or missing column",
		 .list = &c->map.mapping.defaults},
		{0, "cast", "<column>=<type>",
		 "convert to string, integer, number, boolean or timestamp",
		 .list = &c->map.mapping.casts},
		{0, "mask", "<column>=<steps>",
		 "trim+lower+sha256, hmac, redact, truncate:N",
		 .list = &c->map.mapping.masks},
		{0, "mask-key-file", "<file>",
		 "file with the key of hmac masks",
		 .text = &c->map.mapping.mask_key_file},
		{0, "numbers", "<how>",
		 "numbers beyond double precision: string (default) or exact",
		 .text = &c->map.mapping.numbers, .values = "string|exact"},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the options for other members of an event. */
static void add_event(struct opt *table, struct map_command *c)
{
	const struct opt rows[] = {
		{'C', "constant", "<key>=<value>",
		 "add this string to every event",
		 .list = &c->map.mapping.constants},
		{0, "constant-json", "<key>=<json>",
		 "add this JSON value to every event",
		 .list = &c->map.mapping.json_constants},
		{0, "constant-env", "<key>=<variable>",
		 "add an environment variable to every event",
		 .list = &c->map.mapping.env_constants},
		{0, "constant-run", "<key>=<what>",
		 "add the run's id or start to every event",
		 .list = &c->map.mapping.run_constants},
		{'e', "event", "<name>",
		 "event name, or insert=NAME,update=NAME,delete=NAME",
		 .text = &c->map.mapping.event},
		{0, "event-column", "<column>", "column of the event name",
		 .text = &c->map.mapping.event_column},
		{0, "timestamp", "<column>", "column of the event time",
		 .text = &c->map.mapping.timestamp},
		{0, "delete-event", "<name>",
		 "send deletes as track events with this name",
		 .text = &c->map.mapping.delete_event},
		{0, "deletes", "<how>", "send (default) or skip deletes",
		 .text = &c->map.mapping.deletes, .values = "send|skip"},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_jq(struct opt *table, struct map_command *c)
{
	const struct opt rows[] = {
		{'j', "jq", "<program>", "make the event with a jq program",
		 .text = &c->map.mapping.jq},
		{'w', "where", "<condition>",
		 "map only rows for which this jq expression is true",
		 .text = &c->map.mapping.where},
		{0, "field", "<path>=<expression>",
		 "set a target to the result of a jq expression",
		 .list = &c->map.mapping.computed},
		{0, "jq-numbers", "<how>",
		 "numbers too long for jq: reject, string, literal",
		 .text = &c->map.mapping.jq_numbers,
		 .values = "reject|string|literal"},
		{0, "jq-timeout", "<time>", "CPU time per row in jq (1s)",
		 .msec = &c->map.jq_timeout_ms},
		{0, "jq-memory", "<size>", "memory of each jq process (256M)",
		 .count = &c->map.jq_memory},
		{0, "jq-engine", "<how>",
		 "auto (default), or libjq also for simple programs",
		 .text = &c->map.jq_engine, .values = "auto|libjq"},
		{0, "jobs", "<n>", "number of jq processes (1)",
		 .count = &c->map.jobs},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

/* Adds the option for a mapping file, and the uses that map no rows. */
static void add_uses(struct opt *table, struct map_command *c)
{
	const struct opt rows[] = {
		{'m', "mapping", "<file>",
		 "read settings from a file or a rudder-cli project",
		 .text = &c->map.mapping.file},
		{0, "connection", "<id>", "connection in the project",
		 .list = &c->map.mapping.connections},
		{0, "print-columns", NULL,
		 "print the columns that are read, for rudder-diff --compare",
		 .flag = &c->map.print_columns},
		{0, "print-mapping", NULL,
		 "print all settings as a mapping file",
		 .flag = &c->map.print_mapping},
		{0, "print-record", NULL,
		 "only write it for rudder-diff --compare-mapping",
		 .flag = &c->map.print_record},
		{0, "seal", NULL,
		 "add a hash of all events to the end line, for plans",
		 .flag = &c->map.seal},
		{.name = "preview",
		 .arg = "[<n>]",
		 .absent = "10",
		 .help = "show rows, mapping and events side by side (10)",
		 .count = &c->map.preview},
		{0, "check", NULL, "only check the mapping against the columns",
		 .flag = &c->map.check},
		{0, "pick", NULL,
		 "choose columns in the terminal and write the mapping file",
		 .flag = &c->pick},
		{0, "test", "<folder>",
		 "test: map each NAME.rows and compare with NAME.events",
		 .text = &c->test},
		{0, "test-update", NULL,
		 "with --test: overwrite NAME.events that differ",
		 .flag = &c->update},
		{0, "explain", NULL,
		 "only show the engine that runs each expression",
		 .flag = &c->map.explain},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_input(struct opt *table, struct map_command *c)
{
	const struct opt rows[] = {
		{0, "job-id", "<id>", "context.sources.job_id",
		 .text = &c->map.mapping.job_id},
		{0, "max-rejects", "<n|n%>", "fail if more rows are rejected",
		 .text = &c->map.max_rejects},
		{0, "max-line", "<size>", "reject longer lines (16M)",
		 .count = &c->map.max_line},
		{0, "trust-eof", NULL, "accept input without an end line",
		 .flag = &c->map.trust_eof},
		{0, "any-counts", NULL,
		 "accept input with lines dropped or added in between",
		 .flag = &c->map.any_counts},
		{0, "stats", "<file>", "write counters to this file, as JSON",
		 .text = &c->map.stats},
		{0},
	};

	opt_add(table, OPTIONS, rows);
}

static void add_options(struct opt *table, struct map_command *c)
{
	add_ids(table, c);
	add_columns(table, c);
	add_event(table, c);
	add_jq(table, c);
	add_uses(table, c);
	add_input(table, c);
}

int main(int argc, char **argv)
{
	struct map_command c = {.map = {
					.max_line = INPUT_MAX_LINE,
					.jq_timeout_ms = MAP_JQ_TIMEOUT_MS,
					.jq_memory = MAP_JQ_MEMORY,
				}};
	struct buf types = {0}, words = {0};
	struct opt table[OPTIONS] = {
		{'t', "type", "<type>", event_types(&types),
		 .text = &c.map.mapping.type, .values = event_words(&words)},
	};
	const struct opt_page page = {
		.summary = "make RudderStack events from rows or changes",
		.synopsis = "-t <type> -u <column> [-c <list>] [option ...]",
		.table = table,
		.examples = examples,
	};
	struct err e = {0};
	char **operands;
	int rc;

	add_options(table, &c);
	tool_start("rudder-map");
	rc = opt_parse(argc, argv, &page, &operands, &e);
	if (rc != 0)
		abort_output(writes_stream(&c) ? STDOUT_FILENO : -1, "map");
	if (rc > 0 && *operands)
		rc = err_set(&e, ERR_USAGE,
			     "unexpected argument '%s': rows are read from "
			     "standard input",
			     *operands);
	if (rc > 0)
		rc = run_command(&c, &e);
	opt_clear(&page);
	buf_clear(&types);
	buf_clear(&words);
	return tool_end(rc, &e);
}
