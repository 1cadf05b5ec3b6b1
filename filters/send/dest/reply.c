#include "send/dest/reply.h"

#include <stdio.h>

#include "core/text.h"

enum { TEXT_MAX = 200 }; /* bytes of the server's text that are kept */

/* Copies one line of the server's text in a form for logs and receipts:
 * truncated at a character, with hidden characters replaced.
 */
static void words(char *to, size_t size, struct slice s)
{
	static const char unknown[] = "\xef\xbf\xbd"; /* U+FFFD */
	size_t n, put = 0;

	for (size_t i = 0; i < s.n && s.p[i] != '\n' && s.p[i] != '\r';
	     i += n) {
		const char *p = s.p + i;
		uint32_t c;
		size_t length = n = text_char(slice_of(p, s.n - i), &c);

		if (n > 0 && c < 0x20) {
			p = " ";
		} else if (n == 0 || text_hidden(c)) {
			p = unknown;
			length = sizeof(unknown) - 1;
			n += n == 0;
		}
		if (put + length > TEXT_MAX || put + length >= size)
			break;
		memcpy(to + put, p, length);
		put += length;
	}
	to[put] = '\0';
}

void reply_words(struct reply *r, struct slice text)
{
	words(r->reason, sizeof(r->reason), text);
}

#ifdef WITH_CURL
#include <curl/curl.h>

static void say(struct reply *r, enum reply_class class, const char *why)
{
	r->class = class;
	words(r->reason, sizeof(r->reason), slice_str(why));
}

/* Whether the status proves that this request delivered nothing: a 4xx does,
 * except 408 (a timeout). With 409 and 423, see is_conflict, an earlier copy of
 * the request may still have been accepted.
 */
static bool delivered_nothing(unsigned s)
{
	return s >= 400 && s < 500 && s != 408;
}

static bool is_conflict(unsigned s)
{
	return s == 409 || s == 423;
}

static void fatal(struct reply *r, enum err_kind kind, const char *cure)
{
	r->class = REPLY_FATAL;
	err_set(&r->err, kind, "%s",
		r->reason[0] ? r->reason : "the request failed");
	(void)err_more_names(&r->err, "%s", cure);
}

static void judge_redirect(struct reply *r, const struct reply_facts *f)
{
	char to[TEXT_MAX + 1];

	words(to, sizeof(to), f->location);
	snprintf(r->reason, sizeof(r->reason),
		 "HTTP %u: redirected to '%.200s'", f->status, to);
	fatal(r, ERR_CONFIG,
	      "; redirects are not followed, because they drop the body: use "
	      "the final address");
}

/* Whether a 400 of a data plane is about our settings, not about an event
 * (rudder-server gateway/response, read 2026-11-29).
 */
static bool is_about_us(const struct reply_facts *f)
{
	static const char *const texts[] = {
		"invalid destination id",
		"failed to read destination id from header",
	};

	if (!f->data_plane || f->body.n == 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (memmem(f->body.p, f->body.n, texts[i], strlen(texts[i])))
			return true;
	}
	return false;
}

/* Whether the reply is an HTML page, such as a login, a portal or a parked
 * domain. A data plane never replies with one.
 */
static bool is_page(const struct reply_facts *f)
{
	static const char html[] = "text/html";
	size_t at = 0;

	while (at < f->body.n && (unsigned char)f->body.p[at] <= ' ')
		at++;
	return (f->type.n >= sizeof(html) - 1 &&
		strncasecmp(f->type.p, html, sizeof(html) - 1) == 0) ||
	       (at < f->body.n && f->body.p[at] == '<');
}

static void judge_success(struct reply *r, const struct reply_facts *f)
{
	if (f->data_plane && is_page(f)) {
		snprintf(r->reason, sizeof(r->reason),
			 "HTTP %u with an HTML page", f->status);
		r->doubt = true;
		fatal(r, ERR_CONFIG,
		      ": this is not a data plane, check the address");
	} else if (f->status == 207) {
		snprintf(r->reason, sizeof(r->reason),
			 "HTTP 207: some events may have been refused");
		r->class = REPLY_UNKNOWN;
		r->doubt = r->final = true;
	} else {
		r->class = REPLY_TAKEN;
		if (f->curl == CURLE_OK || f->curl == CURLE_WRITE_ERROR)
			r->reason[0] = '\0';
		else
			words(r->reason, sizeof(r->reason), slice_str(f->why));
	}
}

/* Sets the reason to the status and the text of the reply, as one line. */
static void say_status(struct reply *r, const struct reply_facts *f)
{
	char text[TEXT_MAX + 1];

	words(text, sizeof(text), f->body);
	snprintf(r->reason, sizeof(r->reason), "HTTP %u%s%.200s", f->status,
		 text[0] ? ": " : "", text);
}

/* Decides by the status, 200 or more, of a complete header, even if the body is
 * incomplete.
 */
static void judge_status(struct reply *r, const struct reply_facts *f)
{
	char text[TEXT_MAX + 1];
	unsigned s = f->status;

	if (f->success) {
		*r = (struct reply){
			.class = REPLY_TAKEN, .status = s, .sent = f->sent};
		r->wish_ms = f->quota_empty ? f->quota_ms : 0;
		return;
	}
	if (s < 300) {
		judge_success(r, f);
		r->wish_ms = f->quota_empty ? f->quota_ms : 0;
		return;
	}
	say_status(r, f);
	r->verdict = s >= 400 && s < 500;
	r->doubt = !delivered_nothing(s);
	r->conflict = is_conflict(s);
	if (s < 400) {
		judge_redirect(r, f);
	} else if (s == 401 || s == 403 || s == 407) {
		snprintf(text, sizeof(text), "; check %s",
			 f->key ? f->key : "the write key");
		fatal(r, ERR_DENIED, text);
		if (s == 403) /* firewalls judge by content, too */
			r->class = REPLY_FORBIDDEN;
	} else if ((s == 404 || s == 405 || s == 410) && f->by_event) {
		r->class = REPLY_REFUSED;
	} else if (s == 404) {
		fatal(r, ERR_DENIED,
		      "; check the address, and that the source is enabled");
	} else if (s == 405) {
		fatal(r, ERR_CONFIG, "; check the address");
	} else if (s == 400 && is_about_us(f)) {
		fatal(r, ERR_CONFIG,
		      "; check --source-id and --destination-id");
	} else if (s == 413) {
		r->class = REPLY_TOO_LARGE;
	} else if (s == 408 || s >= 500) {
		/* routers send 5xx after they have passed the request on */
		r->class = REPLY_UNKNOWN;
		r->wish_ms = f->wish_ms;
	} else if (s == 425 || s == 429 || is_conflict(s)) {
		r->class = REPLY_LATER;
		r->wish_ms =
			f->wish_ms > 0 || s != 429 ? f->wish_ms : f->quota_ms;
	} else {
		r->class = REPLY_REFUSED;
	}
}

/* Whether it is a TLS error, such as a bad certificate, that a retry cannot
 * fix.
 */
static bool is_tls(int curl)
{
	switch (curl) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_ENGINE_SETFAILED:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CLIENTCERT:
	case CURLE_USE_SSL_FAILED:
		return true;
	default:
		return false;
	}
}

/* Whether OpenSSL or GnuTLS reports a reply that is not TLS. */
static bool is_plain(const char *why)
{
	return strstr(why, "wrong version number") ||
	       strstr(why, "packet length too long") ||
	       strstr(why, "http request") ||
	       strstr(why, "unexpected TLS packet");
}

/* The proxy refused the connection. A retry cannot help. */
static void judge_proxy(struct reply *r, unsigned status)
{
	snprintf(r->reason, sizeof(r->reason),
		 "the proxy refused to connect: HTTP %u", status);
	fatal(r, ERR_DENIED,
	      status == 407 ? "; check the user and password in https_proxy"
			    : "; it does not allow this host, see no_proxy");
}

static bool is_setup(int curl)
{
	return curl == CURLE_SSL_CERTPROBLEM ||
	       curl == CURLE_SSL_CACERT_BADFILE ||
	       curl == CURLE_URL_MALFORMAT ||
	       curl == CURLE_BAD_FUNCTION_ARGUMENT;
}

static bool is_nonsense(int curl)
{
	return curl == CURLE_UNSUPPORTED_PROTOCOL ||
	       curl == CURLE_WEIRD_SERVER_REPLY ||
	       curl == CURLE_HTTP_RETURNED_ERROR ||
	       curl == CURLE_BAD_CONTENT_ENCODING;
}

/* Whether there was no connection. libcurl's text then names the host and port
 * of the URL, which never contain a value of an event.
 */
static bool is_away(int curl)
{
	return curl == CURLE_COULDNT_CONNECT ||
	       curl == CURLE_COULDNT_RESOLVE_HOST ||
	       curl == CURLE_COULDNT_RESOLVE_PROXY;
}

void reply_judge(struct reply *r, const struct reply_facts *f)
{
	*r = (struct reply){.status = f->complete ? f->status : 0,
			    .sent = f->sent,
			    .of_host = true};
	if (f->complete && f->status >= 200) {
		judge_status(r, f);
		return;
	}
	say(r, REPLY_UNKNOWN, f->why);
	r->doubt = f->sent > 0;
	if (f->guarded) {
		say(r, REPLY_FATAL,
		    "the destination resolves to a private address");
		fatal(r, ERR_DENIED, ", which --deny-private does not allow");
	} else if (f->flooded) {
		say(r, REPLY_FATAL, "the reply's header is too long");
		fatal(r, ERR_PROTOCOL, "");
	} else if (is_setup(f->curl)) {
		fatal(r, ERR_CONFIG, "");
	} else if (is_tls(f->curl)) {
		fatal(r, ERR_PROTOCOL, f->sent ? "" : "; nothing was sent");
	} else if (f->sent == 0 &&
		   (f->proxy_status == 401 || f->proxy_status == 403 ||
		    f->proxy_status == 407)) {
		judge_proxy(r, f->proxy_status);
	} else if (f->curl == CURLE_SSL_CONNECT_ERROR && is_plain(f->why)) {
		fatal(r, ERR_PROTOCOL,
		      "; the port serves plain HTTP, not TLS: check the port; "
		      "nothing was sent");
	} else if (f->curl == CURLE_SSL_CONNECT_ERROR && !f->replied_before) {
		fatal(r, ERR_PROTOCOL, f->sent ? "" : "; nothing was sent");
	} else if (strstr(f->why, "alert certificate required")) {
		/* with TLS 1.3 this error comes after the request was sent */
		fatal(r, ERR_PROTOCOL, "; use --cert and --cert-key");
	} else if (is_nonsense(f->curl)) {
		r->class = REPLY_NONSENSE;
	} else if (f->sent == 0) {
		r->class = REPLY_LATER;
		r->named = is_away(f->curl);
	} else if (f->curl == CURLE_OK) {
		say(r, REPLY_UNKNOWN, "the reply's header was truncated");
	}
}

#else

void reply_judge(struct reply *r, const struct reply_facts *f)
{
	*r = (struct reply){.class = REPLY_FATAL, .sent = f->sent};
	err_set(&r->err, ERR_CONFIG, "built without libcurl");
}

#endif
