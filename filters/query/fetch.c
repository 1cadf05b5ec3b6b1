#include "query/fetch.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <strings.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/tool.h"

#ifdef WITH_CURL
#include <curl/curl.h>

enum {
	AHEAD_BYTES = 256 * 1024,  /* bytes of a reply that are read ahead */
	HEADER_BYTES = 128 * 1024, /* a longer header is an attack */
	CONNECT_MS = 10000,
	TICK_MS = 500, /* interval of the checks whether the reader has gone */
	KEEPALIVE_S = 30,
};

struct fetch {
	CURLM *multi;
	CURL *easy;
	struct curl_slist *lines; /* headers of the request */
	struct rows *rows;
	int quit;
	uint64_t deadline; /* clock_mono_ms; 0: none */
	uint64_t patience_ms;
	uint64_t waited_ms; /* time without any data */
	bool running, paused, flooded;
	bool refused;  /* libcurl rejects an option */
	CURLcode code; /* result, when it no longer runs */
	unsigned status;
	struct buf headers; /* headers of the reply, unchanged */
	struct buf data;    /* body of the reply */
	size_t at;          /* bytes of data that were taken */
	size_t most;        /* limit of data, at which libcurl is paused */
	char why[CURL_ERROR_SIZE];
};

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct fetch *f = ctx;
	struct slice line = slice_of(p, size * n);
	uint64_t status = 0;

	if (slice_starts(line, "HTTP/")) {
		const char *at = memchr(line.p, ' ', line.n);

		f->headers.n = 0;
		f->waited_ms = 0;
		if (at && line.p + line.n - at >= 4 &&
		    num_uint(slice_of(at + 1, 3), &status) == 0)
			f->status = (unsigned)status;
	}
	f->flooded |= f->headers.n + line.n > HEADER_BYTES;
	if (f->flooded)
		return 0;
	buf_slice(&f->headers, line);
	return line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct fetch *f = ctx;

	if (f->data.n >= f->most) {
		f->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	buf_add(&f->data, p, size * n);
	return size * n;
}

/* Sets the options that make a connection secure. False if libcurl rejects one,
 * which must not go unnoticed.
 */
static bool set_limits(CURL *c, const struct fetch_options *o)
{
	return curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_SSLVERSION,
				(long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       (!o->ca_file ||
		curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file) == CURLE_OK);
}

/* The same for the URL. No proxy is used without TLS: it would see the
 * password.
 */
static bool set_url(CURL *c, const char *url)
{
	bool plain = strncmp(url, "http:", 5) == 0;

	return curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
				plain ? "http" : "https") == CURLE_OK &&
	       curl_easy_setopt(c, CURLOPT_NOPROXY, plain ? "*" : NULL) ==
		       CURLE_OK;
}

struct fetch *fetch_new(const struct fetch_options *o)
{
	struct fetch *f = mem_zero(sizeof(*f));
	CURL *c;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	f->rows = o->rows;
	if (f->rows) /* servers disconnect a client that reads nothing */
		writer_slack(f->rows->w, true);
	f->quit = o->quit;
	if (o->timeout_ms > 0)
		f->deadline = clock_mono_ms() + o->timeout_ms;
	f->multi = curl_multi_init();
	f->easy = c = curl_easy_init();
	if (!f->multi || !c)
		return f;               /* fetch_start reports it */
	f->refused = !set_limits(c, o); /* reported there, too */
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, f->why);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rudder-query/" RUDDER_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPIDLE, (long)KEEPALIVE_S);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPINTVL, (long)KEEPALIVE_S);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, (long)AHEAD_BYTES);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
	if (o->user) {
		curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(c, CURLOPT_USERNAME, o->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD,
				 o->password ? o->password : "");
	}
	return f;
}

static void stop(struct fetch *f)
{
	if (f->running)
		curl_multi_remove_handle(f->multi, f->easy);
	f->running = false;
}

void fetch_free(struct fetch *f)
{
	if (!f)
		return;
	if (f->rows)
		writer_slack(f->rows->w, false);
	stop(f);
	curl_easy_cleanup(f->easy);
	curl_multi_cleanup(f->multi);
	curl_slist_free_all(f->lines);
	buf_clear(&f->headers);
	buf_clear(&f->data);
	free(f);
}

static int too_late(struct err *e)
{
	return err_set(e, ERR_TEMP, "time limit exceeded");
}

/* Drops what the previous reply left. */
static void forget(struct fetch *f)
{
	stop(f);
	f->headers.n = f->data.n = f->at = 0;
	f->status = 0;
	f->flooded = f->paused = false;
	f->waited_ms = 0;
	f->most = AHEAD_BYTES;
	f->why[0] = '\0';
	curl_slist_free_all(f->lines);
	f->lines = NULL;
}

int fetch_start(struct fetch *f, const char *method, const char *url,
		const char *const *headers, struct slice body, struct err *e)
{
	uint64_t now = clock_mono_ms();
	long left_ms = 0;

	if (!f->multi || !f->easy)
		return err_set(e, ERR_OS, "cannot start libcurl");
	if (f->deadline > 0 && now >= f->deadline)
		return too_late(e);
	if (f->deadline > 0)
		left_ms = (long)(f->deadline - now);
	forget(f);
	for (; headers && *headers; headers++)
		f->lines = curl_slist_append(f->lines, *headers);
	f->lines = curl_slist_append(f->lines, "Expect:");
	if (f->refused || !set_url(f->easy, url))
		return err_set(e, ERR_CONFIG,
			       "libcurl does not accept the URL, the file of "
			       "certificates or a limit of protocols");
	curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->lines);
	curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, left_ms);
	curl_easy_setopt(f->easy, CURLOPT_CUSTOMREQUEST, NULL);
	if (body.p) {
		curl_easy_setopt(f->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(f->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)body.n);
		curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, body.p);
	} else {
		curl_easy_setopt(f->easy, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(f->easy, CURLOPT_CUSTOMREQUEST, method);
	}
	if (curl_multi_add_handle(f->multi, f->easy) != CURLM_OK)
		return err_set(e, ERR_OS, "cannot start libcurl");
	f->running = true;
	return 0;
}

static const struct {
	CURLcode code;
	enum err_kind kind;
} kinds[] = {
	{CURLE_URL_MALFORMAT, ERR_USAGE},
	{CURLE_SSL_CONNECT_ERROR, ERR_PROTOCOL},
	{CURLE_SSL_CERTPROBLEM, ERR_CONFIG},
	{CURLE_SSL_CACERT_BADFILE, ERR_CONFIG},
	{CURLE_PEER_FAILED_VERIFICATION, ERR_PROTOCOL},
	{CURLE_WEIRD_SERVER_REPLY, ERR_PROTOCOL},
	{CURLE_UNSUPPORTED_PROTOCOL, ERR_PROTOCOL},
	{CURLE_BAD_CONTENT_ENCODING, ERR_PROTOCOL},
	{CURLE_OUT_OF_MEMORY, ERR_OS},
};

static int ended(struct fetch *f, struct err *e)
{
	const char *why = f->why[0] ? f->why : curl_easy_strerror(f->code);
	enum err_kind kind = ERR_REFUSED;

	if (f->code == CURLE_OK)
		return 0;
	if (f->flooded)
		return err_set(e, ERR_PROTOCOL,
			       "the server sent a header that is too long");
	if (f->code == CURLE_OPERATION_TIMEDOUT && f->deadline > 0 &&
	    clock_mono_ms() + 1 >= f->deadline)
		return too_late(e);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (kinds[i].code == f->code)
			kind = kinds[i].kind;
	}
	/* libcurl's text may contain the proxy's URL, with a password */
	if (f->code == CURLE_COULDNT_RESOLVE_PROXY ||
	    strstr(why, "Unsupported proxy"))
		return err_set(e, ERR_CONFIG,
			       "the proxy in https_proxy or all_proxy is not a "
			       "supported URL");
	if (f->status > 0)
		return err_set(e, kind,
			       "the connection was lost during the reply: %s",
			       why);
	return err_names(e, kind, "%s", why);
}

static void collect(struct fetch *f)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (m->msg == CURLMSG_DONE) {
			f->code = m->data.result;
			stop(f);
			return;
		}
	}
}

/* Waits until something happens, but at most ms. */
static int wait_ms(struct fetch *f, int ms, struct err *e)
{
	struct curl_waitfd quit = {.fd = f->quit, .events = CURL_WAIT_POLLIN};
	struct pollfd out = {.fd = f->rows ? f->rows->fd : -1};
	unsigned n = f->quit >= 0;
	int ready = 0;

	curl_multi_poll(f->multi, &quit, n, 0, &ready);
	if (ready == 0) {
		if (f->rows && writer_flush(f->rows->w, e) < 0)
			return -1;
		curl_multi_poll(f->multi, &quit, n, tool_idle_wait(ms), &ready);
		tool_idle();
	}
	if (quit.revents)
		return err_set(e, ERR_TEMP, "interrupted");
	if (poll(&out, 1, 0) == 1 && (out.revents & POLLERR)) {
		tool_end_by_pipe();
		return err_set(e, ERR_IO, "nothing reads the output");
	}
	return 0;
}

void fetch_patience(struct fetch *f, uint64_t ms)
{
	f->patience_ms = ms;
}

/* Waits a while. ERR_REFUSED if nothing arrived for patience_ms. */
static int wait_for_more(struct fetch *f, struct err *e)
{
	uint64_t from = clock_mono_ms(), took;

	if (f->patience_ms > 0 && f->waited_ms >= f->patience_ms) {
		stop(f);
		return err_names(e, ERR_REFUSED,
				 "no reply within %ju s; check host and port",
				 (uintmax_t)f->waited_ms / 1000);
	}
	if (wait_ms(f, TICK_MS, e) < 0)
		return -1;
	took = clock_mono_ms() - from;
	f->waited_ms +=
		took < TICK_MS ? took : TICK_MS; /* do not count the time spent
						  * writing output */
	return 0;
}

int fetch_more(struct fetch *f, struct err *e)
{
	size_t left = f->data.n - f->at;

	if (f->at > 0 && left > 0)
		memmove(f->data.p, f->data.p + f->at, left);
	f->data.n = left;
	f->at = 0;
	f->most = left + AHEAD_BYTES;
	while (f->running) {
		int running;

		if (f->paused) {
			f->paused = false;
			curl_easy_pause(f->easy, CURLPAUSE_CONT);
		}
		curl_multi_perform(f->multi, &running);
		collect(f);
		if (f->data.n > left)
			break;
		if (f->running && wait_for_more(f, e) < 0)
			return -1;
	}
	if (f->data.n > left) {
		f->waited_ms = 0;
		memset(buf_room(&f->data, READER_PAD), 0, READER_PAD);
		return 1;
	}
	return ended(f, e);
}

int fetch_all(struct fetch *f, size_t max, struct err *e)
{
	int rc;

	while ((rc = fetch_more(f, e)) > 0) {
		if (f->data.n - f->at > max)
			return err_names(e, ERR_PROTOCOL,
					 "a reply of more than %zu MiB",
					 max >> 20);
	}
	return rc;
}

int fetch_pause(struct fetch *f, uint64_t ms, struct err *e)
{
	uint64_t until = clock_mono_ms() + ms, now;

	while ((now = clock_mono_ms()) < until) {
		uint64_t left = until - now;

		if (f->deadline > 0 && now >= f->deadline)
			return too_late(e);
		if (wait_ms(f, left < TICK_MS ? (int)left : TICK_MS, e) < 0)
			return -1;
	}
	return 0;
}

struct slice fetch_data(const struct fetch *f)
{
	return slice_of(f->data.p + f->at, f->data.n - f->at);
}

void fetch_take(struct fetch *f, size_t n)
{
	f->at += n;
}

unsigned fetch_status(const struct fetch *f)
{
	return f->status;
}

struct slice fetch_header(const struct fetch *f, const char *name)
{
	const char *p = f->headers.p, *end = p + f->headers.n;
	size_t n = strlen(name);

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop_at = lf ? lf : end, *value = p + n + 1;

		if ((size_t)(stop_at - p) > n && p[n] == ':' &&
		    strncasecmp(p, name, n) == 0) {
			while (value < stop_at && *value == ' ')
				value++;
			while (stop_at > value &&
			       (unsigned char)stop_at[-1] <= ' ')
				stop_at--;
			return slice_of(value, (size_t)(stop_at - value));
		}
		p = lf ? lf + 1 : end;
	}
	return slice_of("", 0);
}
#endif
