#include "sync/option_table.h"

#include <string.h>

#include "core/option_keys.h"

static const char *const commands[] = {
	[SYNC_QUERY] = "rudder-query", [SYNC_DIFF] = "rudder-diff",
	[SYNC_MAP] = "rudder-map",     [SYNC_SEND] = "rudder-send",
	[SYNC_COMMIT] = "rudder-diff",
};

/* Keys that are not in sync_key_table, and options of one letter. */
static const struct {
	enum sync_stage stage;
	const char *option, *key;
	const char *words; /* see sync_key.words */
} others[] = {
	{SYNC_QUERY, "source", "source", NULL},
	{SYNC_QUERY, "d", "source", NULL},
	{SYNC_QUERY, "sql", "sql", NULL},
	{SYNC_QUERY, "e", "sql", NULL},
	{SYNC_QUERY, "table", "table", NULL},
	{SYNC_QUERY, "t", "table", NULL},
	{SYNC_QUERY, "dbt", "dbt.manifest", NULL},
	{SYNC_QUERY, "project", "project.path", NULL},
	{SYNC_QUERY, "c", "table_columns", NULL},
	{SYNC_QUERY, "k", "key", NULL},
	{SYNC_QUERY, "key", "key", NULL},
	{SYNC_QUERY, "P", "params", NULL},
	{SYNC_DIFF, "k", "key", NULL},
	{SYNC_DIFF, "s", "state", NULL},
	{SYNC_DIFF, "state", "state", NULL},
	{SYNC_MAP, "type", "type", NULL},
	{SYNC_MAP, "t", "type",
	 "identify|track|page|screen|group|alias|record"},
	{SYNC_MAP, "user-id", "user_id", NULL},
	{SYNC_MAP, "u", "user_id", NULL},
	{SYNC_MAP, "anonymous-id", "anonymous_id", NULL},
	{SYNC_MAP, "a", "anonymous_id", NULL},
	{SYNC_MAP, "group-id", "group_id", NULL},
	{SYNC_MAP, "previous-id", "previous_id", NULL},
	{SYNC_MAP, "identifier", "identifiers", NULL},
	{SYNC_MAP, "object", "object", NULL},
	{SYNC_MAP, "columns", "columns", NULL},
	{SYNC_MAP, "c", "columns", NULL},
	{SYNC_MAP, "mask-key-file", "mask_key_file", NULL},
	{SYNC_MAP, "numbers", "numbers", "string|exact"},
	{SYNC_MAP, "event", "event", NULL},
	{SYNC_MAP, "e", "event", NULL},
	{SYNC_MAP, "event-column", "event.column", NULL},
	{SYNC_MAP, "timestamp", "timestamp", NULL},
	{SYNC_MAP, "delete-event", "delete_event", NULL},
	{SYNC_MAP, "deletes", "deletes", "send|skip"},
	{SYNC_MAP, "jq", "jq", NULL},
	{SYNC_MAP, "j", "jq", NULL},
	{SYNC_MAP, "where", "where", NULL},
	{SYNC_MAP, "w", "where", NULL},
	{SYNC_MAP, "jq-numbers", "jq_numbers", "reject|string|literal"},
	{SYNC_MAP, "keep", "keep.values", "row"},
	{SYNC_MAP, "identity", "identity", NULL},
	{SYNC_SEND, "dest", "dest", NULL},
	{SYNC_SEND, "d", "dest", NULL},
};

static void put(struct buf *b, enum sync_stage stage, const char *option,
		const char *key, unsigned line, bool flag, const char *words)
{
	buf_fmt(b, "%s %s %s %u %c%s%s\n", commands[stage], option, key, line,
		flag ? 'f' : 'v', words ? " " : "", words ? words : "");
}

/* The line of a key in the file; 0 if it is not there or on several lines. */
static unsigned line_of(const struct sync_file *f, const struct sync_key *k)
{
	const struct sync_setting *x = NULL;

	for (size_t i = 0; i < sync_file_width(f); i++) {
		const struct sync_setting *s = sync_file_setting(
			f, &f->destination[i], k->stage, k->option);

		if (s && x && s->line != x->line)
			return 0;
		x = s ? s : x;
	}
	return x && x->key == k ? x->line : 0;
}

/* Options that rudder run passes on to filters. */
static const char *const of_run[] = {"full",          "all-rows",
				     "allow-deletes", "allow-resend",
				     "lock-wait",     "accept-connection"};

void option_table_text(struct buf *b, const struct sync_file *f)
{
	buf_fmt(b, "file %s\n", f->path);
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		struct buf key = {0};

		buf_fmt(&key, "%s%s%s", k->group ? k->group : "",
			k->group ? "." : "", k->name);
		put(b, k->stage, k->option, buf_cstr(&key), line_of(f, k),
		    k->kind == SYNC_KEY_FLAG,
		    strcmp(k->option, "keep") == 0 ? "row" : k->words);
		buf_clear(&key);
	}
	for (size_t i = 0; i < COUNT_OF(of_run); i++)
		buf_fmt(b, "run %s - 0 v\n", of_run[i]);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		put(b, others[i].stage, others[i].option, others[i].key, 0,
		    false, others[i].words);
}
