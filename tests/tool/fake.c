/* fake.c - a data plane for tests and for the demo: one loopback HTTP/1.1
 * server, obedient by default, and as hostile as a script says.
 *
 *     fake -p PORTFILE [-P PORT] [-t SECONDS] [-k KEYFILE] [-o EVENTS]
 *          [-l LOG] [-R RAW] [-r TEXT [-x STATUS]] [-s SCRIPT] [-c PEM [-C CA]
 * [-V VERSION]]
 *
 *   -p FILE   the port, as a decimal number and LF, once the server listens
 *             (the file is put there whole, by rename)
 *   -P PORT   listen there instead of where the kernel likes
 *   -t SECS   end by itself after so long (default 600), with status 0
 *   -k FILE   want "Authorization: Basic base64(KEY:)" with the key in FILE
 *             (without it any key, also none, is right)
 *   -o FILE   append each accepted event as one line, before its 200 leaves
 *   -l FILE   append one line a request, when its fate is decided:
 *             MS METHOD PATH EVENTS BYTES STATUS STORED IN_FLIGHT
 *             (ms since the start; EVENTS in the batch, 0 if unreadable; BYTES
 *             of the body as it came; STATUS 0 when none was given; STORED
 *             events appended by this request; IN_FLIGHT requests that had no
 *             answer when it came, itself among them)
 *   -R FILE   append each whole request as it came, and LF
 *   -r TEXT   refuse with 400 a batch in which an event contains TEXT
 *   -x STATUS refuse it with this status instead; 0: close the connection
 *   -s FILE   what to do with the requests, in the order in which they come
 *   -J POLLS  know what happened to the events (fake_jobs.h); the first POLLS
 *             questions are answered: not complete
 *   -S FILE   be a store of documents (fake_store.h); its changes go there
 *   -c PEM    speak TLS, with the certificate chain and the key in this file,
 *             however weak they are
 *   -C CA     want a certificate of the client's, signed by one of this file
 *   -V 1.0    speak at most this version of TLS (1.0, 1.1, 1.2)
 *
 * It serves 127.0.0.1 only, and ends on SIGTERM or SIGINT with status 0, or 1
 * when an "expect" of the script was not met.
 *
 * As receiver it does what rudder-server's gateway does with POST /v1/batch:
 * the key, then the body (gzip by Content-Encoding), JSON, every event an
 * object, every event with a userId or anonymousId that is not blank unless
 * its type is record or extract, at most 4,096,000 bytes; the batch is taken
 * whole or not at all; texts and statuses are the gateway's. GET /health
 * answers 200.
 *
 * A script has one line a request; # starts a comment. After its last line,
 * all other requests meet the receiver. A line is
 *
 *     [repeat N | always] [expect METHOD PATH] [delay MS] [store] FATE
 *
 * "store" takes the events as the receiver would, whatever the answer says.
 * FATE is one of
 *
 *     accept                 what the receiver says
 *     reply STATUS ["Name: value"]... [body "text"]
 *     raw "bytes"            these bytes, \r \n \t \" \\ \xHH understood
 *     flood N                200 with N header lines
 *     close                  close the connection (FIN), nothing said
 *     reset                  the same by RST
 *     hang                   never answer
 *
 * followed by any of
 *
 *     cut N                  close after N bytes of the answer
 *     short N                Content-Length is N bytes more than are sent
 *     drip MS                one byte of the answer each MS milliseconds
 *     close                  close after the answer, with keep-alive promised
 *
 * "early" behind close or reset does it after the header, before the body is
 * read. A storm is a line
 *
 *     dice SEED P: FATE... ; P: FATE... ; ...
 *
 * which decides all requests from then on by a seeded die: P is per cent, what
 * is left over meets the receiver.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/slice.h"
#include "core/tool.h"
#include "core/writer.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

#include "fake_jobs.h"
#include "fake_store.h"

enum {
	MAX_CONNS = 1024,
	MAX_HEADER = 64 * 1024,
	MAX_BODY = 4096000, /* after gunzip, as the gateway has it */
	MAX_WIRE = 64 * 1024 * 1024,
	FOREVER = -1,
};

/* ---- the script -------------------------------------------------------- */

enum fate { ACCEPT, REPLY, CLOSE, RESET, HANG };

struct plan {
	long times; /* FOREVER: all that come */
	char *method, *path;
	long delay_ms;
	bool store;
	enum fate fate;
	bool early;
	unsigned status;
	struct buf answer; /* REPLY: whole */
	long cut, drip_ms; /* -1: not asked for */
	bool close_after;
	unsigned percent; /* one side of a die */
};

struct script {
	struct plan *plan;
	size_t n, at;
	struct plan *side; /* of the die */
	size_t sides;
	uint64_t seed;
	bool dice;
};

/* Words of one line; a quoted word has its escapes undone. */
struct words {
	const char *file;
	size_t lineno;
	char *v[64];
	size_t len[64];
	size_t n, at;
};

static NO_RETURN void die(const char *what, const char *why)
{
	fprintf(stderr, "fake: %s: %s\n", what, why);
	exit(70);
}

static NO_RETURN void bad_script(const struct words *w, const char *why)
{
	fprintf(stderr, "fake: %s, line %zu: %s\n", w->file, w->lineno, why);
	exit(64);
}

static int hex(int c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static const char *quoted(const char *p, struct buf *b)
{
	static const char from[] = "rnt0", to[] = "\r\n\t";

	for (; *p && *p != '"'; p++) {
		const char *at;

		if (*p != '\\') {
			buf_char(b, *p);
		} else if (*++p == 'x' && p[1] && p[2]) {
			buf_char(b, (char)(hex(p[1]) * 16 + hex(p[2])));
			p += 2;
		} else {
			at = strchr(from, *p);
			buf_char(b, at ? to[at - from] : *p);
		}
	}
	return *p ? p + 1 : p;
}

static void split(struct words *w, const char *p)
{
	w->n = w->at = 0;
	for (;;) {
		struct buf b = {0};

		p += strspn(p, " \t\r\n");
		if (*p == '\0' || *p == '#' || w->n == COUNT_OF(w->v))
			return;
		if (*p == '"') {
			p = quoted(p + 1, &b);
		} else {
			size_t n = strcspn(p, " \t\r\n");

			buf_add(&b, p, n);
			p += n;
		}
		w->len[w->n] = b.n;
		w->v[w->n++] = mem_copy(b.p ? b.p : "", b.n);
		buf_clear(&b);
	}
}

static bool is(struct words *w, const char *word)
{
	if (w->at == w->n || strcmp(w->v[w->at], word) != 0)
		return false;
	w->at++;
	return true;
}

static char *word(struct words *w)
{
	if (w->at == w->n)
		bad_script(w, "a word is missing at the end");
	return w->v[w->at++];
}

static long number(struct words *w)
{
	uint64_t v;

	if (num_uint(slice_str(word(w)), &v) < 0)
		bad_script(w, "not a number");
	return (long)v;
}

static const char *phrase(unsigned status)
{
	return status < 300 ? "OK" : "No";
}

static void answer(struct buf *b, unsigned status, struct slice headers,
		   struct slice body, size_t more)
{
	buf_fmt(b,
		"HTTP/1.1 %u %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Length: %zu\r\n",
		status, phrase(status), body.n + more);
	buf_slice(b, headers);
	buf_str(b, "\r\n");
	buf_slice(b, body);
}

static void read_reply(struct words *w, struct plan *p)
{
	struct buf headers = {0};
	struct slice body = slice_str("");
	size_t more = 0;

	p->status = (unsigned)number(w);
	while (w->at < w->n && strchr(w->v[w->at], ':'))
		buf_fmt(&headers, "%s\r\n", word(w));
	if (is(w, "body")) {
		body.n = w->len[w->at];
		body.p = word(w);
	}
	if (is(w, "short"))
		more = (size_t)number(w);
	answer(&p->answer, p->status, buf_all(&headers), body, more);
	buf_clear(&headers);
}

static void read_flood(struct words *w, struct plan *p)
{
	struct buf headers = {0};
	long n = number(w);

	p->status = 200;
	for (long i = 0; i < n; i++)
		buf_fmt(&headers, "X-Flood-%ld: %ld\r\n", i, i);
	answer(&p->answer, 200, buf_all(&headers), slice_str("ok"), 0);
	buf_clear(&headers);
}

static void read_fate(struct words *w, struct plan *p)
{
	p->fate = REPLY;
	if (is(w, "reply")) {
		read_reply(w, p);
	} else if (is(w, "raw")) {
		size_t n = w->at < w->n ? w->len[w->at] : 0;

		buf_add(&p->answer, word(w), n);
	} else if (is(w, "flood")) {
		read_flood(w, p);
	} else if (is(w, "accept")) {
		p->fate = ACCEPT;
	} else if (is(w, "close")) {
		p->fate = CLOSE;
	} else if (is(w, "reset")) {
		p->fate = RESET;
	} else if (is(w, "hang")) {
		p->fate = HANG;
	} else {
		bad_script(w, "no such thing to do");
	}
	p->cut = p->drip_ms = -1;
	for (;;) {
		if (is(w, "early"))
			p->early = true;
		else if (is(w, "cut"))
			p->cut = number(w);
		else if (is(w, "drip"))
			p->drip_ms = number(w);
		else if (is(w, "close"))
			p->close_after = true;
		else
			return;
	}
}

static void read_request(struct words *w, struct plan *p)
{
	if (is(w, "expect")) {
		p->method = word(w);
		p->path = word(w);
	}
	if (is(w, "delay"))
		p->delay_ms = number(w);
	p->store = is(w, "store");
	read_fate(w, p);
}

static void read_dice(struct words *w, struct script *s)
{
	s->dice = true;
	s->seed = (uint64_t)number(w);
	while (w->at < w->n) {
		struct plan p = {.times = FOREVER};

		p.percent = (unsigned)strtoul(word(w), NULL, 10);
		read_request(w, &p);
		s->side = mem_resize(s->side, (s->sides + 1) * sizeof(p));
		s->side[s->sides++] = p;
		if (w->at < w->n && !is(w, ";"))
			bad_script(w, "wanted ';'");
	}
}

static void read_line(struct words *w, struct script *s)
{
	struct plan p = {.times = 1};

	if (w->n == 0)
		return;
	if (is(w, "dice")) {
		read_dice(w, s);
		return;
	}
	if (is(w, "repeat"))
		p.times = number(w);
	else if (is(w, "always"))
		p.times = FOREVER;
	read_request(w, &p);
	if (w->at < w->n)
		bad_script(w, "words too many");
	s->plan = mem_resize(s->plan, (s->n + 1) * sizeof(p));
	s->plan[s->n++] = p;
}

static void read_script(struct script *s, const char *path)
{
	struct words w = {.file = path};
	struct buf text = {0};
	struct err e;
	char *line;

	if (file_read(path, MAX_WIRE, &text, &e) < 0)
		die("script", e.text);
	line = buf_cstr(&text);
	while (*line) {
		size_t n = strcspn(line, "\n");
		bool last = line[n] == '\0';

		line[n] = '\0';
		w.lineno++;
		split(&w, line);
		read_line(&w, s);
		line += n + !last;
	}
	buf_clear(&text);
}

static uint64_t roll(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15; /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static const struct plan receive = {
	.times = FOREVER, .fate = ACCEPT, .cut = -1, .drip_ms = -1};

static const struct plan *next_plan(struct script *s)
{
	if (s->at < s->n) {
		struct plan *p = &s->plan[s->at];

		if (p->times != FOREVER && --p->times == 0)
			s->at++;
		return p;
	}
	if (s->dice) {
		unsigned r = (unsigned)(roll(&s->seed) % 100);

		for (size_t i = 0; i < s->sides; i++) {
			if (r < s->side[i].percent)
				return &s->side[i];
			r -= s->side[i].percent;
		}
	}
	return &receive;
}

/* ---- the receiver ------------------------------------------------------ */

struct server {
	struct script script;
	struct scan *scan;
	struct libdeflate_decompressor *inflate;
	struct buf plain; /* the body without gzip */
	struct buf lines; /* its events as lines */
	size_t n_events;  /* in it */
	struct buf auth;  /* wanted; empty: any */
	struct fake_jobs jobs;
	bool knows_jobs;
	struct fake_store documents;
	struct buf text; /* of a verdict */
	const char *poison;
	unsigned poisoned; /* status */
	int events_fd, log_fd, raw_fd;
	bool unmet;
	uint64_t started_ms;
	SSL_CTX *tls; /* NULL: unencrypted */
	const struct conn *conns;
};

struct verdict {
	unsigned status;
	const char *text;
};

static const char *space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* Behind the string that begins at p, or NULL. */
static const char *string_end(const char *p, const char *end)
{
	const char *q = p, *b;

	do {
		q = memchr(q + 1, '"', (size_t)(end - q) - 1);
		if (!q)
			return NULL;
		for (b = q; b[-1] == '\\'; b--)
			;
	} while ((q - b) % 2 != 0);
	return q + 1;
}

/* The end of the JSON value at p, without a check of it, or NULL. */
static const char *value_end(const char *p, const char *end)
{
	unsigned depth = 0;

	while (p < end) {
		switch (*p) {
		case '"':
			p = string_end(p, end);
			if (!p || depth == 0)
				return p;
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (depth == 0)
				return p;
			if (--depth == 0)
				return p + 1;
			break;
		case ',':
			if (depth == 0)
				return p;
			break;
		default:
			break;
		}
		p++;
	}
	return NULL;
}

static bool blank(const struct scan_member *m)
{
	struct slice v = m->value;

	if (m->kind == SCAN_NULL)
		return true;
	if (m->kind != SCAN_STRING)
		return false;
	v = json_inner(v);
	while (v.n > 0 && *v.p == ' ')
		v = slice_of(v.p + 1, v.n - 1);
	return v.n == 0;
}

static bool has_identity(struct server *s)
{
	static const char *const names[] = {"userId", "anonymousId"};
	size_t n;
	const struct scan_member *m = scan_members(s->scan, &n);
	int at = scan_find(s->scan, slice_str("type"));

	if (at >= 0 && (slice_is(m[at].value, "\"record\"") ||
			slice_is(m[at].value, "\"extract\"")))
		return true;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		at = scan_find(s->scan, slice_str(names[i]));
		if (at >= 0 && !blank(&m[at]))
			return true;
	}
	return false;
}

static struct verdict take_event(struct server *s, struct slice event)
{
	if (*event.p != '{')
		return (struct verdict){400,
					"event is not a valid rudder event"};
	if (scan_object(s->scan, event) < 0)
		return (struct verdict){400, "invalid json"};
	if (!has_identity(s))
		return (struct verdict){
			400, "request neither has anonymousId nor userId"};
	if (s->poison && memmem(event.p, event.n, s->poison, strlen(s->poison)))
		return (struct verdict){s->poisoned, "event is poisoned"};
	buf_slice(&s->lines, event);
	buf_char(&s->lines, '\n');
	s->n_events++;
	return (struct verdict){200, "ok"};
}

static struct verdict take_array(struct server *s, const char *p,
				 const char *end)
{
	struct verdict all = {200, "ok"}, one;

	for (;;) {
		const char *q;

		p = space(p, end);
		if (p < end && *p == ']')
			break;
		q = value_end(p, end);
		if (!q || q == p)
			return (struct verdict){400, "invalid json"};
		one = take_event(s, slice_of(p, (size_t)(q - p)));
		if (one.status != 200 && all.status == 200)
			all = one;
		p = space(q, end);
		if (p < end && *p == ',')
			p++;
		else if (p == end || *p != ']')
			return (struct verdict){400, "invalid json"};
	}
	if (all.status == 200 && s->n_events == 0)
		return (struct verdict){400, "empty batch payload"};
	return all;
}

/* {"batch":[...]} and whatever else the object has. */
static struct verdict take_batch(struct server *s, const char *p, size_t n)
{
	const char *end = p + n;

	p = space(p, end);
	if (p == end || *p++ != '{')
		return (struct verdict){400, "invalid json"};
	for (;;) {
		const char *name = p = space(p, end), *q = value_end(p, end);

		if (!q || q == p)
			return (struct verdict){400, "invalid json"};
		p = space(q, end);
		while (p < end && (*p == ':' || *p == ' '))
			p++;
		if (q - name == 7 && memcmp(name, "\"batch\"", 7) == 0) {
			if (p == end || *p != '[')
				return (struct verdict){400, "invalid json"};
			return take_array(s, p + 1, end);
		}
		q = value_end(p, end);
		if (!q)
			return (struct verdict){400, "invalid json"};
		p = space(q, end);
		if (p == end || *p++ != ',')
			return (struct verdict){400, "empty batch payload"};
	}
}

static bool gunzip(struct server *s, struct slice in)
{
	size_t n = MAX_BODY * 2;

	s->plain.n = 0;
	buf_room(&s->plain, n + READER_PAD);
	return libdeflate_gzip_decompress(s->inflate, in.p, in.n, s->plain.p, n,
					  &s->plain.n) == LIBDEFLATE_SUCCESS;
}

/* ---- connections ------------------------------------------------------- */

enum state { FREE, READING, WAITING, WRITING, HANGING };

struct conn {
	int fd;
	SSL *tls;
	enum state state;
	struct buf in;      /* header and body */
	size_t head, total; /* bytes of the header; of the whole request */
	const struct plan *plan;
	uint64_t due_ms;
	struct buf out;
	size_t put;
	size_t in_flight; /* when the request came */
	bool close_after, reset;
};

static struct slice header(const struct conn *c, const char *name)
{
	const char *at, *p = c->in.p, *end = p + c->head;
	size_t n = strlen(name);

	while ((at = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p = at + 1;
		if ((size_t)(end - p) <= n || strncasecmp(p, name, n) != 0 ||
		    p[n] != ':')
			continue;
		p += n + 1;
		while (*p == ' ')
			p++;
		at = memchr(p, '\r', (size_t)(end - p));
		return slice_of(p, at ? (size_t)(at - p) : 0);
	}
	return slice_str("");
}

/* Method and path of the request line, as C strings. */
static void request_line(const struct conn *c, char method[16], char path[256])
{
	if (sscanf(c->in.p, "%15s %255s", method, path) != 2)
		method[0] = path[0] = '\0';
}

static struct verdict judge(struct server *s, struct conn *c,
			    const char *method, const char *path)
{
	struct slice body = slice_of(c->in.p + c->head, c->total - c->head);
	struct verdict v;

	s->n_events = 0;
	s->lines.n = 0;
	if (strcmp(path, "/health") == 0)
		return (struct verdict){200, "ok"};
	if (s->knows_jobs &&
	    strncmp(path, "/internal/v2/job-status/", 24) == 0) {
		s->text.n = 0;
		v.status = fake_jobs_answer(&s->jobs, path, &s->text);
		v.text = buf_cstr(&s->text);
		return v;
	}
	if (s->documents.fd >= 0)
		return (struct verdict){fake_store_take(&s->documents, method,
							path, body, false),
					"{}"};
	if (strcmp(path, "/v1/batch") != 0)
		return (struct verdict){404, "404 page not found"};
	if (strcmp(method, "POST") != 0)
		return (struct verdict){405, "invalid http request method"};
	if (s->auth.n > 0 &&
	    !slice_eq(header(c, "Authorization"), buf_all(&s->auth)))
		return (struct verdict){401, "invalid write key"};
	if (slice_is(header(c, "Content-Encoding"), "gzip")) {
		if (!gunzip(s, body))
			return (struct verdict){
				500, "failed to read body from request"};
		body = buf_all(&s->plain);
	}
	if (body.n == 0)
		return (struct verdict){400, "request body is nil"};
	v = take_batch(s, body.p, body.n);
	if (v.status == 200 && body.n > MAX_BODY)
		v = (struct verdict){413, "request size exceeds max limit"};
	return v;
}

static void write_log(struct server *s, struct conn *c, const char *method,
		      const char *path, unsigned status, size_t stored)
{
	struct buf b = {0};
	struct err e;

	if (s->log_fd < 0)
		return;
	buf_fmt(&b, "%ju %s %s %zu %zu %u %zu %zu\n",
		(uintmax_t)(clock_mono_ms() - s->started_ms), method, path,
		s->n_events, c->total - c->head, status, stored, c->in_flight);
	if (writer_all(s->log_fd, b.p, b.n, &e) < 0)
		die("log", e.text);
	buf_clear(&b);
}

static void store(struct server *s)
{
	struct slice left = buf_all(&s->lines);
	struct err e;

	while (s->knows_jobs && left.n > 0) {
		size_t n = (size_t)((const char *)memchr(left.p, '\n', left.n) -
				    left.p);

		fake_jobs_take(&s->jobs, s->scan, slice_of(left.p, n));
		left = slice_of(left.p + n + 1, left.n - n - 1);
	}
	if (s->events_fd >= 0 &&
	    writer_all(s->events_fd, s->lines.p, s->lines.n, &e) < 0)
		die("events", e.text);
}

static void keep_raw(struct server *s, const struct conn *c)
{
	struct err e;

	if (s->raw_fd >= 0 &&
	    (writer_all(s->raw_fd, c->in.p, c->total, &e) < 0 ||
	     writer_all(s->raw_fd, "\n", 1, &e) < 0))
		die("raw", e.text);
}

/* The whole request is there and its delay is over. */
static void decide(struct server *s, struct conn *c)
{
	const struct plan *p = c->plan;
	char method[16], path[256];
	struct verdict v;
	bool stored;

	request_line(c, method, path);
	keep_raw(s, c);
	if (p->method &&
	    (strcmp(p->method, method) != 0 || strcmp(p->path, path) != 0)) {
		fprintf(stderr, "fake: wanted %s %s, got %s %s\n", p->method,
			p->path, method, path);
		s->unmet = true;
	}
	v = judge(s, c, method, path);
	stored = (v.status == 200 || v.status == 201) &&
		 (p->store || p->fate == ACCEPT);
	if (stored && s->documents.fd >= 0)
		fake_store_take(&s->documents, method, path,
				slice_of(c->in.p + c->head, c->total - c->head),
				true);
	else if (stored)
		store(s);
	c->state = WRITING;
	c->out.n = c->put = 0;
	c->close_after = p->close_after || p->cut >= 0 || p->fate == CLOSE ||
			 p->fate == RESET;
	c->reset = p->fate == RESET;
	if (p->fate == ACCEPT) {
		struct buf text = {0};

		buf_str(&text, v.text);
		if (v.status != 200)
			buf_char(&text, '\n');
		if (v.status > 0)
			answer(&c->out, v.status, slice_str(""), buf_all(&text),
			       0);
		c->close_after |= v.status == 0;
		buf_clear(&text);
	} else if (p->fate == REPLY) {
		buf_slice(&c->out, buf_all(&p->answer));
		c->close_after |= p->status == 0;
	} else if (p->fate == HANG) {
		c->state = HANGING;
	}
	if (p->cut >= 0 && (size_t)p->cut < c->out.n)
		c->out.n = (size_t)p->cut;
	write_log(s, c, method, path, p->fate == ACCEPT ? v.status : p->status,
		  stored ? s->n_events : 0);
}

static void hang_up(struct conn *c)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if (c->reset)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	SSL_free(c->tls);
	c->tls = NULL;
	close(c->fd);
	c->fd = -1;
	c->state = FREE;
	c->in.n = c->total = 0;
	if (c->in.size > 1024 * 1024)
		buf_clear(&c->in);
}

/* As read(2) and send(2), on a connection with or without TLS. */
static ssize_t tls_result(struct conn *c, int rc)
{
	switch (rc > 0 ? SSL_ERROR_NONE : SSL_get_error(c->tls, rc)) {
	case SSL_ERROR_NONE:
		return rc;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	default:
		errno = ECONNRESET;
		return -1;
	}
}

static ssize_t conn_read(struct conn *c, char *to, int n)
{
	if (c->tls)
		return tls_result(c, SSL_read(c->tls, to, n));
	return read(c->fd, to, (size_t)n);
}

static ssize_t conn_send(struct conn *c, const char *from, size_t n)
{
	if (c->tls)
		return tls_result(c, SSL_write(c->tls, from, (int)n));
	return send(c->fd, from, n, MSG_NOSIGNAL);
}

static size_t in_flight(const struct server *s)
{
	size_t n = 0;

	for (size_t i = 0; i < MAX_CONNS; i++)
		n += s->conns[i].state == WAITING;
	return n;
}

/* Takes the request that begins the input. */
static void parse(struct server *s, struct conn *c)
{
	const char *end;
	uint64_t n = 0;

	if (c->in.n > 0 && c->in.p[0] == 0x16) { /* TLS, as Go's server */
		static const char no[] = "HTTP/1.1 400 Bad Request\r\n"
					 "Connection: close\r\n\r\n"
					 "400 Bad Request";

		(void)!conn_send(c, no, sizeof(no) - 1);
		hang_up(c);
		return;
	}
	if (c->total == 0) {
		end = memmem(c->in.p, c->in.n, "\r\n\r\n", 4);
		if (!end) {
			if (c->in.n > MAX_HEADER)
				hang_up(c);
			return;
		}
		c->head = (size_t)(end - c->in.p) + 4;
		if (num_uint(header(c, "Content-Length"), &n) < 0)
			n = 0;
		if (n > MAX_WIRE) {
			hang_up(c);
			return;
		}
		c->total = c->head + n;
		buf_room(&c->in,
			 c->total - (c->in.n < c->total ? c->in.n : c->total) +
				 READER_PAD);
		c->plan = next_plan(&s->script);
		if (c->plan->early) {
			char method[16], path[256];

			request_line(c, method, path);
			s->n_events = 0;
			write_log(s, c, method, path, 0, 0);
			c->reset = c->plan->fate == RESET;
			hang_up(c);
			return;
		}
	}
	if (c->in.n < c->total)
		return;
	c->state = WAITING;
	c->in_flight = in_flight(s);
	c->due_ms = clock_mono_ms() + (uint64_t)c->plan->delay_ms;
}

static void receive_some(struct server *s, struct conn *c)
{
	ssize_t got = conn_read(c, buf_room(&c->in, 256 * 1024 + READER_PAD),
				256 * 1024);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got < 0 && c->tls) { /* closing now could lose our alert */
		SSL_free(c->tls);
		c->tls = NULL;
		shutdown(c->fd, SHUT_WR);
		c->state = HANGING;
		return;
	}
	if (got <= 0) {
		c->reset = false;
		hang_up(c);
		return;
	}
	c->in.n += (size_t)got;
	if (c->state == READING)
		parse(s, c);
	if (c->tls && SSL_pending(c->tls) > 0) /* poll cannot see it */
		receive_some(s, c);
}

/* The next request of the connection may be there already. */
static void answered(struct server *s, struct conn *c)
{
	if (c->close_after) {
		hang_up(c);
		return;
	}
	if (c->in.n > c->total)
		memmove(c->in.p, c->in.p + c->total, c->in.n - c->total);
	c->in.n -= c->total;
	c->total = 0;
	c->state = READING;
	if (c->in.n > 0)
		parse(s, c);
}

static void send_some(struct server *s, struct conn *c)
{
	size_t n = c->out.n - c->put;
	ssize_t put = 0;

	if (c->plan->drip_ms >= 0 && n > 1)
		n = 1;
	if (n > 0)
		put = conn_send(c, c->out.p + c->put, n);
	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (put < 0) {
		hang_up(c);
		return;
	}
	c->put += (size_t)put;
	if (c->put == c->out.n)
		answered(s, c);
	else if (c->plan->drip_ms >= 0)
		c->due_ms = clock_mono_ms() + (uint64_t)c->plan->drip_ms;
}

static void advance(struct server *s, struct conn *c, uint64_t now)
{
	while (c->state == WAITING && c->due_ms <= now) {
		decide(s, c);
		if (c->state == WRITING)
			send_some(s, c);
	}
	if (c->state == WRITING && c->due_ms <= now)
		send_some(s, c);
}

static void accept_all(struct server *s, int listener, struct conn *conns)
{
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct conn *c = conns;

		while (c < conns + MAX_CONNS && c->state != FREE)
			c++;
		if (c == conns + MAX_CONNS) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		c->fd = fd;
		c->state = READING;
		c->reset = false;
		if (s->tls) {
			c->tls = SSL_new(s->tls);
			SSL_set_fd(c->tls, fd);
			SSL_set_accept_state(c->tls);
		}
	}
}

/* What to wait for, and at most how long. */
static short wanted(const struct conn *c, uint64_t now, int *wait_ms)
{
	bool timed = c->state == WAITING ||
		     (c->state == WRITING && c->plan->drip_ms >= 0);

	if (timed) {
		uint64_t ms = c->due_ms > now ? c->due_ms - now : 0;

		if (ms < (uint64_t)*wait_ms)
			*wait_ms = (int)ms;
	}
	if (c->state == WRITING && !timed)
		return POLLOUT;
	return c->state == READING || c->state == HANGING ? POLLIN : 0;
}

static void serve(struct server *s, int listener, int signals, uint64_t ends_ms)
{
	static struct conn conns[MAX_CONNS];
	static struct pollfd fds[MAX_CONNS + 2];

	s->conns = conns;
	for (uint64_t now = clock_mono_ms(); now < ends_ms;
	     now = clock_mono_ms()) {
		int wait_ms = 200;
		nfds_t n = 2;

		fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
		fds[1] = (struct pollfd){.fd = signals, .events = POLLIN};
		for (size_t i = 0; i < MAX_CONNS; i++) {
			fds[i + 2] = (struct pollfd){.fd = -1};
			if (conns[i].state == FREE)
				continue;
			fds[i + 2].fd = conns[i].fd;
			fds[i + 2].events = wanted(&conns[i], now, &wait_ms);
			n = i + 3;
		}
		if (poll(fds, n, wait_ms) < 0 && errno != EINTR)
			die("poll", strerror(errno));
		if (fds[1].revents)
			return;
		now = clock_mono_ms();
		for (size_t i = 0; i + 2 < n; i++) {
			struct conn *c = &conns[i];

			if (c->state == FREE)
				continue;
			if (fds[i + 2].revents & (POLLIN | POLLHUP | POLLERR))
				receive_some(s, c);
			if (c->state == WRITING && fds[i + 2].revents & POLLOUT)
				send_some(s, c);
			if (c->state != FREE)
				advance(s, c, now);
		}
		if (fds[0].revents)
			accept_all(s, listener, conns);
	}
}

/* ---- the process ------------------------------------------------------- */

static int listen_on(uint16_t port, const char *port_file)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t n = sizeof(at);
	struct file_new f = {0};
	struct buf b = {0};
	struct err e;
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(fd, 1024) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		die("listen", strerror(errno));
	if (port_file) {
		buf_fmt(&b, "%u\n", ntohs(at.sin_port));
		if (file_begin(&f, port_file, &e) < 0 ||
		    writer_all(f.fd, b.p, b.n, &e) < 0 ||
		    file_commit(&f, &e) < 0)
			die("port file", e.text);
		buf_clear(&b);
	}
	return fd;
}

static int append_to(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		die(path, strerror(errno));
	return fd;
}

static void read_key(struct server *s, const char *path)
{
	struct buf b = {0};
	struct err e;

	if (file_read(path, 4096, &b, &e) < 0)
		die("key", e.text);
	while (b.n > 0 && b.p[b.n - 1] == '\n')
		b.n--;
	buf_char(&b, ':');
	buf_str(&s->auth, "Basic ");
	buf_base64(&s->auth, b.p, b.n);
	buf_clear(&b);
}

static SSL_CTX *read_pem(const char *path)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_security_level(tls, 0);
	SSL_CTX_set_min_proto_version(tls, TLS1_VERSION);
	if (SSL_CTX_set_cipher_list(tls, "ALL:@SECLEVEL=0") != 1 ||
	    SSL_CTX_use_certificate_chain_file(tls, path) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, path, SSL_FILETYPE_PEM) != 1)
		die(path, "no certificate and key");
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return tls;
}

static void want_client(SSL_CTX *tls, const char *path)
{
	if (!tls || SSL_CTX_load_verify_locations(tls, path, NULL) != 1)
		die(path, "no certificates, or no -c before -C");
	SSL_CTX_set_verify(
		tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

static void at_most(SSL_CTX *tls, const char *version)
{
	int minor = version[0] && version[1] == '.' ? version[2] - '0' : -1;

	if (!tls || minor < 0 || minor > 2)
		die(version, "1.0, 1.1 or 1.2 wanted, behind -c");
	SSL_CTX_set_max_proto_version(tls, TLS1_VERSION + minor);
}

static long option(const char *text)
{
	uint64_t v;

	if (num_uint(slice_str(text), &v) < 0)
		die(text, "not a number");
	return (long)v;
}

int main(int argc, char **argv)
{
	struct server s = {
		.events_fd = -1,
		.documents = {.fd = -1},
		.log_fd = -1,
		.raw_fd = -1,
		.poisoned = 400,
	};
	const char *port_file = NULL;
	long port = 0, seconds = 600;
	sigset_t set;
	int c;

	tool_start("fake");
	while ((c = getopt(argc, argv, "p:P:t:k:o:l:r:x:R:s:S:J:c:C:V:")) !=
	       -1) {
		switch (c) {
		case 'p':
			port_file = optarg;
			break;
		case 'P':
			port = option(optarg);
			break;
		case 't':
			seconds = option(optarg);
			break;
		case 'k':
			read_key(&s, optarg);
			break;
		case 'o':
			s.events_fd = append_to(optarg);
			break;
		case 'S':
			s.documents.fd = append_to(optarg);
			break;
		case 'l':
			s.log_fd = append_to(optarg);
			break;
		case 'R':
			s.raw_fd = append_to(optarg);
			break;
		case 'r':
			s.poison = optarg;
			break;
		case 'x':
			s.poisoned = (unsigned)option(optarg);
			break;
		case 's':
			read_script(&s.script, optarg);
			break;
		case 'J':
			s.knows_jobs = true;
			s.jobs.polls = option(optarg);
			break;
		case 'c':
			s.tls = read_pem(optarg);
			break;
		case 'C':
			want_client(s.tls, optarg);
			break;
		case 'V':
			at_most(s.tls, optarg);
			break;
		default:
			return 64;
		}
	}
	s.scan = scan_new();
	s.inflate = libdeflate_alloc_decompressor();
	s.started_ms = clock_mono_ms();
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	serve(&s, listen_on((uint16_t)port, port_file),
	      signalfd(-1, &set, SFD_CLOEXEC),
	      s.started_ms + (uint64_t)seconds * 1000);
	_exit(s.unmet); /* the kernel frees all */
}
