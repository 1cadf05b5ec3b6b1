#include <unistd.h>

#include "core/opt.h"
#include "core/tool.h"
#include "map/map.h"
#include "map/pick.h"
#include "map/settings/event_type.h"
#include "map/test_run.h"
#include "wire/stream/abort.h"
#include "wire/stream/input.h"

static const char examples[] =
	"  rudder-map -t identify -u id -c "
	"'email,plan,addr_*,name=profile.full'\n"
	"  rudder-map -t track -u user_id -e 'Order Completed' -C "
	"source=warehouse\n"
	"  rudder-map -m mapping.json\n"
	"  rudder-map -u id -t identify -j '{traits: {email: .email}}'\n";

/* Whether it is the use whose output has control lines. */
static bool writes_stream(const struct map_options *o)
{
	return !(o->print_mapping || o->print_columns || o->print_record ||
		 o->preview > 0 || o->check || o->explain);
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

int main(int argc, char **argv)
{
	struct map_options o = {
		.max_line = INPUT_MAX_LINE,
		.jq_timeout_ms = MAP_JQ_TIMEOUT_MS,
		.jq_memory = MAP_JQ_MEMORY,
	};
	struct mapping_options *m = &o.mapping;
	const char *test = NULL;
	bool update = false, pick = false;
	struct buf types = {0}, words = {0};
	const struct opt table[] = {
		{'t', "type", "<type>", event_types(&types), .text = &m->type,
		 .values = event_words(&words)},
		{'u', "user-id", "<column>", "column of the user id",
		 .text = &m->user_id},
		{'a', "anonymous-id", "<column>", "column of the anonymous id",
		 .text = &m->anonymous_id},
		{0, "group-id", "<column>", "column of the group id",
		 .text = &m->group_id},
		{0, "previous-id", "<column>",
		 "column of the previous id of an alias",
		 .text = &m->previous_id},
		{0, "identifier", "<column>[=<key>]",
		 "columns that identify a record or an object",
		 .list = &m->identifiers},
		{0, "object", "<destination-object>",
		 "events as the visual data mapper makes them for this object",
		 .text = &m->object},
		{'c', "columns", "<list>",
		 "columns to map: name, name=target, glob*, !excluded",
		 .list = &m->columns},
		{0, "null", "[<column>=]<how>",
		 "null values: keep (default), omit or empty",
		 .list = &m->nulls},
		{0, "default", "<column>=<value>",
		 "value for a null or missing column", .list = &m->defaults},
		{0, "cast", "<column>=<type>",
		 "convert to string, integer, number, boolean or timestamp",
		 .list = &m->casts},
		{0, "mask", "<column>=<steps>",
		 "trim+lower+sha256, hmac, redact, truncate:N",
		 .list = &m->masks},
		{0, "mask-key-file", "<file>",
		 "file with the key of hmac masks", .text = &m->mask_key_file},
		{0, "numbers", "<how>",
		 "numbers beyond double precision: string (default) or exact",
		 .text = &m->numbers, .values = "string|exact"},
		{'C', "constant", "<key>=<value>",
		 "add this string to every event", .list = &m->constants},
		{0, "constant-json", "<key>=<json>",
		 "add this JSON value to every event",
		 .list = &m->json_constants},
		{0, "constant-env", "<key>=<variable>",
		 "add an environment variable to every event",
		 .list = &m->env_constants},
		{0, "constant-run", "<key>=<what>",
		 "add the run's id or start to every event",
		 .list = &m->run_constants},
		{'e', "event", "<name>",
		 "event name, or insert=NAME,update=NAME,delete=NAME",
		 .text = &m->event},
		{0, "event-column", "<column>", "column of the event name",
		 .text = &m->event_column},
		{0, "timestamp", "<column>", "column of the event time",
		 .text = &m->timestamp},
		{0, "delete-event", "<name>",
		 "send deletes as track events with this name",
		 .text = &m->delete_event},
		{0, "deletes", "<how>", "send (default) or skip deletes",
		 .text = &m->deletes, .values = "send|skip"},
		{'j', "jq", "<program>", "make the event with a jq program",
		 .text = &m->jq},
		{'w', "where", "<condition>",
		 "map only rows for which this jq expression is true",
		 .text = &m->where},
		{0, "field", "<path>=<expression>",
		 "set a target to the result of a jq expression",
		 .list = &m->computed},
		{0, "jq-numbers", "<how>",
		 "numbers too long for jq: reject, string, literal",
		 .text = &m->jq_numbers, .values = "reject|string|literal"},
		{0, "jq-timeout", "<time>", "CPU time per row in jq (1s)",
		 .msec = &o.jq_timeout_ms},
		{0, "jq-memory", "<size>", "memory of each jq process (256M)",
		 .count = &o.jq_memory},
		{0, "jq-engine", "<how>",
		 "auto (default), or libjq also for simple programs",
		 .text = &o.jq_engine, .values = "auto|libjq"},
		{0, "jobs", "<n>", "number of jq processes (1)",
		 .count = &o.jobs},
		{'m', "mapping", "<file>",
		 "read settings from a file or a rudder-cli project",
		 .text = &m->file},
		{0, "connection", "<id>", "connection in the project",
		 .list = &m->connections},
		{0, "print-columns", NULL,
		 "print the columns that are read, for rudder-diff --compare",
		 .flag = &o.print_columns},
		{0, "print-mapping", NULL,
		 "print all settings as a mapping file",
		 .flag = &o.print_mapping},
		{0, "print-record", NULL,
		 "only write it for rudder-diff --compare-mapping",
		 .flag = &o.print_record},
		{0, "seal", NULL,
		 "add a hash of all events to the end line, for plans",
		 .flag = &o.seal},
		{.name = "preview",
		 .arg = "[<n>]",
		 .absent = "10",
		 .help = "show rows, mapping and events side by side (10)",
		 .count = &o.preview},
		{0, "check", NULL, "only check the mapping against the columns",
		 .flag = &o.check},
		{0, "pick", NULL,
		 "choose columns in the terminal and write the mapping file",
		 .flag = &pick},
		{0, "test", "<folder>",
		 "test: map each NAME.rows and compare with NAME.events",
		 .text = &test},
		{0, "test-update", NULL,
		 "with --test: overwrite NAME.events that differ",
		 .flag = &update},
		{0, "explain", NULL,
		 "only show the engine that runs each expression",
		 .flag = &o.explain},
		{0, "job-id", "<id>", "context.sources.job_id",
		 .text = &m->job_id},
		{0, "max-rejects", "<n|n%>", "fail if more rows are rejected",
		 .text = &o.max_rejects},
		{0, "max-line", "<size>", "reject longer lines (16M)",
		 .count = &o.max_line},
		{0, "trust-eof", NULL, "accept input without an end line",
		 .flag = &o.trust_eof},
		{0, "any-counts", NULL,
		 "accept input with lines dropped or added in between",
		 .flag = &o.any_counts},
		{0, "stats", "<file>", "write counters to this file, as JSON",
		 .text = &o.stats},
		{0},
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

	tool_start("rudder-map");
	rc = opt_parse(argc, argv, &page, &operands, &e);
	if (rc != 0)
		abort_output(writes_stream(&o) && !pick && !test && !update
				     ? STDOUT_FILENO
				     : -1,
			     "map");
	if (rc > 0 && *operands)
		rc = err_set(&e, ERR_USAGE,
			     "unexpected argument '%s': rows are read from "
			     "standard input",
			     *operands);
	if (rc > 0 && update && !test)
		rc = err_set(&e, ERR_USAGE, "--test-update goes with --test");
	o.confine = !test && !pick; /* those go on to open files */
	if (rc > 0 && test)
		rc = test_run(&o, test, update, &e);
	else if (rc > 0 && pick)
		rc = pick_run(&o, STDIN_FILENO, STDOUT_FILENO, &e);
	else if (rc > 0)
		rc = map_run(&o, STDIN_FILENO, STDOUT_FILENO, &e);
	opt_clear(&page);
	buf_clear(&types);
	buf_clear(&words);
	return tool_end(rc, &e);
}
