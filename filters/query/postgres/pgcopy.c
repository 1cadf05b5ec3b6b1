#include "query/postgres/pgcopy.h"
#include "query/postgres/pgbytes.h"

#ifdef WITH_POSTGRES
#include <inttypes.h>
#include <stdlib.h>

#include "query/postgres/pgerror.h"
#include "query/postgres/pgparam.h"
#include "query/postgres/pgplan.h"
#include "query/postgres/pgshape.h"

static const char signature[] = "PGCOPY\n\377\r\n"; /* with its NUL: 11 bytes */

enum {
	SIGNATURE = sizeof(signature),
	HEADER = SIGNATURE + 8, /* and flags, length of an extension */
};

static int start_copy(struct pgconn *p, struct slice select, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	int rc = 0;

	buf_str(&sql, "COPY (");
	buf_slice(&sql, select);
	buf_str(&sql, ") TO STDOUT (FORMAT binary)");
	r = pgconn_ask(p, buf_cstr(&sql), e);
	buf_clear(&sql);
	if (!r)
		return -1;
	if (PQresultStatus(r) != PGRES_COPY_OUT)
		rc = pgerror_set(p, r, e);
	PQclear(r);
	return rc;
}

/* Reads the field at *at: its length (UINT32_MAX: NULL), then its bytes. */
static int field_at(const char **at, const char *end, struct slice *v,
		    bool *null, struct err *e)
{
	uint32_t n;

	if (end - *at < 4)
		return pgerror_nonsense(e);
	n = pgbytes_32(*at);
	*at += 4;
	*null = n == UINT32_MAX;
	if (*null)
		return 0;
	if ((size_t)(end - *at) < n)
		return pgerror_nonsense(e);
	*v = slice_of(*at, n);
	*at += n;
	return 0;
}

/* Reads the fields of one row, and moves *at after them. If a value is refused,
 * the remaining fields are skipped.
 */
static int put_row(struct pgconn *p, const char **at, const char *end,
		   struct err *e)
{
	struct rows *r = p->rows;
	struct buf *b = rows_buf(r);
	int refused_at = -1;

	for (size_t i = 0; i < p->n; i++) {
		struct slice v = {0};
		bool null;

		if (field_at(at, end, &v, &null, e) < 0)
			return -1;
		if (refused_at >= 0)
			continue;
		rows_name(r, b, i);
		if (null)
			buf_add(b, "null", 4);
		else if (pgshape_put(&p->column[i].value, b, v, &p->work) < 0)
			refused_at = (int)i;
	}
	if (refused_at < 0)
		return rows_put(r, e);
	return rows_reject(r, refused_at, 0, p->work.why, slice_of(NULL, 0), e);
}

int pgcopy_put(struct pgconn *p, struct slice message, struct err *e)
{
	const char *at = message.p, *end = at + message.n;
	size_t n = message.n;

	if (!p->greeted) {
		if (n < HEADER || memcmp(at, signature, SIGNATURE) != 0 ||
		    pgbytes_32(at + SIGNATURE + 4) > n - HEADER)
			return pgerror_nonsense(e);
		at += HEADER + pgbytes_32(at + SIGNATURE + 4);
		p->greeted = true;
	}
	while (at < end) {
		unsigned fields;

		if (p->ended || end - at < 2)
			return pgerror_nonsense(e);
		fields = (unsigned)(unsigned char)at[0] << 8 |
			 (unsigned char)at[1];
		at += 2;
		if (fields == 0xffff) {
			p->ended = true;
			continue;
		}
		if (fields != p->n)
			return pgerror_nonsense(e);
		p->seen++;
		if (rows_full(p->rows)) {
			p->rows->partial =
				true; /* this is the row beyond --limit */
			return 0;
		}
		if (put_row(p, &at, end, e) < 0)
			return -1;
	}
	return 0;
}

static int read_copy(struct pgconn *p, struct err *e)
{
	for (;;) {
		char *data = NULL;
		int n = PQgetCopyData(p->conn, &data, 1);
		int rc;

		if (n > 0) {
			rc = pgcopy_put(p, slice_of(data, (size_t)n), e);
			PQfreemem(data);
			if (rc < 0)
				return -1;
			continue;
		}
		if (n == -1)
			return 0;
		if (n < -1)
			return pgerror_set(p, NULL, e);
		if (pgconn_wait(p, e) < 0)
			return -1;
	}
}

/* Checks that the server reports the end, and as many rows as were received. */
static int confirm(struct pgconn *p, struct err *e)
{
	PGresult *r = PQgetResult(p->conn);
	int rc = 0;

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		rc = pgerror_set(p, r, e);
	else if (!p->ended || strtoull(PQcmdTuples(r), NULL, 10) != p->seen)
		rc = err_set(e, ERR_PROTOCOL,
			     "PostgreSQL says %s rows, but %" PRIu64 " came",
			     PQcmdTuples(r), p->seen);
	while (r) {
		PQclear(r);
		r = PQgetResult(p->conn);
	}
	return rc;
}

int pgcopy_select(struct pgconn *p, struct slice select, struct err *e)
{
	if (start_copy(p, select, e) < 0 || read_copy(p, e) < 0)
		return -1;
	return confirm(p, e);
}

int pgcopy_run(struct pgconn *p, struct err *e)
{
	struct buf sql = {0};
	int rc;

	if (p->job->model->n > 0 && pgparam_set(p, e) < 0)
		return -1;
	pgplan_select(p, &sql);
	rc = pgcopy_select(p, buf_all(&sql), e);
	buf_clear(&sql);
	return rc < 0 ? -1 : pgconn_command(p, "COMMIT", e);
}

#endif
