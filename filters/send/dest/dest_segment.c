/* dest_segment.c - any server with Segment's HTTP tracking API.
 *
 * POST /v1/batch with Basic authentication by the write key. A request is at
 * most 500 KB, an event at most 32 KB (Segment's documentation, "HTTP API
 * source").
 */
#include "send/dest/data_plane.h"
#include "send/dest/dest.h"

static int segment_open(void **d, const struct dest_options *o, struct err *e)
{
	return data_plane_open(d, o, "/v1/batch", "SEGMENT_WRITE_KEY", e);
}

const struct dest dest_segment = {
	.scheme = "segment",
	.help = "https://api.segment.io",
	.known_by = DEST_BY_HOST,
	.frame = {"{\"batch\":[", ",", "]}"},
	.connections = 8,
	.batch = 500,
	.batch_bytes = 480 * 1000,
	.max_bytes = 500 * 1000,
	.probe = "{\"batch\":[]}",
	.big_event = 32 * 1000,
	.checked = "the server replied; the write key is checked only when "
		   "events are sent",
	.groups = {&network_group, &network_http_group, &data_plane_group},
	.open = segment_open,
	.reach = network_http_reach,
	.speaks_http = true,
	.show = http_show,
	.start = http_start,
	.wait = http_wait,
	.done = http_done,
	.abort = http_abort,
	.close = http_close,
};
