#include "query/duckdb/duckconn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "query/duckdb/duckerror.h"
#include "query/url.h"

/* Of the URL, behind a '?', and how DuckDB calls them. */
const char *const duckconn_tuning[] = {
	"threads=", "memory=", "external=", NULL};
static const char *const called[] = {"threads", "memory_limit",
				     "enable_external_access"};

enum { EXTERNAL = 2 };

static size_t option_at(const char *text)
{
	size_t i = 0;

	while (duckconn_tuning[i] &&
	       !slice_starts(slice_str(text), duckconn_tuning[i]))
		i++;
	return i;
}

static int set(const struct duckconn *c, void *config, const char *name,
	       const char *value, struct err *e)
{
	if (c->d.set_config(config, name, value) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "source: DuckDB takes no %s of '%s'", name,
		       value);
}

/* "external=on" as DuckDB takes it; what is neither on nor off, it refuses. */
static const char *word_of(struct duckconn *c, size_t option, const char *value)
{
	if (option != EXTERNAL)
		return value;
	c->external_said = true;
	return strcmp(value, "on") == 0    ? "true"
	       : strcmp(value, "off") == 0 ? "false"
					   : "neither on nor off";
}

/* A '?' is for a glob too: options are what begins as one of them. */
static int set_options(struct duckconn *c, void *config, struct err *e)
{
	const char *where = c->where, *at = url_tuning(where, duckconn_tuning);
	struct buf value = {0};
	int rc = 0;

	if (!at) {
		buf_str(&c->path, where);
		return 0;
	}
	buf_add(&c->path, where, (size_t)(at - where));
	while (rc == 0 && *at) {
		size_t i = option_at(++at), n = strcspn(at, "&");

		if (!duckconn_tuning[i]) {
			rc = err_set(e, ERR_USAGE,
				     "source: unknown option '%.*s'", (int)n,
				     at);
			break;
		}
		value.n = 0;
		buf_add(&value, at, n);
		rc = set(c, config, called[i],
			 word_of(c, i,
				 buf_cstr(&value) + strlen(duckconn_tuning[i])),
			 e);
		at += n;
	}
	buf_clear(&value);
	return rc;
}

static bool in_memory(const struct duckconn *c)
{
	return c->parquet || c->path.n == 0 ||
	       slice_is(buf_all(&c->path), ":memory:");
}

/* Nothing is written, but for what a big sort spills to a folder of its own;
 * nothing is fetched from the network that the model does not name.
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
	    set_options(c, config, e) < 0)
		return -1;
	if (in_memory(c))
		return 0;
	/* its views could read any file, or send it somewhere */
	if (!c->external_said &&
	    set(c, config, "enable_external_access", "false", e) < 0)
		return -1;
	return set(c, config, "access_mode", "READ_ONLY", e);
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

int duckconn_command(struct duckconn *c, const char *sql, struct err *e)
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

/* A column that only some files have is null in the others. */
static int make_view(struct duckconn *c, struct err *e)
{
	struct buf sql = {0};
	int rc;

	buf_str(&sql,
		"CREATE TEMP VIEW " DUCKCONN_VIEW " AS FROM read_parquet(");
	duckconn_string(&sql, buf_all(&c->path));
	buf_str(&sql, ", union_by_name = true)");
	rc = duckconn_command(c, buf_cstr(&sql), e);
	buf_clear(&sql);
	return rc;
}

int duckconn_begin(struct duckconn *c, struct err *e)
{
	struct err ignored = {0};

	/* fails only where DuckDB has no zones, and then all is UTC */
	(void)!duckconn_command(c, "SET TimeZone = 'UTC'", &ignored);
	return c->parquet ? make_view(c, e) : 0;
}

/* The number that a query gives. */
int duckconn_count(struct duckconn *c, const char *sql, int64_t *n,
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

void duckconn_close(struct duckconn *c)
{
	void *conn = atomic_exchange(&c->conn, NULL);

	if (conn)
		c->d.disconnect(&conn);
	if (c->db)
		c->d.close(&c->db);
	buf_clear(&c->path);
}
