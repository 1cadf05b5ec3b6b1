/* source_trino.c - Trino over its REST protocol.
 *
 * A statement is posted, and its result comes as pages, each with the address
 * of the next one. A page is taken only when all of it is there, so that it
 * can be asked for again when the connection was lost. The result is complete
 * when a page without error names no next one. Signals wait until the query
 * on the server is cancelled.
 *
 * Source: trino.io/docs/current/develop/client-protocol.html, read 2026-11-23.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/linux.h"
#include "core/mem.h"
#include "core/reader.h"
#include "query/fetch.h"
#include "query/part.h"
#include "query/source.h"
#include "query/timestamp.h"
#include "query/trino/trpage.h"
#include "query/trino/trtype.h"
#include "query/trino/trvalue.h"
#include "wire/json/json.h"
#include "wire/stream/input.h"

#ifdef WITH_CURL
#define PAGE_MAX ((size_t)256 * 1024 * 1024)

enum {
	PLAIN_PORT = 8080,
	TLS_PORT = 443,
	HEADERS = 12,
	AGAIN = 12,     /* tries of a request */
	AGAIN_LOST = 3, /* where the connection is lost */
	AGAIN_MS = 100, /* before the second, then twice as long */
	AGAIN_MOST_MS = 5000,
	CANCEL_MS = 3000,
	PATIENCE_MS = 60000,
};

struct trino {
	const struct source_job *job;
	struct rows *rows;
	struct url url;
	struct buf origin, password, sql, prepared;
	struct buf header[HEADERS];
	size_t headers;
	struct fetch *fetch;
	struct fetch_options options;
	struct trpage page;
	struct buf next; /* address of the next page; empty: that was all */
	struct trtype **type; /* of n columns, once they are known */
	struct rows_column *head;
	struct buf *name;
	size_t n;
	struct trvalue_work work;
};

/* ---- errors ------------------------------------------------------------ */

static int no_page(unsigned status, struct err *e)
{
	if (status == 431)
		return err_set(e, ERR_CONFIG,
			       "Trino does not accept a header as long as this "
			       "model with its parameters: shorten the model, "
			       "or raise http-server.max-request-header-size");
	return err_set(
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

/* Trino reports a statement with parameters that does not parse in one line of
 * text.
 */
static int not_understood(struct slice said, struct err *e)
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

static int add_header(struct trino *t, const char *name, const char *value,
		      struct err *e)
{
	struct buf *b = &t->header[t->headers];

	if (!value)
		return 0;
	for (const char *c = value; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(
				e, ERR_USAGE,
				"source: a control character in the URL");
	}
	buf_fmt(b, "%s: %s", name, value);
	t->headers++;
	return 0;
}

static int send_once(struct trino *t, const char *url, struct slice body,
		     struct err *e)
{
	const char *lines[HEADERS + 2] = {0};
	size_t n = 0;

	for (; n < t->headers; n++)
		lines[n] = buf_cstr(&t->header[n]);
	if (body.p && t->prepared.n > 0)
		lines[n] = buf_cstr(&t->prepared);
	if (fetch_start(t->fetch, "GET", url, lines, body, e) < 0)
		return -1;
	return fetch_all(t->fetch, PAGE_MAX, e);
}

static bool is_busy(unsigned status)
{
	return status == 429 || (status >= 502 && status <= 504);
}

/* A whole reply with status 200. A page that did not come, or a server that is
 * busy, is asked again.
 */
static int send_request(struct trino *t, const char *url, struct slice body,
			struct err *e)
{
	uint64_t ms = AGAIN_MS;

	for (unsigned i = 1;; i++) {
		bool again;

		if (send_once(t, url, body, e) < 0) {
			again = e->kind == ERR_REFUSED && !body.p &&
				i < AGAIN_LOST;
			if (!again)
				return -1;
		} else if (fetch_status(t->fetch) == 200) {
			return 0;
		} else {
			if (fetch_status(t->fetch) == 400)
				return not_understood(fetch_data(t->fetch), e);
			(void)no_page(fetch_status(t->fetch), e);
			again = is_busy(fetch_status(t->fetch)) && i < AGAIN;
			if (!again)
				return -1;
		}
		*e = (struct err){0};
		if (fetch_pause(t->fetch, ms, e) < 0)
			return -1;
		ms = 2 * ms < AGAIN_MOST_MS ? 2 * ms : AGAIN_MOST_MS;
	}
}

/* Whether the address is on the server that we asked, so that the password
 * goes nowhere else.
 */
static bool is_ours(const struct trino *t, struct slice url)
{
	struct slice o = buf_all(&t->origin);
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
		o.n -= n; /* the port may be left out */
	}
	return false;
}

static int take_next(struct trino *t, struct slice url, struct err *e)
{
	t->next.n = 0;
	json_decode(&t->next, url);
	if (t->next.n == 0 || is_ours(t, buf_all(&t->next)))
		return 0;
	t->next.n = 0;
	return err_set(
		e, ERR_PROTOCOL,
		"Trino redirects to a different server than '%s' for its rows; "
		"behind a proxy set http-server.process-forwarded=true",
		buf_cstr(&t->origin));
}

/* Takes the page apart that has come. */
static int read_page(struct trino *t, struct err *e)
{
	if (trpage_read(&t->page, fetch_data(t->fetch), e) < 0 ||
	    take_next(t, t->page.next, e) < 0)
		return -1;
	return t->page.error.p ? trpage_failed(&t->page, e) : 0;
}

static int fetch_page(struct trino *t, struct err *e)
{
	if (send_request(t, buf_cstr(&t->next), slice_of(NULL, 0), e) < 0)
		return -1;
	return read_page(t, e);
}

/* Puts 'text' where SQL wants a string. */
static void put_string(struct buf *b, struct slice s)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_char(b, '\'');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '\'');
}

/* Posts t->sql. Made of a model with parameters, it is prepared, by a header,
 * and executed with their values; m is NULL where there is no model in it.
 */
static int start(struct trino *t, const struct model *m, struct err *e)
{
	struct buf url = {0}, execute = {0};
	struct slice body = buf_all(&t->sql);
	int rc;

	t->prepared.n = 0;
	if (m && m->base_uses > 0) {
		buf_str(&t->prepared, "X-Trino-Prepared-Statement: rudder=");
		fetch_escape(&t->prepared, body);
		buf_str(&execute, "EXECUTE rudder USING ");
		for (size_t i = 0; i < m->base_uses; i++) {
			buf_str(&execute, i > 0 ? ", " : "");
			put_string(&execute,
				   slice_str(m->param[m->use[i].param].value));
		}
		body = buf_all(&execute);
	}
	buf_slice(&url, buf_all(&t->origin));
	buf_str(&url, "/v1/statement");
	rc = send_request(t, buf_cstr(&url), body, e);
	if (rc == 0)
		rc = read_page(t, e);
	buf_clear(&url);
	buf_clear(&execute);
	return rc;
}

/* Nobody wants the rest: says so, in a short time of its own. */
static void cancel(struct trino *t)
{
	struct fetch_options o = t->options;
	const char *lines[HEADERS + 1] = {0};
	struct err ignored = {0};
	struct fetch *f;

	if (t->next.n == 0)
		return;
	o.rows = NULL;
	o.quit = -1;
	o.timeout_ms = CANCEL_MS;
	for (size_t i = 0; i < t->headers; i++)
		lines[i] = buf_cstr(&t->header[i]);
	f = fetch_new(&o);
	if (fetch_start(f, "DELETE", buf_cstr(&t->next), lines,
			slice_of(NULL, 0), &ignored) == 0)
		(void)!fetch_all(f, PAGE_MAX, &ignored);
	fetch_free(f);
	t->next.n = 0;
}

static int add_headers(struct trino *t, struct err *e)
{
	const char *user = t->url.user ? t->url.user : getenv("TRINO_USER");
	char *catalog = t->url.path;
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
		 (uintmax_t)t->job->timeout_ms);
	t->options.user = t->password.n > 0 ? user : NULL;
	t->options.password = buf_cstr(&t->password);
	if (add_header(t, "X-Trino-User", user, e) < 0 ||
	    add_header(t, "X-Trino-Source", "rudder-query", e) < 0 ||
	    add_header(t, "X-Trino-Time-Zone", url_option(&t->url, "timezone"),
		       e) < 0 ||
	    add_header(t, "X-Trino-Client-Capabilities", "PARAMETRIC_DATETIME",
		       e) < 0 ||
	    add_header(t, "Content-Type", "text/plain; charset=utf-8", e) < 0 ||
	    add_header(t, "X-Trino-Catalog",
		       catalog && *catalog ? catalog : NULL, e) < 0 ||
	    add_header(t, "X-Trino-Schema", schema && *schema ? schema : NULL,
		       e) < 0)
		return -1;
	return t->job->timeout_ms > 0
		       ? add_header(t, "X-Trino-Session", limit, e)
		       : 0;
}

static int connect_to(struct trino *t, struct err *e)
{
	static const char *const known[] = {"tls", "tls-ca", "password-file",
					    "timezone", NULL};

	if (url_parse(&t->url, t->job->url, known, e) < 0 ||
	    fetch_origin(&t->origin, &t->url,
			 strncmp(t->job->url, "trinos:", 7) == 0, PLAIN_PORT,
			 TLS_PORT, e) < 0 ||
	    fetch_password(&t->password, &t->url, "TRINO_PASSWORD", e) < 0 ||
	    add_headers(t, e) < 0)
		return -1;
	t->options.ca_file = url_option(&t->url, "tls-ca");
	t->options.rows = t->rows;
	t->options.timeout_ms = t->job->timeout_ms;
	t->fetch = fetch_new(&t->options);
	fetch_patience(t->fetch, PATIENCE_MS); /* it answers also when busy */
	return 0;
}

/* ---- columns ----------------------------------------------------------- */

static void forget_columns(struct trino *t)
{
	for (size_t i = 0; i < t->n; i++) {
		trtype_free(t->type[i]);
		buf_clear(&t->name[i]);
	}
	free(t->type);
	free(t->name);
	free(t->head);
	t->type = NULL;
	t->name = NULL;
	t->head = NULL;
	t->n = 0;
}

/* The name, a NUL byte, the type in Trino's words, a NUL byte. */
static int read_column(struct trino *t, struct slice part, struct err *e)
{
	struct buf type = {0}, *name;
	int rc;

	t->name = mem_resize(t->name, (t->n + 1) * sizeof(*t->name));
	t->type = mem_resize(t->type, (t->n + 1) * sizeof(struct trtype *));
	name = &t->name[t->n];
	*name = (struct buf){0};
	rc = trpage_column(&t->page, part, name, &type, e);
	t->type[t->n++] = trtype_parse(buf_all(&type));
	if (rc == 0 && memchr(name->p, '\0', name->n))
		rc = err_set(e, ERR_CONFIG,
			     "the name of column %zu has a NUL byte", t->n);
	buf_char(name, '\0');
	buf_slice(name, buf_all(&type));
	buf_char(name, '\0');
	buf_clear(&type);
	return rc;
}

/* A type that is not what its words say in the order of its values. */
static bool is_unordered(const char *native)
{
	return strcmp(native, "uuid") == 0 || strcmp(native, "ipaddress") == 0;
}

static int read_columns(struct trino *t, struct err *e)
{
	const char *p = t->page.columns.p;

	for (bool more = trpage_first(&p); more; more = trpage_next(&p)) {
		const char *from = p;

		p = trvalue_end(p);
		if (read_column(t, slice_of(from, (size_t)(p - from)), e) < 0)
			return -1;
	}
	t->head = mem_zero((t->n + 1) * sizeof(*t->head));
	for (size_t i = 0; i < t->n; i++) {
		const char *name = t->name[i].p;
		const char *native = name + strlen(name) + 1;

		t->head[i] = (struct rows_column){
			.name = name,
			.native = native,
			.type = trtype_word(t->type[i]),
			.unordered = is_unordered(native),
		};
	}
	return 0;
}

/* ---- rows -------------------------------------------------------------- */

/* The row at *p, which is moved behind it. */
static int put_row(struct trino *t, const char **p, struct err *e)
{
	struct rows *r = t->rows;
	struct buf *b = rows_buf(r);
	const char *at = *p;
	bool more;

	if (*at != '[')
		return err_set(e, ERR_PROTOCOL, "Trino sent an invalid row");
	more = trpage_first(&at);
	for (size_t i = 0; i < t->n; i++, more = trpage_next(&at)) {
		if (!more)
			return err_set(e, ERR_PROTOCOL,
				       "Trino sent a row with too few values");
		rows_name(r, b, i);
		if (trvalue_put(b, t->type[i], &at, &t->work) < 0) {
			*p = trvalue_end(*p);
			return rows_reject(r, (int)i, 0, t->work.why,
					   slice_of(NULL, 0), e);
		}
	}
	if (more)
		return err_set(e, ERR_PROTOCOL,
			       "Trino sent a row with too many values");
	*p = at + 1;
	return rows_put(r, e);
}

/* 1 to go on, 0 when no more rows are wanted, -1. */
static int put_rows(struct trino *t, struct err *e)
{
	const char *p = t->page.data.p;

	if (!p)
		return 1;
	for (bool more = trpage_first(&p); more; more = trpage_next(&p)) {
		if (rows_full(t->rows)) {
			t->rows->partial = true;
			return 0;
		}
		if (put_row(t, &p, e) < 0)
			return -1;
	}
	return 1;
}

/* ---- the statement ----------------------------------------------------- */

/* Runs t->sql up to the page that names the columns; 1 then, 0 when it ended
 * before, -1.
 */
static int run_to_columns(struct trino *t, struct err *e)
{
	if (start(t, t->job->model, e) < 0)
		return -1;
	while (!t->page.columns.p) {
		if (t->next.n == 0)
			return 0;
		if (fetch_page(t, e) < 0)
			return -1;
	}
	return read_columns(t, e) < 0 ? -1 : 1;
}

/* The columns of the model, of which no row is computed. */
static int describe(struct trino *t, struct err *e)
{
	int rc;

	t->sql.n = 0;
	buf_str(&t->sql, "SELECT * FROM (");
	buf_slice(&t->sql, buf_all(&t->job->model->base));
	buf_str(&t->sql, "\n) AS rudder_model LIMIT 0");
	rc = run_to_columns(t, e);
	cancel(t);
	return rc < 0 ? -1 : 0;
}

/* The value of the cursor as one of its column's type. */
static void put_since(struct trino *t, size_t i, const char *since)
{
	struct slice s = slice_str(since);
	struct buf text = {0};
	const char *word = t->head[i].type;
	bool stamp = strcmp(word, "datetime") == 0;

	if (strcmp(word, "date") == 0 && timestamp_blank(&text, s) == 0)
		text.n = 10;
	else if (!stamp || timestamp_blank(&text, s) < 0)
		text.n = 0, buf_slice(&text, s);
	else if (t->type[i]->kind == TRTYPE_ZONED_STAMP)
		buf_str(&text, " UTC");
	buf_str(&t->sql, "CAST(");
	put_string(&t->sql, buf_all(&text));
	buf_fmt(&t->sql, " AS %s)", t->head[i].native);
	buf_clear(&text);
}

static const struct model_sql sql;

static void put_model(struct trino *t)
{
	const struct model *m = t->job->model;
	struct slice name = slice_str(m->cursor);
	struct buf *b = &t->sql;

	b->n = 0;
	if (!m->cursor) {
		buf_slice(b, buf_all(&m->base));
		return;
	}
	buf_str(b, "SELECT * FROM (");
	buf_slice(b, buf_all(&m->base));
	buf_str(b, "\n) AS rudder_model");
	for (size_t i = 0; m->since && i < t->n; i++) {
		if (strcmp(t->head[i].name, m->cursor) != 0)
			continue;
		buf_str(b, " WHERE ");
		model_quote(b, &sql, name);
		buf_str(b, " >= ");
		put_since(t, i, m->since);
		buf_str(b, " OR ");
		model_quote(b, &sql, name);
		buf_str(b, " IS NULL");
		if (strcmp(t->head[i].type, "float") == 0) {
			buf_str(b, " OR is_nan("); /* above nothing */
			model_quote(b, &sql, name);
			buf_char(b, ')');
		}
	}
	buf_str(b, " ORDER BY ");
	model_quote(b, &sql, name);
}

/* The first value that sql gives, as text for a step of --check. */
static int say_step(struct trino *t, enum rows_steps step, const char *before,
		    const char *statement, const char *behind_it, struct err *e)
{
	char text[200];
	const char *p, *end;

	t->sql.n = 0;
	buf_str(&t->sql, statement);
	if (start(t, NULL, e) < 0)
		return -1;
	while (!t->page.data.p && t->next.n > 0) {
		if (fetch_page(t, e) < 0)
			return -1;
	}
	p = t->page.data.p ? trvalue_skip(trvalue_skip(t->page.data.p + 1) + 1)
			   : "";
	end = *p == '"' ? trvalue_end(p++) - 1 : p + strcspn(p, ",] ");
	snprintf(text, sizeof(text), "%s%.*s%s", before, (int)(end - p), p,
		 behind_it);
	cancel(t);
	return rows_step(t->rows, step, text, e);
}

static int say_steps(struct trino *t, struct err *e)
{
	bool catalog = t->url.path && *t->url.path;

	if (!t->rows->check)
		return 0;
	if (say_step(t, ROWS_CONNECTION, "Trino ", "SELECT version()", "", e) <
	    0)
		return -1;
	if (!catalog)
		return say_step(t, ROWS_LISTING, "",
				"SELECT count(*) FROM system.metadata.catalogs",
				" readable catalogs", e);
	return say_step(t, ROWS_LISTING, "",
			"SELECT count(*) FROM information_schema.tables WHERE "
			"table_schema <> 'information_schema'",
			" readable tables", e);
}

static int fetch_rows(struct trino *t, struct err *e)
{
	int rc = run_to_columns(t, e);

	if (rc < 0)
		return model_blame(t->job->model, e);
	if (rc == 0)
		return err_set(e, ERR_PROTOCOL,
			       "Trino ended the result without columns");
	rc = rows_begin(t->rows, t->head, t->n, e);
	while (rc > 0) {
		rc = put_rows(t, e);
		if (rc <= 0 || t->next.n == 0)
			break;
		rc = fetch_page(t, e) < 0 ? -1 : 1;
	}
	return rc < 0 ? -1 : 0;
}

static int run_model(struct trino *t, struct err *e)
{
	bool dry = t->rows->list || t->rows->check;

	if (connect_to(t, e) < 0 || say_steps(t, e) < 0)
		return -1;
	if ((dry || t->job->model->cursor) && describe(t, e) < 0)
		return model_blame(t->job->model, e);
	if (dry)
		return rows_begin(t->rows, t->head, t->n, e) < 0 ? -1 : 0;
	if (rows_cursor_check(t->rows, t->head, t->n, e) < 0)
		return -1;
	put_model(t);
	forget_columns(t);
	return fetch_rows(t, e);
}

static void clear(struct trino *t)
{
	forget_columns(t);
	fetch_free(t->fetch);
	url_clear(&t->url);
	buf_clear(&t->origin);
	buf_clear(&t->password);
	buf_clear(&t->sql);
	buf_clear(&t->prepared);
	for (size_t i = 0; i < t->headers; i++)
		buf_clear(&t->header[i]);
	buf_clear(&t->next);
	trpage_clear(&t->page);
	scan_free(t->work.scan);
	buf_clear(&t->work.plain);
	buf_clear(&t->work.scratch);
}

/* Those of the signals that would end us, SIGPIPE too. */
static void hold_signals(sigset_t *quit, sigset_t *was)
{
	static const int all[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction a;
	sigset_t held;

	sigemptyset(quit);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (sigaction(all[i], NULL, &a) == 0 && a.sa_handler != SIG_IGN)
			sigaddset(quit, all[i]);
	}
	held = *quit;
	sigaddset(&held, SIGPIPE);
	sigprocmask(SIG_BLOCK, &held, was);
}

static int trino_run(const struct source_job *job, struct rows *rows,
		     struct err *e)
{
	struct trino t = {.job = job, .rows = rows};
	sigset_t quit, was;
	int rc;

	t.work.scan = scan_new();
	hold_signals(&quit, &was);
	t.options.quit = linux_signals(&quit);
	writer_quit(rows->w, t.options.quit);
	rc = run_model(&t, e);
	cancel(&t);
	clear(&t);
	writer_quit(rows->w, -1);
	if (t.options.quit >= 0)
		close(t.options.quit);
	sigprocmask(SIG_SETMASK, &was, NULL); /* may end us */
	return rc;
}

#define RUN   trino_run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libcurl4-openssl-dev"
#endif

static const struct part_sql parting = {
	.before = "from_base(substr(to_hex(md5(to_utf8(",
	.cast = "CAST(",
	.as = " AS varchar)",
	.between = " || ':' || ",
	.behind = "))), 1, 8), 16) % ",
};

static const struct model_sql sql = {
	.quote = '"',
	.part = &parting,
	.param = '?',
	.own_cursor = true,
};

extern const struct source source_trino;
static const char tables[] =
	"SELECT table_schema || '.' || table_name AS name,"
	" CASE table_type WHEN 'BASE TABLE' THEN 'table' ELSE "
	"lower(table_type) END"
	" AS kind, CAST(NULL AS bigint) AS rows FROM information_schema.tables"
	" WHERE table_schema <> 'information_schema' ORDER BY 1";

const struct source source_trino = {
	.scheme = {"trino", "trinos"},
	.help = "//[user@]host[:port]/[catalog[/schema]]",
	.tables = tables,
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.library = "curl",
	.run = RUN,
};
