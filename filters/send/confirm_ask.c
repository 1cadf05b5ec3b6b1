#include "send/confirm_ask.h"

#include "core/clock.h"
#include "core/tool.h"
#include "send/dest/address.h"
#include "send/dest/header_lines.h"
#include "send/dest/network.h"
#include "send/dest/private_address.h"
#include "send/dest/transfer.h"

#ifdef WITH_CURL
#include <curl/curl.h>

enum {
	BODY_MAX = 16 * 1024 * 1024,
	PAGE = 10000,   /* failed records per page; without a size all are on
			 * one page
			 */
	FIRST_MS = 500, /* wait between two requests; doubles each time */
	MOST_MS = 10 * 1000,
};

struct ask {
	const struct dest_options *o;
	CURL *easy;
	struct buf url, body;
	struct private_address guard;
	bool flooded; /* a body longer than BODY_MAX */
	bool whole;   /* the header of the reply is complete */
	long status;  /* HTTP status of the last reply; 0: none */
	int stop;
};

static bool stopped(int fd, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, timeout_ms) > 0;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct ask *a = ctx;

	a->flooded = a->body.n + size * n > BODY_MAX;
	if (a->flooded)
		return 0;
	buf_add(&a->body, p, size * n);
	return size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct ask *a = ctx;

	a->whole = header_lines_whole(a->whole, slice_of(p, size * n));
	return size * n;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c,
		       curl_off_t d)
{
	const struct ask *ask = ctx;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return stopped(ask->stop, 0);
}

static int set_up(struct ask *a, struct err *e)
{
	bool plain = address_is_plain(a->o->url);
	CURL *c = a->easy;

	if (transfer_secure(c, network_http_of(a->o), plain, &a->guard, e) < 0)
		return -1;
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rudder-send/" RUDDER_VERSION);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)a->o->timeout_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)network_of(a->o)->connect_ms);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, a);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, a);
	return 0;
}

/* Requests the document at a->url: 1 with the document in a->body, 0 if it is
 * not available now, -1 if it never will be.
 */
static int get(struct ask *a, struct err *e)
{
	long status = 0;
	CURLcode code;

	a->body.n = 0;
	a->flooded = a->whole = false;
	curl_easy_setopt(a->easy, CURLOPT_URL, buf_cstr(&a->url));
	code = curl_easy_perform(a->easy);
	/* libcurl reports no error for a truncated header */
	if (code == CURLE_OK && a->whole)
		curl_easy_getinfo(a->easy, CURLINFO_RESPONSE_CODE, &status);
	a->status = status;
	if (a->flooded)
		return err_names(e, ERR_PROTOCOL,
				 "job status: the reply is longer than %d MiB",
				 BODY_MAX >> 20);
	if (status == 401 || status == 403)
		return err_names(
			e, ERR_DENIED,
			"job status: HTTP %ld; the endpoint is reachable only "
			"from the data plane's own network",
			status);
	if (status >= 300 && status < 400)
		return err_set(e, ERR_CONFIG,
			       "job status: HTTP %ld: redirected", status);
	if (status != 200) {
		tool_debug("job status: HTTP %ld, %s", status,
			   curl_easy_strerror(code));
		return 0;
	}
	return 1;
}

static int set_url(struct ask *a, const struct confirm *c, const char *behind,
		   struct err *e)
{
	struct buf path = {0};
	int rc;

	buf_fmt(&path, "/internal/v2/job-status/%s%s", c->run, behind);
	a->url.n = 0;
	rc = address_url(&a->url, a->o->url, buf_cstr(&path),
			 network_http_of(a->o)->allow_http, e);
	buf_clear(&path);
	return rc;
}

/* Sets a->url to the page of failed records with this token; empty: the first
 * page.
 */
static int set_page(struct ask *a, const struct confirm *c, struct buf *token,
		    struct err *e)
{
	char *text;

	if (set_url(a, c, "/failed-records", e) < 0)
		return -1;
	buf_fmt(&a->url, "?pageSize=%d", PAGE);
	if (token->n == 0)
		return 0;
	text = curl_easy_escape(a->easy, buf_cstr(token), 0);
	buf_fmt(&a->url, "&pageToken=%s", text ? text : "");
	curl_free(text);
	return 0;
}

/* Waits before the next request. False: the time is over, or the run was
 * stopped.
 */
static bool wait_more(const struct ask *a, int *wait_ms, uint64_t until_ms)
{
	if (clock_mono_ms() + (uint64_t)*wait_ms > until_ms ||
	    stopped(a->stop, *wait_ms))
		return false;
	*wait_ms = *wait_ms * 2 < MOST_MS ? *wait_ms * 2 : MOST_MS;
	return true;
}

/* Requests the page at a->url until it is available: 1, or 0 if it is not, -1.
 */
static int ask_page(struct ask *a, uint64_t until_ms, struct err *e)
{
	int wait_ms = FIRST_MS, rc;

	do
		rc = get(a, e);
	while (rc == 0 && (a->status < 400 || a->status >= 500) &&
	       wait_more(a, &wait_ms, until_ms));
	return rc;
}

/* Reads all failed records into c->failures: 1, 0 if they cannot be read, -1.
 */
static int ask_failures(struct confirm *c, struct ask *a, uint64_t until_ms,
			struct err *e)
{
	struct buf token = {0};
	int rc;

	do {
		rc = set_page(a, c, &token, e);
		if (rc == 0)
			rc = ask_page(a, until_ms, e);
		if (rc <= 0)
			break;
		rc = job_status_page(buf_all(&a->body), &c->failures, &token,
				     e);
		if (rc == 0)
			rc = 1;
		if (rc > 0 && token.n > 0 && clock_mono_ms() > until_ms)
			rc = err_set(e, ERR_PROTOCOL,
				     "job status: the list of failed records "
				     "was not complete within --confirm-time");
	} while (rc > 0 && token.n > 0);
	buf_clear(&token);
	return rc;
}

static int ask_complete(struct confirm *c, struct ask *a, uint64_t until_ms,
			struct err *e)
{
	int wait_ms = FIRST_MS, rc;

	do {
		if (set_url(a, c, "", e) < 0)
			return -1;
		rc = get(a, e);
		if (rc > 0)
			rc = job_status_read(buf_all(&a->body), &c->status, e);
		if (rc < 0)
			return -1;
		if (c->status.complete)
			return 1;
	} while (wait_more(a, &wait_ms, until_ms));
	return 0;
}

int confirm_ask(struct confirm *c, const struct dest_options *o,
		uint64_t for_ms, int stop, struct err *e)
{
	struct ask a = {.o = o, .stop = stop, .easy = curl_easy_init()};
	uint64_t now_ms = clock_mono_ms();
	int rc;

	if (!a.easy)
		return err_set(e, ERR_OS, "cannot start libcurl");
	rc = set_up(&a, e);
	if (rc == 0)
		rc = ask_complete(c, &a, now_ms + for_ms, e);
	if (rc == 0)
		tool_warn("the data plane did not report run '%s' as complete: "
			  "receipts stay 'accepted'",
			  c->run);
	if (rc > 0) {
		/* the list gets its own full for_ms */
		rc = ask_failures(c, &a, clock_mono_ms() + for_ms, e);
		if (rc == 0)
			tool_warn("the data plane did not return the failed "
				  "records of run '%s' (HTTP %ld): receipts "
				  "stay 'accepted'",
				  c->run, a.status);
	}
	c->known = rc > 0;
	job_status_sort(&c->failures);
	curl_easy_cleanup(a.easy);
	buf_clear(&a.url);
	buf_clear(&a.body);
	return rc < 0 ? -1 : 0;
}

#else

int confirm_ask(struct confirm *c, const struct dest_options *o,
		uint64_t for_ms, int stop, struct err *e)
{
	(void)c;
	(void)o;
	(void)for_ms;
	(void)stop;
	return err_set(e, ERR_CONFIG, "built without libcurl");
}

#endif
