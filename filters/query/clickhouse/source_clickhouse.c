/* source_clickhouse.c - ClickHouse over HTTP, as tab-separated values.
 *
 * TabSeparated keeps every value exact without settings and strings byte for
 * byte (the JSON formats with metadata replace invalid UTF-8 by U+FFFD), and is
 * the text format that the server writes fastest. Its weakness is the end of
 * the reply: an error amid the rows arrives as text after them, with status
 * 200. So each row ends with a column of a random token, and the extremes are
 * requested. The server writes these two rows only after all others, and no
 * text of an error can look like them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "query/clickhouse/cherror.h"
#include "query/clickhouse/chrows.h"
#include "query/clickhouse/chselect.h"
#include "query/fetch.h"
#include "query/http_url.h"
#include "query/model_blame.h"
#include "query/part.h"
#include "query/source.h"

#ifdef WITH_CURL
enum {
	PLAIN_PORT = 8123,
	TLS_PORT = 8443,
	SMALL_BYTES = 4 * 1024 * 1024, /* limit of a reply other than rows */
	ERROR_BYTES = 64 * 1024,       /* limit of the text of an error */
	PATIENCE_MS = 60000, /* wait for replies before the model runs */
};

/* Settings to request from servers that know them. */
static const char *const optional_settings[] = {
	"cancel_http_readonly_queries_on_client_close=1",
	"http_write_exception_in_output_format=0",
	"output_format_tsv_crlf_end_of_line=0",
	"format_tsv_null_representation=%5CN",
	"bool_true_representation=true",
	"bool_false_representation=false",
	"date_time_output_format=simple",
	"output_format_pretty_color=0",
	"print_pretty_type_names=0",
	/* if a user's profile sets them, these change values */
	"interval_output_format=numeric",
	"output_format_float_precision=0",
	"output_format_trim_fixed_string=0",
	"output_format_always_write_decimal_point_in_float_and_decimal=0",
	"output_format_json_quote_64bit_floats=0",
	"output_format_json_quote_decimals=0",
	"type_json_skip_null_typed_paths=0",
	/* likewise, these leave out rows */
	"read_overflow_mode_leaf=throw",
	"timeout_overflow_mode_leaf=throw",
	"limit=0",
	"offset=0",
};

/* Without these settings a reply may lack rows and look complete. The last one
 * keeps the numbers of the type JSON.
 */
static const char required_settings[] =
	"&extremes=1&timeout_overflow_mode=throw&read_overflow_mode=throw"
	"&result_overflow_mode=throw&group_by_overflow_mode=throw"
	"&sort_overflow_mode=throw&distinct_overflow_mode=throw"
	"&set_overflow_mode=throw&join_overflow_mode=throw"
	"&transfer_overflow_mode=throw&skip_unavailable_shards=0"
	"&input_format_allow_errors_num=0&input_format_allow_errors_ratio=0"
	"&output_format_json_quote_64bit_integers=0";

struct ch {
	const struct source_job *job;
	struct rows *rows;
	struct url url;
	struct buf origin, password, request, sql;
	struct fetch *fetch;
	unsigned refused; /* bit set of optional settings that the server does
			     not know */
	struct chrows got;
};

/* Sets *e to the error in the reply. */
static int failed(struct ch *c, struct err *e)
{
	unsigned status = fetch_status(c->fetch), code;
	struct slice said;

	if (fetch_all(c->fetch, SMALL_BYTES, e) < 0)
		return -1;
	code = cherror_find(fetch_data(c->fetch), &said);
	if (code > 0)
		return cherror_set(code, said, e);
	return err_names(e,
			 status == 401 || status == 403 ? ERR_DENIED
			 : status >= 500                ? ERR_REFUSED
							: ERR_PROTOCOL,
			 "the server is not ClickHouse: HTTP status %u",
			 status);
}

/* ---- requests ---------------------------------------------------------- */

/* Appends the values of the parameters, with the escapes of TabSeparated. */
static void put_params(struct buf *b, const struct model *m)
{
	struct buf text = {0};

	for (size_t i = 0; i < m->n; i++) {
		text.n = 0;
		for (const char *p = m->param[i].value; *p; p++) {
			if (*p == '\\' || *p == '\t' || *p == '\n')
				buf_char(&text, '\\');
			buf_char(&text, *p == '\t'   ? 't'
					: *p == '\n' ? 'n'
						     : *p);
		}
		buf_fmt(b, "&param_%.*s=", SLICE_FMT(m->param[i].name));
		http_url_escape(b, buf_all(&text));
	}
	buf_clear(&text);
}

static void put_request(struct ch *c)
{
	struct buf *b = &c->request;

	b->n = 0;
	buf_slice(b, buf_all(&c->origin));
	buf_str(b, "/?database=");
	http_url_escape(b, slice_str(c->url.path ? c->url.path : "default"));
	buf_str(b, required_settings);
	for (size_t i = 0; i < COUNT_OF(optional_settings); i++) {
		if (!(c->refused & 1u << i))
			buf_fmt(b, "&%s", optional_settings[i]);
	}
	if (url_option(&c->url, "timezone")) {
		buf_str(b, "&session_timezone=");
		http_url_escape(b, slice_str(url_option(&c->url, "timezone")));
	}
	if (c->job->timeout_ms > 0)
		buf_fmt(b, "&max_execution_time=%ju",
			(uintmax_t)(c->job->timeout_ms + 999) / 1000);
	put_params(b, c->job->model);
	buf_str(b, "&readonly=2"); /* last, because no setting may be changed
				    * after it */
}

/* Finds the optional setting that an error message names first, because a
 * server may suggest others with similar names. Returns -1 if it names no such
 * setting.
 */
static int named_first(const char *text)
{
	const char *first = NULL;
	size_t first_n = 0;
	int found = -1;

	for (size_t i = 0; i < COUNT_OF(optional_settings); i++) {
		size_t n = strcspn(optional_settings[i], "=");
		const char *at =
			memmem(text, strlen(text), optional_settings[i], n);

		if (!at || (first && at > first) ||
		    (at == first && n < first_n))
			continue;
		first = at;
		first_n = n;
		found = (int)i;
	}
	return found;
}

/* Whether the server refused a setting that it does not know. It is then no
 * longer requested.
 */
static bool refuses_setting(struct ch *c, const struct err *e)
{
	int i = strstr(e->text, "(115)") ? named_first(e->text) : -1;

	if (i < 0 || c->refused & 1u << i)
		return false;
	c->refused |= 1u << i;
	return true;
}

/* Sends c->sql. Returns 0 once the header of a good reply has arrived. */
static int ask(struct ch *c, struct err *e)
{
	static const char *const lines[] = {
		"Content-Type: text/plain; charset=UTF-8", NULL};

	for (;;) {
		put_request(c);
		if (fetch_start(c->fetch, "POST", buf_cstr(&c->request), lines,
				buf_all(&c->sql), e) < 0 ||
		    fetch_more(c->fetch, e) < 0)
			return -1;
		if (fetch_status(c->fetch) == 200 &&
		    fetch_header(c->fetch, "X-ClickHouse-Exception-Code").n ==
			    0)
			return 0;
		(void)failed(c, e);
		if (!refuses_setting(c, e))
			return -1;
		*e = (struct err){0};
	}
}

/* Sends c->sql and reads the whole of a small reply. */
static int ask_small(struct ch *c, struct err *e)
{
	struct slice said;
	unsigned code;

	if (ask(c, e) < 0 || fetch_all(c->fetch, SMALL_BYTES, e) < 0)
		return -1;
	code = cherror_find(fetch_data(c->fetch), &said);
	return code > 0 ? cherror_set(code, said, e) : 0;
}

static int connect_to(struct ch *c, struct err *e)
{
	static const char *const known[] = {"tls", "tls-ca", "password-file",
					    "timezone", NULL};
	const char *user;

	if (url_parse(&c->url, c->job->url, known, e) < 0 ||
	    http_url_origin(&c->origin, &c->url,
			    strncmp(c->job->url, "clickhouses:", 12) == 0,
			    PLAIN_PORT, TLS_PORT, e) < 0 ||
	    http_url_password(&c->password, &c->url, "CLICKHOUSE_PASSWORD", e) <
		    0)
		return -1;
	user = c->url.user ? c->url.user : getenv("CLICKHOUSE_USER");
	c->fetch = fetch_new(&(struct fetch_options){
		.user = user && *user ? user : "default",
		.password = buf_cstr(&c->password),
		.ca_file = url_option(&c->url, "tls-ca"),
		.rows = c->rows,
		.timeout_ms = c->job->timeout_ms,
		.quit = -1,
	});
	fetch_patience(c->fetch, PATIENCE_MS);
	return 0;
}

/* Runs sql and returns the first field of its result; .p is NULL on error. */
static struct slice ask_field(struct ch *c, const char *sql, struct err *e)
{
	struct slice s = {0};

	c->sql.n = 0;
	buf_str(&c->sql, sql);
	if (ask_small(c, e) < 0)
		return s;
	s = fetch_data(c->fetch);
	if (s.n > 0)
		return slice_of(s.p, strcspn(s.p, "\n\t"));
	(void)err_set(e, ERR_PROTOCOL,
		      "the server is not ClickHouse: its reply is empty");
	return slice_of(NULL, 0);
}

static int say_steps(struct ch *c, struct err *e)
{
	struct slice s;
	char text[200];

	if (!c->rows->check)
		return 0;
	s = ask_field(c, "SELECT version() FORMAT TabSeparated", e);
	snprintf(text, sizeof(text), "ClickHouse %.*s", SLICE_FMT(s));
	if (!s.p || rows_step(c->rows, ROWS_CONNECTION, text, e) < 0)
		return -1;
	s = ask_field(c,
		      "SELECT count() FROM system.tables WHERE database NOT IN "
		      "('system', 'information_schema', 'INFORMATION_SCHEMA') "
		      "FORMAT TabSeparated",
		      e);
	snprintf(text, sizeof(text), "%.*s readable table%s", SLICE_FMT(s),
		 slice_is(s, "1") ? "" : "s");
	return s.p ? rows_step(c->rows, ROWS_LISTING, text, e) : -1;
}

/* ---- the columns ------------------------------------------------------- */

static int describe(struct ch *c, struct err *e)
{
	c->sql.n = 0;
	buf_str(&c->sql, "DESCRIBE TABLE (\n");
	buf_slice(&c->sql, buf_all(&c->job->model->base));
	buf_str(&c->sql, "\n) FORMAT TabSeparated");
	if (ask_small(c, e) < 0)
		return model_blame(c->job->model, e);
	chrows_describe(&c->got, fetch_data(c->fetch));
	return 0;
}

static int begin_rows(struct ch *c, struct err *e)
{
	struct rows_column *head = mem_zero((c->got.n + 1) * sizeof(*head));
	int rc = 0;

	for (size_t i = 0; i < c->got.n; i++) {
		struct chrows_column *k = &c->got.column[i];

		head[i] = (struct rows_column){
			.name = buf_cstr(&k->name),
			.type = chtype_word(k->t),
			.native = buf_cstr(&k->type),
			.unordered = k->t->kind == CHTYPE_TEXT &&
				     !slice_is(k->t->text, "String"),
		};
		if (strlen(head[i].name) != k->name.n)
			rc = err_names(e, ERR_CONFIG,
				       "the name of column %zu has a NUL byte",
				       i + 1);
	}
	if (rc == 0)
		rc = rows_begin(c->rows, head, c->got.n, e);
	free(head);
	return rc;
}

/* ---- the rows ---------------------------------------------------------- */

static int fetch_rows(struct ch *c, struct err *e)
{
	size_t taken;
	int rc;

	if (chselect_check(&c->got, c->job->model, e) < 0)
		return -1;
	chselect_put(&c->sql, &c->got, c->job->model);
	fetch_patience(c->fetch, 0); /* the first row may take long */
	if (ask(c, e) < 0)
		return model_blame(c->job->model, e);
	do {
		rc = chrows_put(&c->got, fetch_data(c->fetch), &taken, e);
		fetch_take(c->fetch, taken);
		if (rc <= 0)
			return rc;
		rc = fetch_more(c->fetch, e);
	} while (rc > 0);
	return rc < 0 ? -1 : chrows_end(&c->got, fetch_data(c->fetch), e);
}

static int run_model(struct ch *c, struct err *e)
{
	int rc;

	if (connect_to(c, e) < 0 || say_steps(c, e) < 0 || describe(c, e) < 0)
		return -1;
	rc = begin_rows(c, e);
	return rc <= 0 ? rc : fetch_rows(c, e);
}

static int clickhouse_run(const struct source_job *job, struct rows *rows,
			  struct err *e)
{
	struct ch c = {.job = job, .rows = rows, .got.rows = rows};
	int rc;

	c.got.work.scan = scan_new();
	rc = run_model(&c, e);
	chrows_clear(&c.got);
	fetch_free(c.fetch);
	url_clear(&c.url);
	buf_clear(&c.origin);
	buf_clear(&c.password);
	buf_clear(&c.request);
	buf_clear(&c.sql);
	return rc;
}

#define RUN   clickhouse_run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libcurl4-openssl-dev"
#endif

static const struct part_sql parting = {
	.before = "reinterpretAsUInt32(reverse(substring(MD5(concat('', ",
	.cast = "toString(",
	.as = ")",
	.between = ", ':', ",
	.behind = ")), 1, 4))) % ",
	.wide = "",
	.too = "",
};

static const struct model_sql sql = {
	.quote = '`',
	.part = &parting,
	.backslash = true,
	.hash_comments = true,
	.braces = true,
	.own_cursor = true,
};

extern const struct source source_clickhouse;
static const char tables[] =
	"SELECT concat(database, '.', name) AS name,"
	" if(engine LIKE '%View', 'view', 'table') AS kind,"
	" CAST(NULL AS Nullable(UInt64)) AS rows FROM system.tables"
	" WHERE database NOT IN ('system', 'INFORMATION_SCHEMA',"
	" 'information_schema') ORDER BY name";

const struct source source_clickhouse = {
	.scheme = {"clickhouse", "clickhouses"},
	.help = "//[user@]host[:port]/database",
	.tables = tables,
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.library = "curl",
	.run = RUN,
};
