/* dest_rudder.c - a RudderStack data plane, by POST /v1/batch.
 *
 * Answers and limits as rudder-server's gateway has them
 * (github rudderlabs/rudder-server at f2655fb, gateway/, read 2026-08-19).
 */
#include "send/dest/data_plane.h"
#include "send/dest/dest.h"

/* An id goes into a header line. */
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

/* The endpoint for warehouses knows its source by id, not by a write key. */
static int open_retl(void **d, const struct dest_options *o, struct err *e)
{
	struct buf source = {0}, destination = {0};
	const char *headers[3] = {0};
	int rc = -1;

	if (!o->source_id) {
		err_set(e, ERR_USAGE, "option '--retl' needs '--source-id'");
		goto out;
	}
	if (id_header(&source, "Source", o->source_id, e) < 0)
		goto out;
	headers[0] = buf_cstr(&source);
	if (o->destination_id) {
		if (id_header(&destination, "Destination", o->destination_id,
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
	if (o->retl)
		return open_retl(d, o, e);
	return data_plane_open(d, o, "/v1/batch", "RUDDER_WRITE_KEY", e);
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
	.confirms = true,
	.takes_whole = true,
	.probe = "{\"batch\":[]}",
	.refusal = "empty batch payload",
	.big_event = 32 * 1024,
	.checked = "the data plane replied and accepts the write key",
	.open = rudder_open,
	.speaks_http = true,
	.show = http_show,
	.start = http_start,
	.wait = http_wait,
	.done = http_done,
	.abort = http_abort,
	.close = http_close,
};
