#include "query/trino/trstatement.h"

#ifdef WITH_CURL
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/http_url.h"
#include "wire/json/json.h"

#define PAGE_MAX ((size_t)256 * 1024 * 1024)

enum {
	PLAIN_PORT = 8080,
	TLS_PORT = 443,
	AGAIN = 12,     /* tries while the server is busy */
	AGAIN_LOST = 3, /* tries while the connection is lost */
	AGAIN_MS = 100, /* wait before the second try, then doubled */
	AGAIN_MOST_MS = 5000,
	CANCEL_MS = 3000,
	PATIENCE_MS = 60000,
};

/* ---- errors ------------------------------------------------------------ */

static int no_page(unsigned status, struct err *e)
{
	if (status == 431)
		return err_set(e, ERR_CONFIG,
			       "Trino does not accept a header as long as this "
			       "model with its parameters: shorten the model, "
			       "or raise http-server.max-request-header-size");
	return err_names(
		e,
		status == 401 || status == 403 ? ERR_DENIED
		: status >= 500 || status == 410 || status == 429
			? ERR_REFUSED
			: ERR_PROTOCOL,
		status == 401 || status == 403
			? "Trino denies access to this user: HTTP status %u"
			: "Trino did not return a page: HTTP status %u",
		status);
}

/* Reports a statement with parameters that does not parse, which Trino
 * describes in one line of text.
 */
static int not_parsed(struct slice said, struct err *e)
{
	static const char before[] = "X-Trino-Prepared-Statement header: ";
	const char *at =
		said.n > 0 ? memmem(said.p, said.n, before, strlen(before))
			   : NULL;
	size_t n = 0;

	if (!at)
		return no_page(400, e);
	at += strlen(before);
	while (n < (size_t)(said.p + said.n - at) &&
	       (unsigned char)at[n] >= ' ')
		n++;
	return err_set(e, ERR_CONFIG, "Trino: %.*s", (int)n, at);
}

/* ---- requests ---------------------------------------------------------- */

static int add_header(struct trstatement *s, const char *name,
		      const char *value, struct err *e)
{
	struct buf *b = &s->header[s->headers];

	if (!value)
		return 0;
	for (const char *c = value; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(
				e, ERR_USAGE,
				"source: a control character in the URL");
	}
	buf_fmt(b, "%s: %s", name, value);
	s->headers++;
	return 0;
}

static int send_once(struct trstatement *s, const char *url, struct slice body,
		     struct err *e)
{
	const char *lines[TRSTATEMENT_HEADERS + 2] = {0};
	size_t n = 0;

	for (; n < s->headers; n++)
		lines[n] = buf_cstr(&s->header[n]);
	if (body.p && s->prepared.n > 0)
		lines[n] = buf_cstr(&s->prepared);
	if (fetch_start(s->fetch, "GET", url, lines, body, e) < 0)
		return -1;
	return fetch_all(s->fetch, PAGE_MAX, e);
}

static bool is_busy(unsigned status)
{
	return status == 429 || (status >= 502 && status <= 504);
}

/* Sends a request until it has a complete reply with status 200. Repeats it if
 * a page did not arrive or the server is busy.
 */
static int send_request(struct trstatement *s, const char *url,
			struct slice body, struct err *e)
{
	uint64_t ms = AGAIN_MS;

	for (unsigned i = 1;; i++) {
		bool again;

		if (send_once(s, url, body, e) < 0) {
			again = e->kind == ERR_REFUSED && !body.p &&
				i < AGAIN_LOST;
			if (!again)
				return -1;
		} else if (fetch_status(s->fetch) == 200) {
			return 0;
		} else {
			if (fetch_status(s->fetch) == 400)
				return not_parsed(fetch_data(s->fetch), e);
			(void)no_page(fetch_status(s->fetch), e);
			again = is_busy(fetch_status(s->fetch)) && i < AGAIN;
			if (!again)
				return -1;
		}
		*e = (struct err){0};
		if (fetch_pause(s->fetch, ms, e) < 0)
			return -1;
		ms = 2 * ms < AGAIN_MOST_MS ? 2 * ms : AGAIN_MOST_MS;
	}
}

/* Whether the address is on the source's own server: the password must go
 * nowhere else.
 */
static bool is_same_server(const struct trstatement *s, struct slice url)
{
	struct slice o = buf_all(&s->origin);
	const char *usual = slice_starts(o, "https:") ? ":443" : ":80";
	size_t n = strlen(usual);

	for (size_t i = 0; i < url.n; i++) {
		if ((unsigned char)url.p[i] <= ' ')
			return false;
	}
	for (int i = 0; i < 2; i++) {
		if (url.n > o.n && memcmp(url.p, o.p, o.n) == 0 &&
		    url.p[o.n] == '/')
			return true;
		if (o.n <= n || memcmp(o.p + o.n - n, usual, n) != 0)
			return false;
		o.n -= n; /* without the default port */
	}
	return false;
}

static int take_next(struct trstatement *s, struct slice url, struct err *e)
{
	s->next.n = 0;
	json_decode(&s->next, url);
	if (s->next.n == 0 || is_same_server(s, buf_all(&s->next)))
		return 0;
	s->next.n = 0;
	return err_names(
		e, ERR_PROTOCOL,
		"Trino redirects to a different server than '%s' for its rows; "
		"behind a proxy set http-server.process-forwarded=true",
		buf_cstr(&s->origin));
}

/* Reads the page that has arrived. */
static int read_page(struct trstatement *s, struct err *e)
{
	if (trpage_read(&s->page, fetch_data(s->fetch), e) < 0 ||
	    take_next(s, s->page.next, e) < 0)
		return -1;
	return s->page.error.p ? trpage_failed(&s->page, e) : 0;
}

int trstatement_next(struct trstatement *s, struct err *e)
{
	if (send_request(s, buf_cstr(&s->next), slice_of(NULL, 0), e) < 0)
		return -1;
	return read_page(s, e);
}

void trstatement_string(struct buf *b, struct slice s)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_char(b, '\'');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '\'');
}

int trstatement_start(struct trstatement *s, struct slice sql,
		      const struct model *m, struct err *e)
{
	struct buf url = {0}, execute = {0};
	struct slice body = sql;
	int rc;

	s->prepared.n = 0;
	if (m && m->base_uses > 0) {
		buf_str(&s->prepared, "X-Trino-Prepared-Statement: rudder=");
		http_url_escape(&s->prepared, body);
		buf_str(&execute, "EXECUTE rudder USING ");
		for (size_t i = 0; i < m->base_uses; i++) {
			buf_str(&execute, i > 0 ? ", " : "");
			trstatement_string(
				&execute,
				slice_str(m->param[m->use[i].param].value));
		}
		body = buf_all(&execute);
	}
	buf_slice(&url, buf_all(&s->origin));
	buf_str(&url, "/v1/statement");
	rc = send_request(s, buf_cstr(&url), body, e);
	if (rc == 0)
		rc = read_page(s, e);
	buf_clear(&url);
	buf_clear(&execute);
	return rc;
}

void trstatement_cancel(struct trstatement *s)
{
	struct fetch_options o = s->options;
	const char *lines[TRSTATEMENT_HEADERS + 1] = {0};
	struct err ignored = {0};
	struct fetch *f;

	if (s->next.n == 0)
		return;
	o.rows = NULL;
	o.quit = -1;
	o.timeout_ms = CANCEL_MS;
	for (size_t i = 0; i < s->headers; i++)
		lines[i] = buf_cstr(&s->header[i]);
	f = fetch_new(&o);
	if (fetch_start(f, "DELETE", buf_cstr(&s->next), lines,
			slice_of(NULL, 0), &ignored) == 0)
		(void)!fetch_all(f, PAGE_MAX, &ignored);
	fetch_free(f);
	s->next.n = 0;
}

static int add_headers(struct trstatement *s, const struct source_job *job,
		       struct err *e)
{
	const char *user = s->url.user ? s->url.user : getenv("TRINO_USER");
	char *catalog = s->url.path;
	char *schema = catalog ? strchr(catalog, '/') : NULL;
	char limit[64];

	if (!user || !*user)
		return err_set(
			e, ERR_USAGE,
			"source: Trino needs a user: use "
			"trino://user@host/catalog/schema or set TRINO_USER");
	if (schema)
		*schema++ = '\0';
	snprintf(limit, sizeof(limit), "query_max_run_time=%jums",
		 (uintmax_t)job->timeout_ms);
	s->options.user = s->password.n > 0 ? user : NULL;
	s->options.password = buf_cstr(&s->password);
	if (add_header(s, "X-Trino-User", user, e) < 0 ||
	    add_header(s, "X-Trino-Source", "rudder-query", e) < 0 ||
	    add_header(s, "X-Trino-Time-Zone", url_option(&s->url, "timezone"),
		       e) < 0 ||
	    add_header(s, "X-Trino-Client-Capabilities", "PARAMETRIC_DATETIME",
		       e) < 0 ||
	    add_header(s, "Content-Type", "text/plain; charset=utf-8", e) < 0 ||
	    add_header(s, "X-Trino-Catalog",
		       catalog && *catalog ? catalog : NULL, e) < 0 ||
	    add_header(s, "X-Trino-Schema", schema && *schema ? schema : NULL,
		       e) < 0)
		return -1;
	return job->timeout_ms > 0 ? add_header(s, "X-Trino-Session", limit, e)
				   : 0;
}

int trstatement_connect(struct trstatement *s, const struct source_job *job,
			struct rows *rows, struct err *e)
{
	static const char *const known[] = {"tls", "tls-ca", "password-file",
					    "timezone", NULL};

	if (url_parse(&s->url, job->url, known, e) < 0 ||
	    http_url_origin(&s->origin, &s->url,
			    strncmp(job->url, "trinos:", 7) == 0, PLAIN_PORT,
			    TLS_PORT, e) < 0 ||
	    http_url_password(&s->password, &s->url, "TRINO_PASSWORD", e) < 0 ||
	    add_headers(s, job, e) < 0)
		return -1;
	s->options.ca_file = url_option(&s->url, "tls-ca");
	s->options.rows = rows;
	s->options.timeout_ms = job->timeout_ms;
	s->fetch = fetch_new(&s->options);
	fetch_patience(s->fetch, PATIENCE_MS); /* Trino replies in time even
						* when busy */
	return 0;
}

void trstatement_clear(struct trstatement *s)
{
	fetch_free(s->fetch);
	url_clear(&s->url);
	buf_clear(&s->origin);
	buf_clear(&s->password);
	buf_clear(&s->prepared);
	for (size_t i = 0; i < s->headers; i++)
		buf_clear(&s->header[i]);
	buf_clear(&s->next);
	trpage_clear(&s->page);
}
#endif
