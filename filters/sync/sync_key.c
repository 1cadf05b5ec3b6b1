#include "sync/sync_key.h"

#include <stdio.h>
#include <string.h>

#define QUERY_KEY(name, option, kind)                                          \
	{                                                                      \
		NULL, name, option, SYNC_QUERY, SYNC_KEY_##kind, SYNC_KEY_TOP, \
			NULL                                                   \
	}
#define QUERY_WORD(name, option, words)                                        \
	{                                                                      \
		NULL, name, option, SYNC_QUERY, SYNC_KEY_TEXT, SYNC_KEY_TOP,   \
			words                                                  \
	}
#define DIFF_KEY(name, option, kind)                                           \
	{                                                                      \
		NULL, name, option, SYNC_DIFF, SYNC_KEY_##kind, SYNC_KEY_BOTH, \
			NULL                                                   \
	}
#define DIFF_WORD(name, option, words)                                         \
	{                                                                      \
		NULL, name, option, SYNC_DIFF, SYNC_KEY_TEXT, SYNC_KEY_BOTH,   \
			words                                                  \
	}
#define MAP_KEY(name, option, kind)                                            \
	{                                                                      \
		NULL, name, option, SYNC_MAP, SYNC_KEY_##kind, SYNC_KEY_BOTH,  \
			NULL                                                   \
	}
#define MAP_WORD(name, option, words)                                          \
	{                                                                      \
		NULL, name, option, SYNC_MAP, SYNC_KEY_TEXT, SYNC_KEY_BOTH,    \
			words                                                  \
	}
#define SEND_KEY(name, option, kind)                                           \
	{                                                                      \
		NULL, name, option, SYNC_SEND, SYNC_KEY_##kind, SYNC_KEY_DEST, \
			NULL                                                   \
	}
#define SEND_WORD(name, option, words)                                         \
	{                                                                      \
		NULL, name, option, SYNC_SEND, SYNC_KEY_TEXT, SYNC_KEY_DEST,   \
			words                                                  \
	}
#define GROUP_KEY(group, name, option, stage, kind)                            \
	{                                                                      \
		group, name, option, SYNC_##stage, SYNC_KEY_##kind,            \
			SYNC_KEY_BOTH, NULL                                    \
	}

const struct sync_key sync_key_table[] = {
	QUERY_KEY("table_columns", "table-columns", NAMES),
	QUERY_KEY("params", "param", PAIRS),
	QUERY_KEY("cursor", "cursor", TEXT),
	QUERY_KEY("overlap", "overlap", TEXT),
	QUERY_KEY("if_changed", "if-changed", TEXT),
	QUERY_KEY("delta", "delta", TEXT),
	QUERY_WORD("partition_by", "partition-by", "text|number"),
	QUERY_KEY("limit", "limit", COUNT),
	QUERY_KEY("delimiter", "delimiter", TEXT),
	QUERY_KEY("quote", "quote", TEXT),
	QUERY_KEY("null", "null", TEXT),
	QUERY_KEY("no_header", "no-header", FLAG),
	QUERY_KEY("names", "names", NAMES),
	QUERY_KEY("types", "types", TEXT),
	QUERY_KEY("legacy_types", "legacy-types", FLAG),
	QUERY_KEY("timeout", "timeout", TIME),
	{"rejects", "query", "max-rejects", SYNC_QUERY, SYNC_KEY_SHARE,
	 SYNC_KEY_TOP, NULL},

	DIFF_KEY("key", "key", NAMES),
	DIFF_KEY("identity", "identity", NAMES),
	DIFF_WORD("mode", "mode", "upsert|mirror|insert-only|update-only|full"),
	DIFF_KEY("compare", "compare", NAMES),
	DIFF_KEY("ignore", "ignore", NAMES),
	DIFF_KEY("tag", "tag", TEXT),
	DIFF_WORD("on_tag_change", "on-tag-change", "full|changed|none"),
	DIFF_WORD("on_mapping_change", "on-mapping-change",
		  "full|now|changed|none"),
	DIFF_KEY("lock_wait", "lock-wait", TIME),
	DIFF_KEY("max_changes", "max-changes", COUNT),
	{NULL, "memory", "memory", SYNC_DIFF, SYNC_KEY_COUNT, SYNC_KEY_TOP,
	 NULL},
	GROUP_KEY("deletes", "max", "max-deletes", DIFF, SHARE),
	GROUP_KEY("deletes", "after_runs", "delete-after-runs", DIFF, COUNT),
	GROUP_KEY("deletes", "require_key", "require-key", DIFF, REPEAT),
	GROUP_KEY("resend", "max", "max-resend", DIFF, COUNT),
	GROUP_KEY("keep", "values", "keep", DIFF, NAMES),

	MAP_KEY("job_id", "job-id", TEXT),
	MAP_KEY("jq_timeout", "jq-timeout", TIME),
	MAP_KEY("jq_memory", "jq-memory", COUNT),
	MAP_WORD("jq_engine", "jq-engine", "auto|libjq"),
	MAP_KEY("jq_jobs", "jobs", COUNT),
	GROUP_KEY("rejects", "map", "max-rejects", MAP, SHARE),

	SEND_KEY("write_key_file", "write-key-file", TEXT),
	SEND_KEY("connections", "connections", COUNT),
	SEND_KEY("batch", "batch", COUNT),
	SEND_KEY("batch_bytes", "batch-bytes", COUNT),
	SEND_KEY("batch_age", "batch-age", TIME),
	SEND_KEY("no_gzip", "no-gzip", FLAG),
	SEND_KEY("http2", "http2", FLAG),
	SEND_KEY("max_event", "max-event", COUNT),
	SEND_KEY("memory", "memory", COUNT),
	SEND_KEY("rate", "rate", COUNT),
	SEND_KEY("burst", "burst", COUNT),
	SEND_KEY("timeout", "timeout", TIME),
	SEND_KEY("connect_timeout", "connect-timeout", TIME),
	SEND_KEY("retry_wait", "retry-wait", TIME),
	SEND_KEY("retry_max_wait", "retry-max-wait", TIME),
	SEND_KEY("retry_max_time", "retry-max-time", TIME),
	SEND_KEY("grace", "grace", TIME),
	SEND_KEY("cacert", "cacert", TEXT),
	SEND_KEY("cert", "cert", TEXT),
	SEND_KEY("cert_key", "cert-key", TEXT),
	SEND_KEY("pinned_key", "pinned-key", TEXT),
	SEND_KEY("retl", "retl", FLAG),
	SEND_KEY("source_id", "source-id", TEXT),
	SEND_KEY("destination_id", "destination-id", TEXT),
	SEND_KEY("method", "method", REPEAT),
	SEND_KEY("url", "url", REPEAT),
	SEND_KEY("success_status", "success-status", REPEAT),
	SEND_KEY("header", "header", REPEAT),
	SEND_KEY("header_file", "header-file", TEXT),
	SEND_KEY("profile", "profile", TEXT),
	SEND_KEY("oauth_file", "oauth-file", TEXT),
	SEND_KEY("body", "body", REPEAT),
	SEND_WORD("body_format", "body-format", "json|ndjson"),
	SEND_KEY("results", "results", TEXT),
	SEND_KEY("sign_key_file", "sign-key-file", REPEAT),
	SEND_WORD("sign", "sign", "plain|github|stripe|standard"),
	SEND_KEY("sign_header", "sign-header", TEXT),
	SEND_KEY("config", "config", TEXT),
	SEND_KEY("message_key", "key", TEXT),
	SEND_KEY("field_header", "field-header", REPEAT),
	SEND_KEY("tombstones", "tombstones", FLAG),
	SEND_KEY("allow_http", "allow-http", FLAG),
	SEND_KEY("deny_private", "deny-private", FLAG),
	SEND_KEY("confirm", "confirm", FLAG),
	SEND_KEY("confirm_time", "confirm-time", TIME),
	SEND_KEY("rotate", "rotate", COUNT),

	{NULL, "rejected", "rejected", SYNC_COMMIT, SYNC_KEY_TEXT,
	 SYNC_KEY_BOTH, "retry|accept"},
	{NULL, "expect", "expect", SYNC_COMMIT, SYNC_KEY_EXPECT, SYNC_KEY_BOTH,
	 NULL},
	GROUP_KEY("keep", "history", "history", COMMIT, COUNT),
	GROUP_KEY("keep", "log", "keep-log", COMMIT, TIME),
	GROUP_KEY("keep", "runs", "keep-runs", COMMIT, COUNT),
	{0},
};

/* Hints for keys of rudder-cli's connections and models, and for common
 * mistakes.
 */
static const struct {
	const char *word, *hint;
} foreign[] = {
	{"primary_key", "the key is 'key: [id]'"},
	{"primaryKey", "the key is 'key: [id]'"},
	{"sync_behaviour", "the mode is 'mode: mirror' or 'mode: upsert'"},
	{"sync_mode", "the mode is 'mode: mirror' or 'mode: upsert'"},
	{"source_definition", "the kind of source is in the URL of 'source'"},
	{"account", "the source is 'source: env:WAREHOUSE'"},
	{"account_id", "the source is 'source: env:WAREHOUSE'"},
	{"file", "a model in a file is 'model: models/users.sql'"},
	{"event", "the event is in 'mapping': 'type: identify'"},
	{"identifiers", "they are in 'mapping'"},
	{"mappings", "the mapping is 'mapping: {type: identify, ...}'"},
	{"constants", "they are in 'mapping'"},
	{"columns", "the columns of events are in 'mapping', those of a table "
		    "in 'table_columns'"},
	{"type", "the event type is in 'mapping': 'type: identify'"},
	{"user_id", "it is in 'mapping'"},
	{"where", "it is in 'mapping'"},
	{"cursor_column", "the cursor is 'cursor: updated_at'"},
	{"schedule", "rudder keeps no schedule; use cron or a systemd timer"},
	{"enabled",
	 "leave the file out of 'syncs', or use 'tags' and --select"},
	{"write_key", "a write key is 'write_key_file: FILE' or 'write_key: "
		      "env:NAME' of a destination"},
	{"url", "the destination's URL is 'dest'"},
	{"destination", "its URL is 'dest'"},
	{"dest", "write 'destination: URL', or 'destinations: {crm: {dest: "
		 "URL}}'"},
	{"batch_size", "the number of events is 'batch', their bytes are "
		       "'batch_bytes'"},
	{"batchsize", "the number of events is 'batch', their bytes are "
		      "'batch_bytes'"},
	{"anonymous_id", "it is in 'mapping'"},
	{"delete_event", "it is in 'mapping'"},
	{"jq", "it is in 'mapping'"},
	{"fields", "they are in 'mapping'"},
	{"state_folder", "the folder is 'state'"},
	{"query", "the SQL is 'sql: SELECT ...' or 'model: models/users.sql'"},
	{"select", "the SQL is 'sql: SELECT ...' or 'model: models/users.sql'"},
};

/* The group with a key of this name at the place, or NULL if none or several
 * have it.
 */
static const struct sync_key *only_group(const char *name,
					 enum sync_key_place place)
{
	const struct sync_key *found = NULL;

	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		if (!k->group || !(k->place & place) ||
		    strcmp(k->name, name) != 0)
			continue;
		if (found)
			return NULL;
		found = k;
	}
	return found;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

const struct sync_key *sync_key_find(const char *group, const char *name,
				     enum sync_key_place place)
{
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		if ((k->place & place) && same(k->group, group) &&
		    strcmp(k->name, name) == 0)
			return k;
	}
	return NULL;
}

bool sync_key_group(const char *group, enum sync_key_place place)
{
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		if ((k->place & place) && k->group && same(k->group, group))
			return true;
	}
	return false;
}

/* Whether the name is that of the option, with _ instead of -. */
static bool names_option(const struct sync_key *k, const char *name)
{
	const char *o = k->option;

	while (*o && (*o == *name || (*o == '-' && *name == '_'))) {
		o++;
		name++;
	}
	return !*o && !*name;
}

const char *sync_key_hint(const char *group, const char *name,
			  enum sync_key_place place, char *room)
{
	const struct sync_key *in;

	for (const struct sync_key *k = sync_key_table; !group && k->option;
	     k++) {
		bool here = k->place & place;

		if (!names_option(k, name) || (here && !k->group))
			continue;
		if (k->group)
			snprintf(room, SYNC_KEY_HINT, "write '%s: {%s: ...}'%s",
				 k->group, k->name,
				 here ? "" : " at the top of the file");
		else
			snprintf(room, SYNC_KEY_HINT, "%s",
				 k->place == SYNC_KEY_DEST
					 ? "it belongs to a destination: "
					   "'destinations: {crm: {...}}'"
					 : "it belongs at the top of the file");
		return room;
	}
	for (size_t i = 0; !group && i < COUNT_OF(foreign); i++) {
		if (strcmp(foreign[i].word, name) == 0)
			return foreign[i].hint;
	}
	in = group ? NULL : only_group(name, place);
	if (!in)
		return NULL;
	snprintf(room, SYNC_KEY_HINT, "write '%s: {%s: ...}'", in->group, name);
	return room;
}
