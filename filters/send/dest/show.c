#include "send/dest/show.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "send/dest/address.h"
#include "send/dest/data_plane.h"
#include "send/dest/gzip.h"
#include "send/dest/head.h"
#include "wire/json/json.h"

enum { TOKEN_BYTES = 16 }; /* a path part this long may be a secret */

struct show {
	char *host;
	char *key_variable, *header_file; /* NULL: none */
	http_shape_fn *shape;
	void *shape_ctx;
	struct buf url;          /* masked */
	struct buf lines, plain; /* header lines with and without gzip */
	size_t n_given;       /* number of lines of the user; they come first */
	size_t first_in_file; /* index of the first line from header_file */
	struct buf options;   /* options of curl(1) for every request */
	bool ndjson;          /* bodies are NDJSON */
	struct gzip *pack;    /* NULL: no gzip */
	struct buf zipped;
	struct http_request request; /* the current request */
};

/* ---- what is secret ---------------------------------------------------- */

static bool is_token(struct slice s)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < s.n; i++) {
		letter |= isalpha((unsigned char)s.p[i]) != 0;
		digit |= isdigit((unsigned char)s.p[i]) != 0;
	}
	return s.n >= TOKEN_BYTES && letter && digit;
}

/* Replaces secret parts of path and query. Braces, which may contain anything,
 * belong to the event and are left as they are.
 */
void show_mask(struct buf *b, const char *url)
{
	const char *host = strstr(url, "://"), *p = host ? host + 3 : url;
	bool query = false, value = false, secret;
	size_t n = strcspn(p, "/?");

	for (p += n, buf_add(b, url, (size_t)(p - url)); *p; p += n) {
		n = 1;
		secret = false;
		if (*p == '{') {
			n = strcspn(p, "}") + 1;
			if (p[n - 1] == '\0')
				n--;
		} else if (strchr(query ? "&;=" : "/?", *p)) {
			value = query && *p == '=';
			query |= *p == '?';
		} else {
			n = strcspn(p, query ? "&;={" : "/?{");
			secret = is_token(slice_of(p, n)) ||
				 (value && p[n] != '{' && p[-1] != '}');
		}
		if (secret)
			buf_char(b, SHOW_SECRET);
		else
			buf_add(b, p, n);
	}
}

/* Whether text contains a word of list: anywhere, or, if whole, only between -
 * and _.
 */
static bool has_word(const char *text, const char *const *list, bool whole)
{
	for (; *list; list++) {
		size_t n = strlen(*list);

		for (const char *p = text; (p = strstr(p, *list)); p++) {
			if (!whole || ((p == text || p[-1] == '-') &&
				       (p[n] == '\0' || p[n] == '-')))
				return true;
		}
	}
	return false;
}

/* Whether the name of a header says that it is a secret: some users give it on
 * the command line.
 */
static bool is_secret_name(struct slice name)
{
	static const char *const parts[] = {
		"auth",   "token",      "secret", "passw",     "passphrase",
		"cookie", "credential", "apikey", "signature", "session",
		"bearer", "private",    NULL};
	static const char *const words[] = {
		"key", "keys", "pass", "pw",  "pwd", "pin",  "sig",
		"sid", "sign", "jwt",  "sas", "otp", "hmac", NULL};
	char low[64];
	size_t n = name.n < sizeof(low) - 1 ? name.n : sizeof(low) - 1;

	for (size_t i = 0; i < n; i++) {
		low[i] = (char)tolower((unsigned char)name.p[i]);
		if (low[i] == '_')
			low[i] = '-';
	}
	low[n] = '\0';
	return has_word(low, parts, false) || has_word(low, words, true) ||
	       (n > 3 && strcmp(low + n - 3, "key") == 0);
}

/* Whether the value looks like a secret: it has a scheme of authentication, or
 * is one long word of letters and digits.
 */
static bool is_secret_value(const char *value)
{
	static const char *const schemes[] = {"basic ", "bearer ", "token ",
					      "digest ", "apikey "};
	struct slice v = slice_str(value);

	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (strncasecmp(value, schemes[i], strlen(schemes[i])) == 0)
			return true;
	}
	return v.n == strspn(value, "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.~+=") &&
	       is_token(v);
}

/* Whether line i is secret; value is the text after the name. */
static bool is_secret(const struct show *s, const struct buf *lines, size_t i,
		      struct slice name, const char *value)
{
	if (i < (lines == &s->request.headers ? s->request.n_given
					      : s->first_in_file))
		return is_secret_name(name) || is_secret_value(value);
	return lines != &s->request.headers && i < s->n_given;
}

/* ---- as JSON ----------------------------------------------------------- */

/* Appends the text of a JSON string, without quotes. A header or URL may
 * contain bytes that are not UTF-8.
 */
static void add_text(struct buf *b, struct slice s)
{
	size_t at = b->n;

	json_lossy(b, s, SIZE_MAX);
	memmove(b->p + at, b->p + at + 1, b->n - at - 2);
	b->n -= 2;
}

static void add_url(struct buf *b, struct slice url)
{
	for (;;) {
		const char *mask =
			url.n ? memchr(url.p, SHOW_SECRET, url.n) : NULL;
		size_t n = mask ? (size_t)(mask - url.p) : url.n;

		add_text(b, slice_of(url.p, n));
		if (!mask)
			return;
		buf_str(b, "***");
		url = slice_of(mask + 1, url.n - n - 1);
	}
}

static void add_line(struct buf *b, struct slice name, const char *value)
{
	if (b->p[b->n - 1] != '[')
		buf_char(b, ',');
	buf_char(b, '"');
	add_text(b, name);
	buf_str(b, ": ");
	add_text(b, slice_str(value));
	buf_char(b, '"');
}

/* Whether the header describes the body; http.c leaves these out as well. */
static bool is_of_body(struct slice name)
{
	static const char start[] = "Content-";

	return name.n >= sizeof(start) - 1 &&
	       strncasecmp(name.p, start, sizeof(start) - 1) == 0;
}

static void add_lines(struct buf *b, const struct show *s,
		      const struct buf *lines)
{
	size_t i = 0;

	for (const char *l = NULL; (l = head_next(lines, l)) != NULL; i++) {
		struct slice name = slice_of(l, strcspn(l, ":"));
		const char *value = l + name.n + strspn(l + name.n, ": ");
		bool secret = is_secret(s, lines, i, name, value);

		if (lines != &s->request.headers &&
		    head_is_replaced(&s->request, l))
			continue;
		if (*value && !(s->request.bodiless && is_of_body(name)))
			add_line(b, name, secret ? "***" : value);
	}
}

/* Adds a header that libcurl sets itself, unless it was given. */
static void add_usual(struct buf *b, const struct show *s, const char *name,
		      const char *value)
{
	if (!head_has(&s->lines, name) && !head_has(&s->request.headers, name))
		add_line(b, slice_str(name), value);
}

static void add_body(struct show *s, struct slice body, struct buf *b)
{
	struct slice sent = body;
	char length[24];

	if (s->pack) {
		gzip_pack(s->pack, body, &s->zipped);
		sent = buf_all(&s->zipped);
	}
	snprintf(length, sizeof(length), "%zu", sent.n);
	add_line(b, slice_str("Content-Length"), length);
	buf_str(b, "],\"body\":");
	if (s->ndjson)
		json_lossy(b, body, SIZE_MAX);
	else
		buf_slice(b, body);
}

static void as_json(struct show *s, const struct dest_job *job,
		    const char *method, struct slice url, struct buf *b)
{
	buf_fmt(b, "\"method\":\"%s\",\"url\":\"", method);
	add_url(b, url);
	buf_str(b, "\",\"headers\":[");
	add_usual(b, s, "Host", s->host);
	add_usual(b, s, "User-Agent", "rudder-send/" RUDDER_VERSION);
	add_usual(b, s, "Accept", "*/*");
	add_lines(b, s, &s->lines);
	if (s->key_variable)
		add_line(b, slice_str("Authorization"), "Basic ***");
	add_lines(b, s, &s->request.headers);
	if (s->request.bodiless)
		buf_char(b, ']');
	else
		add_body(s, job->body, b);
}

/* ---- as a command ------------------------------------------------------ */

/* Appends the text quoted for sh, without the outer quotes. */
static void quote(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_str(b, "'\\''");
		else
			buf_char(b, s.p[i]);
	}
}

static void add_option(struct buf *b, const char *option, const char *value)
{
	if (!value)
		return;
	buf_fmt(b, " %s '", option);
	quote(b, slice_str(value));
	buf_char(b, '\'');
}

/* Adds a secret header as a variable of its name: X-Key: ${X_KEY:?}. A variable
 * of sh cannot begin with a digit.
 */
static void add_secret_line(struct buf *b, struct slice name)
{
	buf_fmt(b, " -H \"%.*s: ${", SLICE_FMT(name));
	if (*name.p >= '0' && *name.p <= '9')
		buf_char(b, '_');
	for (size_t i = 0; i < name.n; i++) {
		char c = (char)toupper((unsigned char)name.p[i]);

		buf_char(b, c == '-' ? '_' : c);
	}
	buf_str(b, ":?}\"");
}

static void add_command_lines(struct buf *b, const struct show *s,
			      const struct buf *lines)
{
	size_t i = 0;

	for (const char *l = NULL; (l = head_next(lines, l)) != NULL; i++) {
		struct slice name = slice_of(l, strcspn(l, ":"));
		bool in_file = lines == &s->plain && i >= s->first_in_file &&
			       i < s->n_given;

		if (in_file || (s->request.bodiless && is_of_body(name)) ||
		    (lines == &s->plain && head_is_replaced(&s->request, l)))
			continue;
		if (is_secret(s, lines, i, name,
			      l + name.n + strspn(l + name.n, ": ")))
			add_secret_line(b, name);
		else
			add_option(b, "-H", l);
	}
}

static void add_headers(struct buf *b, const struct show *s)
{
	add_command_lines(b, s, &s->plain);
	add_command_lines(b, s, &s->request.headers);
	if (s->header_file) {
		buf_str(b, " -H @'");
		quote(b, slice_str(s->header_file));
		buf_char(b, '\'');
	}
}

static void add_quoted_url(struct buf *b, struct slice url)
{
	unsigned n = 0;

	buf_str(b, " '");
	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] == SHOW_SECRET)
			buf_fmt(b, "'\"${URL_SECRET_%u:?}\"'", ++n);
		else
			quote(b, slice_of(url.p + i, 1));
	}
	buf_char(b, '\'');
}

/* Appends the request as a curl command. The body is a here-document: its lines
 * are JSON, so none can be the line that ends it. The LF that belongs to the
 * document is removed.
 */
static void as_command(const struct show *s, const struct dest_job *job,
		       const char *method, struct slice url, struct buf *b)
{
	bool body = !s->request.bodiless;

	if (body)
		buf_fmt(b, "head -c %zu <<'END' | ", job->body.n);
	buf_str(b, "curl -sSg --fail-with-body -A rudder-send/" RUDDER_VERSION);
	if (strcmp(method, body ? "POST" : "GET") != 0)
		buf_fmt(b, " -X %s", method);
	if (s->key_variable)
		buf_fmt(b, " -u \"${%s:?}:\"", s->key_variable);
	add_headers(b, s);
	buf_slice(b, buf_all(&s->options));
	if (body)
		buf_str(b, " --data-binary @-");
	add_quoted_url(b, url);
	if (!body)
		return;
	buf_str(b, "\n");
	buf_slice(b, job->body);
	buf_str(b, "\nEND");
}

/* ---- one request ------------------------------------------------------- */

void show_request(void *d, struct dest_job *job, bool as_curl, struct buf *b)
{
	struct show *s = d;
	struct http_request *r = &s->request;
	struct slice url = buf_all(&s->url);
	const char *why = NULL, *method;

	r->url.n = r->headers.n = r->n_given = 0;
	r->method = NULL;
	r->bodiless = false;
	if (s->shape)
		why = s->shape(s->shape_ctx, job, r);
	if (why) {
		job->reply.class = REPLY_REFUSED;
		reply_words(&job->reply, slice_str(why));
		return;
	}
	if (r->url.n > 0)
		url = buf_all(&r->url);
	method = r->method ? r->method : r->bodiless ? "GET" : "POST";
	if (as_curl)
		as_command(s, job, method, url, b);
	else
		as_json(s, job, method, url, b);
}

static void keep_options(struct buf *b, const struct http_options *o)
{
	add_option(b, "--cacert", o->net.ca_file);
	add_option(b, "--cert", o->net.cert_file);
	add_option(b, "--key", o->net.cert_key_file);
	add_option(b, "--pinnedpubkey", o->net.pinned);
	if (o->net.http2)
		buf_str(b, " --http2");
	if (strstr(o->url, "/."))
		buf_str(b, " --path-as-is");
	if (address_is_plain(o->url)) /* same as in http.c */
		buf_str(b, " --noproxy '*'");
}

static char *copy(const char *text)
{
	return text ? mem_copy(text, strlen(text)) : NULL;
}

/* The value of the Host header: with the port only if it is not the default
 * one.
 */
static char *host_of(const char *url)
{
	const char *from = url + strcspn(url, ":") + strlen("://");
	const char *port = address_is_plain(url) ? ":80" : ":443";
	size_t n;

	n = strcspn(from, "/?#");
	if (n > strlen(port) &&
	    memcmp(from + n - strlen(port), port, strlen(port)) == 0)
		n -= strlen(port);
	return mem_copy(from, n);
}

int show_open(void **d, const struct http_options *o, struct err *e)
{
	struct show *s = mem_zero(sizeof(*s));

	(void)e;
	*d = s;
	s->shape = o->shape;
	s->shape_ctx = o->shape_ctx;
	s->host = host_of(o->url);
	s->ndjson = o->lines;
	s->key_variable = copy(o->key_variable);
	s->header_file = copy(o->header_file);
	while (o->headers && o->headers[s->n_given])
		s->n_given++;
	s->first_in_file = s->n_given - o->n_in_file;
	if (o->gzip)
		s->pack = gzip_new();
	show_mask(&s->url, o->url);
	head_lines(&s->lines, o, s->pack != NULL);
	head_lines(&s->plain, o, false);
	keep_options(&s->options, o);
	return 0;
}

void show_close(void *d)
{
	struct show *s = d;

	if (!s)
		return;
	buf_wipe(&s->lines);
	buf_wipe(&s->plain);
	free(s->host);
	free(s->key_variable);
	free(s->header_file);
	gzip_free(s->pack);
	buf_clear(&s->url);
	buf_clear(&s->options);
	buf_clear(&s->zipped);
	buf_clear(&s->request.url);
	buf_clear(&s->request.headers);
	free(s);
}
