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
		{0, "previous-id", "<column>", "column of an alias's old id",
		 .text = &m->previous_id},
		{0, "identifier", "<column>[=<key>]",
		 "identifiers of a record, or of an object",
		 .list = &m->identifiers},
		{0, "object", "<destination-object>",
		 "shape of the visual data mapper for this object",
		 .text = &m->object},
		{'c', "columns", "<list>",
		 "columns to take: name, name=target, glob*, !left-out",
		 .list = &m->columns},
		{0, "null", "[<column>=]<how>", "nulls: keep, omit or empty",
		 .list = &m->nulls},
		{0, "default", "<column>=<value>",
		 "a value instead of null or none", .list = &m->defaults},
		{0, "cast", "<column>=<type>",
		 "string, integer, number, boolean or timestamp",
		 .list = &m->casts},
		{0, "mask", "<column>=<steps>",
		 "trim+lower+sha256, hmac, redact, truncate:N",
		 .list = &m->masks},
		{0, "mask-key-file", "<file>", "key of hmac masks",
		 .text = &m->mask_key_file},
		{0, "numbers", "<how>",
		 "numbers beyond a double: string (default) or exact",
		 .text = &m->numbers, .values = "string|exact"},
		{'C', "constant", "<key>=<value>", "a string in every event",
		 .list = &m->constants},
		{0, "constant-json", "<key>=<json>",
		 "a JSON value in every event", .list = &m->json_constants},
		{0, "constant-env", "<key>=<variable>",
		 "a variable of the environment in every event",
		 .list = &m->env_constants},
		{0, "constant-run", "<key>=<what>",
		 "the run's id or start in every event",
		 .list = &m->run_constants},
		{'e', "event", "<name>",
		 "name of the event, or insert=NAME,update=NAME,delete=NAME",
		 .text = &m->event},
		{0, "event-column", "<column>", "column of the event's name",
		 .text = &m->event_column},
		{0, "timestamp", "<column>", "column of the event's time",
		 .text = &m->timestamp},
		{0, "delete-event", "<name>",
		 "make deletes track events of this name",
		 .text = &m->delete_event},
		{0, "deletes", "<how>",
		 "send (default), or skip: leave deletes out",
		 .text = &m->deletes, .values = "send|skip"},
		{'j', "jq", "<program>", "make the event by a jq program",
		 .text = &m->jq},
		{'w', "where", "<condition>",
		 "take only rows for which this jq expression holds",
		 .text = &m->where},
		{0, "field", "<path>=<expression>",
		 "a value that a jq expression computes", .list = &m->computed},
		{0, "jq-numbers", "<how>",
		 "numbers too long for jq: reject, string, literal",
		 .text = &m->jq_numbers, .values = "reject|string|literal"},
		{0, "jq-timeout", "<time>", "CPU time of a row in jq (1s)",
		 .msec = &o.jq_timeout_ms},
		{0, "jq-memory", "<size>", "memory of a jq process (256M)",
		 .count = &o.jq_memory},
		{0, "jq-engine", "<how>",
		 "auto (default), or libjq for simple programs too",
		 .text = &o.jq_engine, .values = "auto|libjq"},
		{0, "jobs", "<n>", "processes that run jq (1)",
		 .count = &o.jobs},
		{'m', "mapping", "<file>",
		 "settings from a file, or of a rudder-cli project",
		 .text = &m->file},
		{0, "connection", "<id>", "which connection of the project",
		 .list = &m->connections},
		{0, "print-columns", NULL,
		 "only write the columns read, for rudder-diff --compare",
		 .flag = &o.print_columns},
		{0, "print-mapping", NULL,
		 "write all settings as a mapping file, and stop",
		 .flag = &o.print_mapping},
		{0, "print-record", NULL,
		 "only write it for rudder-diff --compare-mapping",
		 .flag = &o.print_record},
		{0, "seal", NULL,
		 "a hash of all events in the end line, for plans",
		 .flag = &o.seal},
		{.name = "preview",
		 .arg = "[<n>]",
		 .absent = "10",
		 .help = "show rows, mapping and events side by side (10)",
		 .count = &o.preview},
		{0, "check", NULL,
		 "only say whether the mapping fits the columns",
		 .flag = &o.check},
		{0, "pick", NULL,
		 "choose columns in the terminal, write the mapping file",
		 .flag = &pick},
		{0, "test", "<folder>",
		 "compare NAME.rows there with their NAME.events",
		 .text = &test},
		{0, "test-update", NULL, "write the events that differ",
		 .flag = &update},
		{0, "explain", NULL, "only say what each expression is run by",
		 .flag = &o.explain},
		{0, "job-id", "<id>", "context.sources.job_id",
		 .text = &m->job_id},
		{0, "max-rejects", "<n|n%>", "fail when more rows are rejected",
		 .text = &o.max_rejects},
		{0, "max-line", "<size>", "longest line taken (16M)",
		 .count = &o.max_line},
		{0, "trust-eof", NULL, "end of file ends the input",
		 .flag = &o.trust_eof},
		{0, "any-counts", NULL,
		 "lines may have been dropped or added on the way",
		 .flag = &o.any_counts},
		{0, "stats", "<file>", "write the counters as JSON",
		 .text = &o.stats},
		{0},
	};
	const struct opt_page page = {
		.summary = "make RudderStack events of rows or changes",
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
			     "what is '%s'? rows come by standard input",
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
