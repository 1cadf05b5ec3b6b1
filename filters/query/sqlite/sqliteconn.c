#include "query/sqlite/sqliteconn.h"

#ifdef WITH_SQLITE
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "query/timestamp.h"
#include "query/value.h"

#define IMMUTABLE "?immutable=1"

enum {
	BUSY_MS = 5000,      /* wait for a lock without --timeout */
	LOOK_EVERY = 100000, /* instructions between checks of the time */
	LOCK_TRIES = 20,     /* tries after 1 ms; then after LOCK_LOOK_MS */
	LOCK_LOOK_MS = 25,
};

/* Whether the file is in WAL mode (byte 18 of its header). SQLite then needs
 * files beside it, which this user may be unable to create.
 */
static bool is_wal(const struct sqliteconn *c)
{
	char head[20] = "";
	int fd = open(c->path.p, O_RDONLY | O_CLOEXEC);
	bool wal = fd >= 0 && read(fd, head, sizeof(head)) == sizeof(head) &&
		   head[18] == 2;

	if (fd >= 0)
		close(fd);
	return wal;
}

/* The folder of SQLite's temporary files (sqlite.org/tempfiles.html, 5; read
 * 2026-11-30).
 */
static const char *temp_folder(void)
{
	const char *const dir[] = {getenv("SQLITE_TMPDIR"), getenv("TMPDIR"),
				   "/var/tmp", "/usr/tmp", "/tmp"};

	for (size_t i = 0; i < COUNT_OF(dir); i++) {
		if (dir[i] && access(dir[i], W_OK | X_OK) == 0)
			return dir[i];
	}
	return ".";
}

int sqliteconn_failed(const struct sqliteconn *c, bool running,
		      const char *what, struct err *e)
{
	enum err_kind kind = ERR_DATA;

	switch (sqlite3_errcode(c->db)) {
	case SQLITE_ERROR:
	case SQLITE_SCHEMA: /* "no such column" of a SELECT without FROM */
		kind = running ? ERR_DATA : ERR_CONFIG;
		break;
	case SQLITE_NOMEM:
		kind = ERR_OS;
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		kind = ERR_TEMP;
		break;
	case SQLITE_CANTOPEN:
		kind = ERR_INPUT;
		break;
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_READONLY:
		kind = ERR_DENIED;
		break;
	case SQLITE_IOERR:
	case SQLITE_FULL:
		kind = ERR_IO;
		break;
	default:
		break;
	}
	if (sqlite3_errcode(c->db) == SQLITE_FULL) /* of a temporary file */
		return err_names(
			e, kind,
			"%s: no space left for temporary files in '%s' "
			"(SQLITE_TMPDIR names another folder)",
			what, temp_folder());
	if (sqlite3_extended_errcode(c->db) == SQLITE_READONLY_ROLLBACK)
		return err_names(
			e, kind,
			"'%s' has an unfinished change, whose writer ended: "
			"run sqlite3 '%s' .tables once, which undoes it",
			c->path.p, c->path.p);
	if ((kind == ERR_INPUT || kind == ERR_DENIED) && !c->immutable &&
	    is_wal(c))
		return err_names(e, ERR_DENIED,
				 "'%s' is in WAL mode and SQLite cannot write "
				 "beside it: make the folder writable, or use "
				 "sqlite:%s" IMMUTABLE
				 " if nothing writes to the database",
				 c->path.p, c->path.p);
	if (kind == ERR_TEMP && c->until_ms > 0 &&
	    clock_mono_ms() >= c->until_ms)
		return err_set(e, kind, "%s: timed out (--timeout)", what);
	return err_set(e, kind, "%s: %s", what, sqlite3_errmsg(c->db));
}

static int expired(void *ctx)
{
	const struct sqliteconn *c = ctx;

	return clock_mono_ms() >= c->until_ms;
}

/* The file may be from anywhere: its schema must not call functions that are
 * not known to be harmless, and must not load extensions; corrupt pages are
 * detected before use.
 */
static void distrust(sqlite3 *db)
{
	static const struct {
		int what, on;
	} settings[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
	};

	for (size_t i = 0; i < COUNT_OF(settings); i++)
		(void)sqlite3_db_config(db, settings[i].what, settings[i].on,
					NULL);
	(void)sqlite3_exec(db,
			   "PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0",
			   NULL, NULL, NULL);
}

/* Whether the digits of a float, which the cursor has, are those of a whole
 * number of 64 bits. That number may differ from the float.
 */
static bool whole_digits(double d, int64_t *whole)
{
	struct buf b = {0};
	bool fits = false;

	if (fabs(d) >= 0x1p53 && fabs(d) < 0x1p63) {
		value_double(&b, d);
		errno = 0;
		*whole = strtoll(buf_cstr(&b), NULL, 10);
		fits = errno == 0;
		buf_clear(&b);
	}
	return fits;
}

/* rudder_time(): a time as microseconds since 1970, so that all its forms
 * compare; a large float as the whole number of its digits, as which the cursor
 * is bound; other values unchanged.
 */
static void time_function(sqlite3_context *ctx, int n, sqlite3_value **arg)
{
	const void *p;
	int64_t us;

	(void)n;
	if (sqlite3_value_type(arg[0]) == SQLITE_TEXT) {
		p = sqlite3_value_text(arg[0]);
		if (p && timestamp_read(slice_of(p, (size_t)sqlite3_value_bytes(
							    arg[0])),
					&us) == 0) {
			sqlite3_result_int64(ctx, us);
			return;
		}
	}
	if (sqlite3_value_type(arg[0]) == SQLITE_FLOAT &&
	    whole_digits(sqlite3_value_double(arg[0]), &us)) {
		sqlite3_result_int64(ctx, us);
		return;
	}
	sqlite3_result_value(ctx, arg[0]);
}

/* Called while another process has the file locked. Returns whether to try
 * again.
 */
static int wait_for_lock(void *ctx, int n)
{
	struct sqliteconn *c = ctx;
	uint64_t now = clock_mono_ms();

	if (n == 0)
		c->locked_ms = now;
	if (c->until_ms > 0 ? now >= c->until_ms
			    : now - c->locked_ms >= BUSY_MS)
		return 0;
	(void)poll(NULL, 0, n < LOCK_TRIES ? 1 : LOCK_LOOK_MS);
	return 1;
}

/* Splits "a.db?immutable=1". */
static void take_options(struct sqliteconn *c, const char *where)
{
	struct slice s = slice_str(where);
	size_t n = strlen(IMMUTABLE);

	c->immutable = s.n > n && strcmp(s.p + s.n - n, IMMUTABLE) == 0;
	buf_add(&c->path, s.p, c->immutable ? s.n - n : s.n);
	(void)buf_cstr(&c->path);
}

/* Whether the file is the journal of an unfinished transaction: its first byte
 * is not 0, the test of SQLite itself (sqlite.org/lockingv3.html, 3.2; read
 * 2026-12-01). True also if it cannot be read.
 */
static bool is_hot(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char first = 0;

	if (fd < 0)
		return errno != ENOENT;
	if (read(fd, &first, 1) < 0)
		first = 1;
	close(fd);
	return first != 0;
}

/* With immutable=1, SQLite reads neither the write-ahead log nor a journal, so
 * there must be none. They are beside the file itself, not beside a link to it.
 */
static int check_log(const struct sqliteconn *c, struct err *e)
{
	char *real = realpath(c->path.p, NULL);
	const char *path = real ? real : c->path.p;
	struct buf log = {0}, journal = {0};
	struct stat st;
	int rc = 0;

	buf_fmt(&log, "%s-wal", path);
	buf_fmt(&journal, "%s-journal", path);
	if (stat(buf_cstr(&log), &st) == 0 && st.st_size > 0)
		rc = err_names(
			e, ERR_CONFIG,
			"'%s' contains changes that immutable=1 does not "
			"read: stop the writers, or copy both files to a "
			"writable folder",
			log.p);
	else if (is_hot(buf_cstr(&journal)))
		rc = err_names(
			e, ERR_CONFIG,
			"'%s' belongs to an unfinished change, which "
			"immutable=1 does not undo: stop the writers, then "
			"run sqlite3 '%s' .tables once",
			journal.p, path);
	buf_clear(&log);
	buf_clear(&journal);
	free(real);
	return rc;
}

/* Opens the URI file:PATH?immutable=1, with escapes. */
static int open_immutable(struct sqliteconn *c)
{
	struct buf uri = {0};
	int rc;

	buf_str(&uri, "file:");
	for (const char *p = c->path.p; *p; p++) {
		if (strchr("%?#", *p))
			buf_fmt(&uri, "%%%02x", *p);
		else
			buf_char(&uri, *p);
	}
	buf_str(&uri, IMMUTABLE);
	rc = sqlite3_open_v2(buf_cstr(&uri), &c->db,
			     SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX |
				     SQLITE_OPEN_URI,
			     NULL);
	buf_clear(&uri);
	return rc;
}

/* rudder_part(): the first 32 bits of the MD5 of the values with colons between
 * (part.h). A key stored as 1.0 is the key 1.
 */
static void part_function(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	unsigned char sum[EVP_MAX_MD_SIZE] = {0};
	struct buf b = {0};

	for (int i = 0; i < n; i++) {
		double d = sqlite3_value_double(v[i]);
		bool whole = sqlite3_value_type(v[i]) == SQLITE_FLOAT &&
			     d == floor(d) && fabs(d) < 0x1p53;
		const char *p;

		buf_str(&b, i > 0 ? ":" : "");
		if (whole) {
			value_int(&b, (int64_t)d);
			continue;
		}
		p = (const char *)sqlite3_value_text(v[i]);
		buf_add(&b, p ? p : "", (size_t)sqlite3_value_bytes(v[i]));
	}
	EVP_Digest(b.p, b.n, sum, NULL, EVP_md5(), NULL);
	sqlite3_result_int64(ctx, (int64_t)sum[0] << 24 |
					  (int64_t)sum[1] << 16 |
					  (int64_t)sum[2] << 8 | sum[3]);
	buf_clear(&b);
}

/* rudder_whole(): a whole number, or an error. SQLite keeps values as they were
 * inserted, so a key may be stored as 1.0, which is the key 1 here as in
 * rudder_part(), or as the text '1', which is an error.
 */
static void whole_function(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	double d = sqlite3_value_double(v[0]);

	(void)n;
	if (sqlite3_value_type(v[0]) == SQLITE_INTEGER)
		sqlite3_result_value(ctx, v[0]);
	else if (sqlite3_value_type(v[0]) == SQLITE_FLOAT && d == floor(d) &&
		 fabs(d) < 0x1p53)
		sqlite3_result_int64(ctx, (int64_t)d);
	else
		sqlite3_result_error(ctx,
				     "a key is not a whole number, as "
				     "--partition-by number requires",
				     -1);
}

int sqliteconn_open(struct sqliteconn *c, const char *where,
		    uint64_t timeout_ms, struct err *e)
{
	const char *path;
	int rc;

	take_options(c, where);
	path = c->path.p;
	if (access(path, R_OK) < 0)
		return err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			       "cannot open '%s'", path);
	if (c->immutable && check_log(c, e) < 0)
		return -1;
	rc = c->immutable ? open_immutable(c)
			  : sqlite3_open_v2(path, &c->db,
					    SQLITE_OPEN_READONLY |
						    SQLITE_OPEN_NOMUTEX,
					    NULL);
	if (rc != SQLITE_OK)
		return sqliteconn_failed(c, false, path, e);
	distrust(c->db);
	(void)sqlite3_create_function(c->db, SQLITECONN_TIME, 1,
				      SQLITE_UTF8 | SQLITE_DETERMINISTIC |
					      SQLITE_DIRECTONLY,
				      NULL, time_function, NULL, NULL);
	(void)sqlite3_create_function(c->db, SQLITECONN_PART, -1,
				      SQLITE_UTF8 | SQLITE_DETERMINISTIC |
					      SQLITE_DIRECTONLY,
				      NULL, part_function, NULL, NULL);
	(void)sqlite3_create_function(c->db, SQLITECONN_WHOLE, 1,
				      SQLITE_UTF8 | SQLITE_DETERMINISTIC |
					      SQLITE_DIRECTONLY,
				      NULL, whole_function, NULL, NULL);
	sqlite3_busy_handler(c->db, wait_for_lock, c);
	if (timeout_ms > 0) {
		c->until_ms = clock_mono_ms() + timeout_ms;
		sqlite3_progress_handler(c->db, LOOK_EVERY, expired, c);
	}
	return 0;
}

void sqliteconn_close(struct sqliteconn *c)
{
	sqlite3_close(c->db);
	buf_clear(&c->path);
}

#endif
