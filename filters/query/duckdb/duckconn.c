#include "query/duckdb/duckconn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "query/duckdb/duckerror.h"
#include "query/url.h"

const char *const duckconn_tuning[] = {
	"threads=", "memory=", "timezone=", "external=", "hive=", "ns=", NULL};

/* In the same order: DuckDB's setting for the value, or the only allowed
 * values.
 */
static const struct {
	const char *called, *off, *on;
	size_t at; /* offset of the bool that `on` sets to true */
} options[] = {
	{"threads", NULL, NULL, 0},
	{"memory_limit", NULL, NULL, 0},
	{NULL, NULL, NULL, 0},
	{NULL, "off", "on", offsetof(struct duckconn, external)},
	{NULL, "on", "off", offsetof(struct duckconn, no_hive)},
	{NULL, "refuse", "drop", offsetof(struct duckconn, drop_ns)},
};

enum { ZONE = 2, EXTERNAL = 3 };

static size_t option_at(const struct duckconn *c, const char *text)
{
	size_t i = 0, end = c->parquet ? SIZE_MAX : EXTERNAL + 1;

	while (i < end && duckconn_tuning[i] &&
	       !slice_starts(slice_str(text), duckconn_tuning[i]))
		i++;
	return i < end && duckconn_tuning[i] ? i : SIZE_MAX;
}

static int set(const struct duckconn *c, void *config, const char *name,
	       const char *value, struct err *e)
{
	if (c->d.set_config(config, name, value) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "source: DuckDB does not accept %s=%s",
		       name, value);
}

/* Applies one option, like "threads=1". */
static int apply_option(struct duckconn *c, void *config, struct slice text,
			struct err *e)
{
	size_t i = option_at(c, text.p);
	const char *value;

	if (i == SIZE_MAX)
		return err_set(e, ERR_USAGE, "source: unknown option '%.*s'",
			       SLICE_FMT(text));
	value = text.p + strlen(duckconn_tuning[i]);
	if (options[i].called)
		return set(c, config, options[i].called, value, e);
	if (i == ZONE) { /* DuckDB accepts it only after connecting */
		c->zone.n = 0;
		buf_str(&c->zone, value);
		return 0;
	}
	c->external_said |= i == EXTERNAL;
	*((bool *)((char *)c + options[i].at)) =
		strcmp(value, options[i].on) == 0;
	if (strcmp(value, options[i].on) == 0 ||
	    strcmp(value, options[i].off) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "source: '%.*s': use %s%s or %s%s",
		       SLICE_FMT(text), duckconn_tuning[i], options[i].on,
		       duckconn_tuning[i], options[i].off);
}

/* Splits c->where into c->path and options. A '?' may also belong to a glob, so
 * options begin only where a known one follows.
 */
static int apply_options(struct duckconn *c, void *config, struct err *e)
{
	const char *where = c->where, *at = url_tuning(where, duckconn_tuning);
	struct buf text = {0};
	int rc = 0;

	if (!at) {
		buf_str(&c->path, where);
		return 0;
	}
	buf_add(&c->path, where, (size_t)(at - where));
	while (rc == 0 && *at) {
		size_t n = strcspn(++at, "&");

		text.n = 0;
		buf_add(&text, at, n);
		(void)buf_cstr(&text);
		rc = apply_option(c, config, buf_all(&text), e);
		at += n;
	}
	buf_clear(&text);
	return rc;
}

static bool in_memory(const struct duckconn *c)
{
	return c->parquet || c->path.n == 0 ||
	       slice_is(buf_all(&c->path), ":memory:");
}

/* Configures DuckDB to write nothing but temporary files of a large sort, in
 * their own folder, and to install no extensions from the network.
 */
static int set_config(struct duckconn *c, void *config, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	struct buf folder = {0};
	int rc;

	buf_fmt(&folder, "%s/rudder-duckdb-%d", tmp && *tmp ? tmp : "/tmp",
		(int)getpid());
	rc = set(c, config, "temp_directory", buf_cstr(&folder), e);
	buf_clear(&folder);
	if (rc < 0 ||
	    set(c, config, "autoinstall_known_extensions", "false", e) < 0 ||
	    apply_options(c, config, e) < 0)
		return -1;
	if (in_memory(c))
		return !c->external_said || c->external
			       ? 0
			       : set(c, config, "enable_external_access",
				     "false", e);
	/* views in the file could otherwise read any file, or send it elsewhere
	 */
	if (!c->external &&
	    set(c, config, "enable_external_access", "false", e) < 0)
		return -1;
	return c->writes ? 0 : set(c, config, "access_mode", "READ_ONLY", e);
}

int duckconn_open(struct duckconn *c, struct err *e)
{
	const char *path;
	void *config = NULL, *conn = NULL;
	char *why = NULL;
	int rc = -1;

	if (c->d.create_config(&config) != 0)
		return err_set(e, ERR_OS, "out of memory");
	if (set_config(c, config, e) < 0)
		goto out;
	path = in_memory(c) ? NULL : buf_cstr(&c->path);
	if (path && access(path, R_OK) < 0)
		(void)err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			      "cannot open '%s'", path);
	else if (c->d.open_ext(path, &c->db, config, &why) != 0)
		(void)duckerror_set(why, e);
	else if (c->d.connect(c->db, &conn) != 0)
		(void)err_set(e, ERR_OS, "DuckDB: cannot connect");
	else
		rc = 0;
	c->conn = conn;
	c->d.free(why);
out:
	c->d.destroy_config(&config);
	return rc;
}

int duckconn_command(const struct duckconn *c, const char *sql, struct err *e)
{
	struct duck_result r = {0};
	int rc = 0;

	if (c->d.query(c->conn, sql, &r) != 0)
		rc = duckerror_set(c->d.result_error(&r), e);
	c->d.destroy_result(&r);
	return rc;
}

void duckconn_string(struct buf *b, struct slice s)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_char(b, '\'');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '\'');
}

int duckconn_begin(const struct duckconn *c, struct err *e)
{
	struct buf sql = {0};
	int rc;

	if (c->zone.n == 0)
		return 0;
	buf_str(&sql, "SET TimeZone = ");
	duckconn_string(&sql, buf_all(&c->zone));
	rc = duckconn_command(c, buf_cstr(&sql), e);
	buf_clear(&sql);
	return rc;
}

int duckconn_count(const struct duckconn *c, const char *sql, int64_t *n,
		   struct err *e)
{
	struct duck_result r = {0};
	void *chunk = NULL;
	int rc = -1;

	if (c->d.query(c->conn, sql, &r) == 0)
		chunk = c->d.fetch_chunk(r);
	if (chunk) {
		const void *p = c->d.vector_get_data(
			c->d.data_chunk_get_vector(chunk, 0));

		memcpy(n, p, sizeof(*n));
		rc = 0;
		c->d.destroy_data_chunk(&chunk);
	} else {
		(void)duckerror_set(c->d.result_error(&r), e);
	}
	c->d.destroy_result(&r);
	return rc;
}

int duckconn_texts(const struct duckconn *c, const char *sql,
		   duckconn_text_fn *take, void *ctx, struct err *e)
{
	struct duck_result r = {0};
	void *chunk;
	int rc = 0;

	if (c->d.query(c->conn, sql, &r) != 0)
		rc = duckerror_set(c->d.result_error(&r), e);
	while (rc == 0 && (chunk = c->d.fetch_chunk(r)) != NULL) {
		uint64_t n = c->d.data_chunk_get_size(chunk);
		const union duck_string *s = c->d.vector_get_data(
			c->d.data_chunk_get_vector(chunk, 0));

		for (uint64_t i = 0; i < n; i++)
			take(ctx, duck_text(&s[i]));
		c->d.destroy_data_chunk(&chunk);
	}
	c->d.destroy_result(&r);
	return rc;
}

void duckconn_close(struct duckconn *c)
{
	void *conn = atomic_exchange(&c->conn, NULL);

	if (conn)
		c->d.disconnect(&conn);
	if (c->db)
		c->d.close(&c->db);
	buf_clear(&c->path);
	buf_clear(&c->zone);
}
