#include "send/dest/address.h"

#include <strings.h>

bool address_is_plain(const char *url)
{
	return strncasecmp(url, "http:", strlen("http:")) == 0;
}

#ifdef WITH_CURL
#include <curl/curl.h>

#include "core/library.h"

static bool has(CURLU *u, CURLUPart what)
{
	char *text = NULL;
	bool there = curl_url_get(u, what, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

/* Whether two slashes follow the scheme, and no third. libcurl accepts
 * https:/host and https:///host too, but code that looks for the host after the
 * slashes, to put a path of --url there, would take the first part of the path
 * for it.
 */
static bool has_slashes(const char *url)
{
	size_t scheme = strcspn(url, ":");

	return strncmp(url + scheme, "://", 3) == 0 && url[scheme + 3] != '/';
}

/* Whether the host is this machine. libcurl itself resolves "localhost" to the
 * loopback addresses.
 */
static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 &&
		host[strspn(host, "0123456789.")] == '\0');
}

static int check_url(CURLU *u, bool query, bool allow_http, struct err *e)
{
	char *scheme = NULL, *host = NULL;
	int rc = 0;

	curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
	curl_url_get(u, CURLUPART_HOST, &host, 0);
	if (!scheme || !host ||
	    (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
		rc = err_set(
			e, ERR_USAGE,
			"destination: only http:// and https:// are supported");
	else if (has(u, CURLUPART_USER) || has(u, CURLUPART_PASSWORD))
		rc = err_set(
			e, ERR_USAGE,
			"destination: do not put a secret into the URL, where "
			"other users can see it; use --write-key-file FILE, or "
			"--header-file FILE for webhook:");
	else if ((!query && has(u, CURLUPART_QUERY)) ||
		 has(u, CURLUPART_FRAGMENT))
		rc = err_set(e, ERR_USAGE,
			     "destination: the URL must not have a query or a "
			     "fragment");
	else if (strcmp(scheme, "http") == 0 && !is_loopback(host) &&
		 !allow_http)
		rc = err_set(e, ERR_USAGE,
			     "destination: http:// sends key and events "
			     "unencrypted; use https://, or --allow-http to "
			     "permit it");
	curl_free(scheme);
	curl_free(host);
	return rc;
}

static void drop_slashes(struct buf *b)
{
	while (b->n > 0 && b->p[b->n - 1] == '/')
		b->n--;
}

static bool drop_end(struct buf *b, const char *end)
{
	size_t n = strlen(end);
	bool there = b->n >= n && memcmp(b->p + b->n - n, end, n) == 0;

	b->n -= there ? n : 0;
	return there;
}

/* Puts the URL, with path appended, into b. An endpoint's path that the URL
 * already has is removed before.
 */
static void join(struct buf *b, CURLU *u, const char *path)
{
	char *text = NULL, *was = NULL;

	curl_url_get(u, CURLUPART_PATH, &was, 0);
	buf_str(b, was ? was : "");
	drop_slashes(b);
	if (drop_end(b, "/v1/batch") || drop_end(b, "/internal/v1/retl"))
		drop_slashes(b);
	buf_str(b, path);
	curl_url_set(u, CURLUPART_PATH, buf_cstr(b), 0);
	b->n = 0;
	curl_url_get(u, CURLUPART_URL, &text, 0);
	buf_str(b, text ? text : "");
	curl_free(text);
	curl_free(was);
}

int address_url(struct buf *b, const char *url, const char *path,
		bool allow_http, struct err *e)
{
	CURLU *u;
	int rc;

	if (library_load("curl", e) < 0)
		return -1;
	u = curl_url();
	if (!u || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    !has_slashes(url))
		rc = err_set(e, ERR_USAGE,
			     "destination: expected a URL such as https://host "
			     "after the scheme");
	else
		rc = check_url(u, !path, allow_http, e);
	if (rc == 0 && path)
		join(b, u, path);
	else if (rc == 0)
		buf_str(b, url);
	curl_url_cleanup(u);
	return rc;
}

#else

int address_url(struct buf *b, const char *url, const char *path,
		bool allow_http, struct err *e)
{
	(void)b;
	(void)url;
	(void)path;
	(void)allow_http;
	return err_set(e, ERR_CONFIG,
		       "built without libcurl; install libcurl4-openssl-dev "
		       "and build again");
}

#endif
