#include "send/dest_rudder.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/mem.h"
#include "send/http.h"

enum { KEY_MAX = 4096 };

/* A header value must not end its line, and a write key has no reason for
 * anything beyond visible ASCII; a colon would end it in Basic (RFC 7617, 2).
 */
static bool fit(struct slice key)
{
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] <= ' ' || key.p[i] > '~' || key.p[i] == ':')
			return false;
	}
	return key.n > 0;
}

static int read_key(struct buf *key, const char *file, struct err *e)
{
	const char *env = getenv("RUDDER_WRITE_KEY");

	if (file) {
		if (file_private(file, e) < 0 ||
		    file_read(file, KEY_MAX, key, e) < 0)
			return -1;
	} else if (env) {
		buf_str(key, env);
	} else {
		return err_set(e, ERR_CONFIG,
			       "no write key: give --write-key-file FILE, or "
			       "set RUDDER_WRITE_KEY");
	}
	while (key->n > 0 &&
	       (key->p[key->n - 1] == '\n' || key->p[key->n - 1] == '\r'))
		key->n--;
	if (!fit(buf_all(key)))
		return err_set(e, ERR_CONFIG,
			       "the write key is empty, or has characters that "
			       "no write key has");
	return 0;
}

static void forget(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->size);
	buf_clear(b);
}

static int rudder_open(void **d, const struct dest_options *o, struct err *e)
{
	struct buf key = {0}, auth = {0}, url = {0};
	struct http_options h = {
		.connections = o->connections,
		.gzip = o->gzip,
		.ca_file = o->ca_file,
		.cert_file = o->cert_file,
		.cert_key_file = o->cert_key_file,
		.pinned = o->pinned,
		.timeout_ms = o->timeout_ms,
		.connect_ms = o->connect_ms,
	};
	int rc = -1;

	if (o->cert_key_file && file_private(o->cert_key_file, e) < 0)
		return -1;
	if (http_url(&url, o->url, "/v1/batch", o->allow_http, e) < 0 ||
	    read_key(&key, o->key_file, e) < 0)
		goto out;
	buf_char(&key, ':');
	buf_str(&auth, "Authorization: Basic ");
	buf_base64(&auth, key.p, key.n);
	h.url = buf_cstr(&url);
	h.secret_header = buf_cstr(&auth);
	rc = http_open(d, &h, e);
out:
	forget(&key);
	forget(&auth);
	buf_clear(&url);
	return rc;
}

const struct dest dest_rudder = {
	.scheme = "rudder",
	.help = "https://host[:port]",
	.frame = {"{\"batch\":[", ",", "]}"},
	.connections = 8,
	.batch = 500,
	.batch_bytes = 1024 * 1024,
	.max_bytes = 4096000,
	.probe = "{\"batch\":[]}",
	.big_event = 32 * 1024,
	.open = rudder_open,
	.start = http_start,
	.wait = http_wait,
	.done = http_done,
	.abort = http_abort,
	.close = http_close,
};
