#include "send/dest/data_plane.h"

#include <stdlib.h>

#include "core/file.h"
#include "send/dest/address.h"

struct data_plane_settings {
	const char *key_file; /* NULL: the key is in the environment */
};

static const struct dest_option rows[] = {
	{"write-key-file", "<file>", "read the write key from this file",
	 DEST_TEXT, .at = offsetof(struct data_plane_settings, key_file)},
};

const struct dest_group data_plane_group = {
	rows, COUNT_OF(rows), sizeof(struct data_plane_settings), NULL};

enum { SECRET_MAX = 4096, CERT_MAX = 1024 * 1024 };

/* Whether the key fits in a header: only visible ASCII, so that it cannot end
 * the line, and no colon, which would end it in Basic authentication (RFC 7617,
 * 2).
 */
static bool fit(struct slice key)
{
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] <= ' ' || key.p[i] > '~' || key.p[i] == ':')
			return false;
	}
	return key.n > 0;
}

int data_plane_secret(struct buf *b, const char *path, struct err *e)
{
	if (file_secret(path, SECRET_MAX, b, e) < 0)
		return -1;
	while (b->n > 0 && (b->p[b->n - 1] == '\n' || b->p[b->n - 1] == '\r'))
		b->n--;
	return 0;
}

/* If no key file is given, libcurl uses the private key in the file of the
 * certificate.
 */
int data_plane_cert(const struct network_http *net, struct err *e)
{
	static const char mark[] = "PRIVATE KEY-----";
	struct buf b = {0};
	int rc = 0;

	if (net->cert_key_file && file_private(net->cert_key_file, e) < 0)
		return -1;
	if (net->cert_file)
		rc = file_read(net->cert_file, CERT_MAX, &b, e);
	if (rc == 0 && b.n > 0 && memmem(b.p, b.n, mark, sizeof(mark) - 1))
		rc = file_private(net->cert_file, e);
	buf_wipe(&b);
	return rc;
}

static int read_key(struct buf *key, const char *file, const char *variable,
		    struct err *e)
{
	const char *env = getenv(variable);

	if (file) {
		if (data_plane_secret(key, file, e) < 0)
			return -1;
	} else if (env) {
		buf_str(key, env);
	} else {
		return err_names(
			e, ERR_CONFIG,
			"no write key: use --write-key-file FILE or set %s",
			variable);
	}
	if (fit(buf_all(key)))
		return 0;
	return err_names(e, ERR_CONFIG,
			 "the write key in %s%s%s is empty or has invalid "
			 "characters",
			 file ? "'" : "", file ? file : variable,
			 file ? "'" : "");
}

static int open_http(void **d, const struct dest_options *o, const char *path,
		     struct http_options *h, struct err *e)
{
	struct buf url = {0};
	int rc;

	h->dry = o->dry != NULL;
	h->data_plane = true;
	h->connections = o->connections;
	h->gzip = !network_of(o)->no_gzip;
	h->net = *network_http_of(o);
	h->timeout_ms = o->timeout_ms;
	h->connect_ms = network_of(o)->connect_ms;
	if (data_plane_cert(&h->net, e) < 0)
		return -1;
	rc = address_url(&url, o->url, path, h->net.allow_http, e);
	h->url = buf_cstr(&url);
	if (rc == 0)
		rc = http_open(d, h, e);
	buf_clear(&url);
	return rc;
}

int data_plane_open(void **d, const struct dest_options *o, const char *path,
		    const char *variable, struct err *e)
{
	struct buf key = {0}, auth = {0}, from = {0};
	struct http_options h = {0};
	bool allow_http = network_http_of(o)->allow_http;
	const struct data_plane_settings *own =
		dest_option_settings(o->given, &data_plane_group);
	int rc = -1;

	/* report a wrong URL before a missing key */
	if (address_url(&auth, o->url, path, allow_http, e) < 0 ||
	    (!o->dry && read_key(&key, own->key_file, variable, e) < 0))
		goto out;
	if (o->key_hash && !o->dry)
		*o->key_hash = hash_bytes(key.p, key.n, 0);
	h.key_variable = variable;
	if (own->key_file)
		buf_fmt(&from, "the write key in '%.100s'", own->key_file);
	else
		buf_fmt(&from, "the write key in %s", variable);
	h.key = buf_cstr(&from);
	buf_char(&key, ':');
	auth.n = 0;
	buf_str(&auth, "Authorization: Basic ");
	buf_base64(&auth, key.p, key.n);
	h.secret_header = buf_cstr(&auth);
	rc = open_http(d, o, path, &h, e);
out:
	buf_wipe(&key);
	buf_wipe(&auth);
	buf_clear(&from);
	return rc;
}

int data_plane_open_with(void **d, const struct dest_options *o,
			 const char *path, const char *const *headers,
			 struct err *e)
{
	struct http_options h = {.headers = headers, .key = "the ids"};

	return open_http(d, o, path, &h, e);
}
