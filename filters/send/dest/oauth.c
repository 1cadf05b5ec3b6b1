#include "send/dest/oauth.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/opt.h"
#include "core/reader.h"
#include "send/dest/address.h"
#include "send/dest/header_lines.h"
#include "send/dest/transfer.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

enum {
	FILE_MAX = 64 * 1024,
	ANSWER_MAX = 64 * 1024,
	USUAL_S = 300, /* lifetime of a token if the server gives none */
	EARLY_S = 30,  /* clocks and requests need some time */
};

struct oauth {
	struct buf file; /* secret: the text of the settings */
	const char *token_url, *id, *secret, *scope;
	struct buf url, extra; /* form members of param. */
	bool in_body;
	const char *ca_file;
	bool deny_private;
	uint64_t timeout_ms, connect_ms;

	struct buf token, answer; /* secret */
	unsigned number;          /* number of the current token */
	uint64_t until_ms;        /* the token expires */
	bool doubted;             /* made after a 401, and not accepted yet */

	struct oauth_request *request; /* NULL: none is under way */
};

/* ---- settings ---------------------------------------------------------- */

static void encode(struct buf *b, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || strchr("-._~", c))
			buf_char(b, (char)c);
		else
			buf_fmt(b, "%%%02X", c);
	}
}

static void add_form(struct buf *b, const char *name, const char *value)
{
	if (b->n > 0)
		buf_char(b, '&');
	encode(b, name);
	buf_char(b, '=');
	encode(b, value);
}

/* Reports an unknown setting, without its line, which may be a secret that ends
 * with "=".
 */
static int unknown(const char *name, struct err *e)
{
	static const char *const names[] = {"token_url",     "client_id",
					    "client_secret", "scope",
					    "auth",          NULL};
	const char *near = opt_nearest(name, names);

	if (near && strcmp(near, "auth") != 0)
		return err_names(e, ERR_USAGE,
				 "unknown setting; did you mean '%s'?", near);
	return err_set(e, ERR_USAGE,
		       "expected token_url, client_id, client_secret, scope, "
		       "auth=basic, auth=body or param.NAME");
}

static int take(struct oauth *x, char *line, struct err *e)
{
	const struct {
		const char *name;
		const char **to;
	} known[] = {
		{"token_url", &x->token_url},
		{"client_id", &x->id},
		{"client_secret", &x->secret},
		{"scope", &x->scope},
	};
	char *value = strchr(line, '=');

	if (!value)
		return err_set(e, ERR_USAGE, "expected name=value");
	*value++ = '\0';
	if (strncmp(line, "param.", 6) == 0) {
		add_form(&x->extra, line + 6, value);
		return 0;
	}
	if (strcmp(line, "auth") == 0 &&
	    (strcmp(value, "body") == 0 || strcmp(value, "basic") == 0)) {
		x->in_body = strcmp(value, "body") == 0;
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (strcmp(line, known[i].name) == 0) {
			*known[i].to = value;
			return 0;
		}
	}
	return unknown(line, e);
}

static int read_settings(struct oauth *x, const char *path, struct err *e)
{
	char *line, *end;
	unsigned n = 0;

	if (file_secret(path, FILE_MAX, &x->file, e) < 0)
		return -1;
	for (line = buf_cstr(&x->file); *line; line = end) {
		n++;
		end = header_lines_split(line);
		if (*line && *line != '#' && take(x, line, e) < 0)
			return err_in(e, "'%s' line %u", path, n);
	}
	if (!x->token_url || !x->id || !x->secret)
		return err_names(e, ERR_USAGE,
				 "'%s': token_url, client_id and client_secret "
				 "are needed",
				 path);
	return 0;
}

int oauth_open(struct oauth **x, const char *path, const struct dest_options *o,
	       struct err *e)
{
	const struct network_http *net = network_http_of(o);
	struct oauth *a = mem_zero(sizeof(*a));

	*x = a;
	a->ca_file = net->ca_file;
	a->deny_private = net->deny_private;
	a->timeout_ms = o->timeout_ms;
	a->connect_ms = network_of(o)->connect_ms;
	if (read_settings(a, path, e) < 0)
		return -1;
	if (address_url(&a->url, a->token_url, NULL, net->allow_http, e) < 0)
		return err_in(e, "'%s': token_url", path);
	return 0;
}

/* ---- a token ------------------------------------------------------------ */

#ifdef WITH_CURL
#include <curl/curl.h>

static size_t on_answer(char *p, size_t size, size_t n, void *ctx)
{
	struct oauth *x = ctx;

	if (x->answer.n + size * n > ANSWER_MAX)
		return 0;
	buf_add(&x->answer, p, size * n);
	return size * n;
}

static void put_form(const struct oauth *x, struct buf *b)
{
	add_form(b, "grant_type", "client_credentials");
	if (x->in_body) {
		add_form(b, "client_id", x->id);
		add_form(b, "client_secret", x->secret);
	}
	if (x->scope)
		add_form(b, "scope", x->scope);
	if (x->extra.n > 0) {
		buf_char(b, '&');
		buf_slice(b, buf_all(&x->extra));
	}
}

/* Sets the basic authentication. Both parts are form-encoded before they are
 * joined (RFC 6749, 2.3.1).
 */
static void set_basic(CURL *c, const struct oauth *x)
{
	struct buf id = {0}, secret = {0};

	encode(&id, x->id);
	encode(&secret, x->secret);
	curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(c, CURLOPT_USERNAME, buf_cstr(&id));
	curl_easy_setopt(c, CURLOPT_PASSWORD, buf_cstr(&secret));
	buf_wipe(&id);
	buf_wipe(&secret);
}

struct oauth_request {
	CURLM *multi;
	CURL *easy;
	struct buf form; /* secret */
	bool whole;      /* the header of the answer is complete */
	struct private_address guard;
	char why[CURL_ERROR_SIZE];
};

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct oauth_request *q = ctx;

	q->whole = header_lines_whole(q->whole, slice_of(p, size * n));
	return size * n;
}

static void end_request(struct oauth *x)
{
	struct oauth_request *q = x->request;

	if (!q)
		return;
	if (q->easy) {
		if (q->multi)
			curl_multi_remove_handle(q->multi, q->easy);
		curl_easy_cleanup(q->easy);
	}
	if (q->multi)
		curl_multi_cleanup(q->multi);
	buf_wipe(&q->form);
	free(q);
	x->request = NULL;
}

static bool set_request(struct oauth *x, struct oauth_request *q)
{
	const struct network_http net = {.ca_file = x->ca_file,
					 .deny_private = x->deny_private};
	bool plain = address_is_plain(buf_cstr(&x->url));
	CURL *c = q->easy;
	struct err why;

	put_form(x, &q->form);
	if (transfer_secure(c, &net, plain, &q->guard, &why) < 0) {
		snprintf(q->why, sizeof(q->why), "%.200s", why.text);
		return false;
	}
	curl_easy_setopt(c, CURLOPT_URL, buf_cstr(&x->url));
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, q->why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rudder-send/" RUDDER_VERSION);
	if (!x->in_body)
		set_basic(c, x);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)x->timeout_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)x->connect_ms);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->form.n);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, buf_cstr(&q->form));
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, q);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
	return true;
}

/* Starts a token request in a separate multi handle: each transfer of the other
 * handle has a job.
 */
static bool begin_request(struct oauth *x)
{
	struct oauth_request *q = mem_zero(sizeof(*q));

	x->request = q;
	x->answer.n = 0;
	q->multi = curl_multi_init();
	q->easy = curl_easy_init();
	if (!q->multi || !q->easy || !set_request(x, q))
		return false;
	return curl_multi_add_handle(q->multi, q->easy) == CURLM_OK;
}

/* Works on the token request. Returns whether it is finished: then sets its
 * status, or 0 and why.
 */
static bool step_request(struct oauth *x, unsigned *status)
{
	struct oauth_request *q = x->request;
	const CURLMsg *m;
	long code = 0;
	int n;

	*status = 0;
	if (curl_multi_perform(q->multi, &n) != CURLM_OK)
		return true;
	m = curl_multi_info_read(q->multi, &n);
	if (!m)
		return false;
	/* libcurl reports no error for a truncated header */
	if (m->data.result == CURLE_OK && q->whole)
		curl_easy_getinfo(q->easy, CURLINFO_RESPONSE_CODE, &code);
	else if (m->data.result == CURLE_OK)
		snprintf(q->why, sizeof(q->why), "the header was truncated");
	else if (!q->why[0])
		snprintf(q->why, sizeof(q->why), "%s",
			 curl_easy_strerror(m->data.result));
	*status = (unsigned)code;
	return true;
}

static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

/* Reads {"access_token", "expires_in"}. False if there is no token. */
static bool read_token(struct oauth *x)
{
	struct scan *s = scan_new();
	const struct scan_member *m;
	uint64_t seconds = USUAL_S;
	size_t n = x->answer.n;

	memset(buf_room(&x->answer, READER_PAD), 0, READER_PAD);
	x->token.n = 0;
	if (scan_object(s, slice_of(x->answer.p, n)) == 0) {
		m = scan_get(s, "access_token");
		if (m && m->kind == SCAN_STRING)
			json_decode(&x->token, json_inner(m->value));
		m = scan_get(s, "expires_in");
		if (m && m->kind == SCAN_STRING)
			(void)!num_uint(json_inner(m->value), &seconds);
		else if (m)
			(void)!num_uint(m->value, &seconds);
	}
	scan_free(s);
	seconds = seconds > 2 * EARLY_S ? seconds - EARLY_S : seconds / 2;
	if (seconds > 86400)
		seconds = 86400;
	x->until_ms = clock_mono_ms() + seconds * 1000;
	explicit_bzero(x->answer.p, n);
	return is_token(buf_all(&x->token));
}

static void stop(struct reply *r, enum err_kind kind, const char *cure)
{
	r->class = REPLY_FATAL;
	err_set(&r->err, kind, "%s%s", r->reason, cure);
}

/* Sets the reply to the reason why there is no token. */
static void judge(const struct oauth *x, unsigned status, struct reply *r)
{
	bool private = x->request->guard.refused;

	*r = (struct reply){.class = REPLY_LATER};
	if (status > 0)
		snprintf(r->reason, sizeof(r->reason),
			 "the token server answers HTTP %u%s", status,
			 status == 200 ? " without an access_token" : "");
	else
		snprintf(r->reason, sizeof(r->reason),
			 "no token from the token server: %.150s",
			 private ? "it has a private address"
				 : x->request->why);
	if (private)
		stop(r, ERR_DENIED, ", which --deny-private does not allow");
	else if (status == 200 || (status >= 300 && status < 400) ||
		 status == 404)
		stop(r, ERR_CONFIG, "; check token_url");
	else if (status >= 400 && status < 500 && status != 408 &&
		 status != 429)
		stop(r, ERR_DENIED,
		     "; check client_id, client_secret and scope in the file "
		     "of --oauth-file");
}

enum oauth_state oauth_ready(struct oauth *x, unsigned *number, struct reply *r)
{
	unsigned status = 0;
	bool has;

	*number = x->number;
	if (!x->request && x->token.n > 0 && clock_mono_ms() < x->until_ms)
		return OAUTH_READY;
	if ((x->request || begin_request(x)) && !step_request(x, &status))
		return OAUTH_WAITS;
	has = status == 200 && read_token(x);
	if (has) {
		*number = ++x->number;
	} else {
		x->token.n = 0;
		judge(x, status, r);
	}
	end_request(x);
	return has ? OAUTH_READY : OAUTH_FAILED;
}
#else
static void end_request(struct oauth *x)
{
	(void)x;
}

enum oauth_state oauth_ready(struct oauth *x, unsigned *number, struct reply *r)
{
	*number = x->number;
	*r = (struct reply){.class = REPLY_FATAL};
	err_set(&r->err, ERR_CONFIG, "built without libcurl");
	return OAUTH_FAILED;
}
#endif

void oauth_header(const struct oauth *x, struct buf *b)
{
	buf_str(b, "Authorization: Bearer ");
	buf_slice(b, buf_all(&x->token));
	buf_char(b, '\0');
}

bool oauth_refused(struct oauth *x, unsigned number)
{
	if (number != x->number) /* a newer token exists */
		return true;
	if (x->doubted)
		return false;
	x->doubted = true;
	x->token.n = 0;
	return true;
}

void oauth_taken(struct oauth *x, unsigned number)
{
	if (number == x->number && x->token.n > 0)
		x->doubted = false;
}

void oauth_close(struct oauth *x)
{
	if (!x)
		return;
	end_request(x);
	buf_wipe(&x->file);
	buf_wipe(&x->token);
	buf_wipe(&x->answer);
	buf_wipe(&x->extra);
	buf_clear(&x->url);
	free(x);
}
