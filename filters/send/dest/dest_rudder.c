/* dest_rudder.c - a RudderStack data plane, with POST /v1/batch.
 *
 * Replies and limits are those of rudder-server's gateway (github
 * rudderlabs/rudder-server at f2655fb, gateway/, read 2026-08-19).
 */
#include "send/dest/data_plane.h"
#include "send/dest/dest.h"

struct rudder_settings {
	bool retl; /* use the endpoint for warehouses, with these ids */
	const char *source_id, *destination_id;
	bool confirm; /* wait for the job status of the data plane */
	uint64_t confirm_ms;
};

static const struct dest_option rows[] = {
	{"retl", NULL, "use the reverse ETL endpoint", DEST_FLAG,
	 .at = offsetof(struct rudder_settings, retl)},
	{"source-id", "<id>", "source id, for --retl", DEST_TEXT,
	 .at = offsetof(struct rudder_settings, source_id)},
	{"destination-id", "<id>", "destination id, for --retl", DEST_TEXT,
	 .at = offsetof(struct rudder_settings, destination_id)},
	{"confirm", NULL, "wait until events reach the destinations", DEST_FLAG,
	 .at = offsetof(struct rudder_settings, confirm)},
	{"confirm-time", "<time>", "time limit of --confirm", DEST_MSEC,
	 .at = offsetof(struct rudder_settings, confirm_ms),
	 .otherwise = (uint64_t)5 * 60 * 1000},
};

static const struct dest_group own = {rows, COUNT_OF(rows),
				      sizeof(struct rudder_settings), NULL};

/* Appends a header line with an id. ERR_USAGE if the id is invalid. */
static int id_header(struct buf *b, const char *name, const char *id,
		     struct err *e)
{
	for (const char *p = id; *p; p++) {
		if (*p <= ' ' || *p > '~')
			return err_set(e, ERR_USAGE,
				       "the %s id has invalid characters",
				       name);
	}
	buf_fmt(b, "X-Rudder-%s-Id: %s", name, id);
	return 0;
}

/* Opens the endpoint for warehouses, which identifies its source by an id
 * instead of a write key.
 */
static int open_retl(void **d, const struct dest_options *o, struct err *e)
{
	const struct rudder_settings *s = dest_option_settings(o->given, &own);
	struct buf source = {0}, destination = {0};
	const char *headers[3] = {0};
	int rc = -1;

	if (!s->source_id) {
		err_names(e, ERR_USAGE, "option '--retl' needs '--source-id'");
		goto out;
	}
	if (id_header(&source, "Source", s->source_id, e) < 0)
		goto out;
	headers[0] = buf_cstr(&source);
	if (s->destination_id) {
		if (id_header(&destination, "Destination", s->destination_id,
			      e) < 0)
			goto out;
		headers[1] = buf_cstr(&destination);
	}
	rc = data_plane_open_with(d, o, "/internal/v1/retl", headers, e);
out:
	buf_clear(&source);
	buf_clear(&destination);
	return rc;
}

static int rudder_open(void **d, const struct dest_options *o, struct err *e)
{
	const struct rudder_settings *s = dest_option_settings(o->given, &own);

	if (s->retl)
		return open_retl(d, o, e);
	return data_plane_open(d, o, "/v1/batch", "RUDDER_WRITE_KEY", e);
}

/* Returns how long to wait for the job status; 0: not at all. With --confirm it
 * is at least 1 ms.
 */
static uint64_t rudder_confirm_ms(const struct dest_options *o)
{
	const struct rudder_settings *s = dest_option_settings(o->given, &own);

	if (!s->confirm)
		return 0;
	return s->confirm_ms ? s->confirm_ms : 1;
}

const struct dest dest_rudder = {
	.scheme = "rudder",
	.help = "https://host[:port]",
	.known_by = DEST_BY_HOST,
	.frame = {"{\"batch\":[", ",", "]}"},
	.connections = 8,
	.batch = 500,
	.batch_bytes = 1024 * 1024,
	.max_bytes = 4096000,
	.takes_whole = true,
	.probe = "{\"batch\":[]}",
	.refusal = "empty batch payload",
	.big_event = 32 * 1024,
	.checked = "the data plane replied and accepts the write key",
	.groups = {&network_group, &network_http_group, &data_plane_group,
		   &own},
	.open = rudder_open,
	.confirm_ms = rudder_confirm_ms,
	.reach = network_http_reach,
	.speaks_http = true,
	.show = http_show,
	.start = http_start,
	.wait = http_wait,
	.done = http_done,
	.abort = http_abort,
	.close = http_close,
};
