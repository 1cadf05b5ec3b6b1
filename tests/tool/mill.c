/* mill - tables of any size, made on the fly, and receipts for what is sent
 *
 *   mill rows N [VERSION]   N rows with begin and end, in an order that jumps.
 *                           From one version to the next 1 % of the rows
 *                           change, and one in a thousand is replaced by a new
 *                           key.
 *   mill changed N VERSION MOST
 *                           only rows that changed with that version, at most
 *                           MOST, as a part of the table
 *   mill receipts           changes on standard input: each was accepted
 */
#include <stdlib.h>

#include "core/buf.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/tool.h"
#include "core/writer.h"

enum { OUTPUT = 1024 * 1024 };

static const char begin[] =
	"{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":\"rows\"}}";

static int row(struct writer *w, uint64_t i, uint64_t n, uint64_t version,
	       struct err *e)
{
	static const char *const plan[] = {"free", "pro", "team", "none"};
	struct buf *b = writer_buf(w);
	uint64_t x = i * 0x9e3779b97f4a7c15;

	buf_str(b, "{\"id\":");
	/* the last version in which this row was another key */
	buf_uint(b, i + (version + i) / 1000 * n);
	buf_str(b, ",\"email\":\"user");
	buf_uint(b, x >> 40);
	buf_str(b, "@example.com\",\"plan\":\"");
	buf_str(b, plan[x >> 62]);
	buf_str(b, "\",\"seen\":");
	buf_uint(b, (version + i) / 100);
	buf_char(b, '}');
	return writer_line(w, e);
}

/* most 0: all rows, else only those that changed. */
static int rows(uint64_t n, uint64_t version, uint64_t most, struct err *e)
{
	struct writer *w = writer_new(1, OUTPUT);
	uint64_t step = 1000003; /* a prime, so that every row comes once */
	uint64_t came = 0;
	int rc;

	while (n % step == 0)
		step += 30;
	buf_str(writer_buf(w), begin);
	rc = writer_line(w, e);
	for (uint64_t i = 0, at = 0; i < n && rc == 0; i++) {
		if (most == 0 || ((version + at) % 100 == 0 && came < most)) {
			rc = row(w, at, n, version, e);
			came++;
		}
		at = (at + step) % n;
	}
	if (rc == 0) {
		buf_fmt(writer_buf(w),
			"{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\","
			"\"rows\":%ju%s}}",
			(uintmax_t)came, most > 0 ? ",\"partial\":true" : "");
		rc = writer_line(w, e);
	}
	if (rc == 0)
		rc = writer_close(w, e);
	writer_free(w);
	return rc;
}

/* A line with "change":"<32 hex>" becomes a receipt, the control lines begin
 * and end stay, and others go.
 */
static int receipt(struct writer *w, struct slice line, struct err *e)
{
	static const char name[] = "\"change\":\"";
	const char *at = memmem(line.p, line.n < 300 ? line.n : 300, name,
				sizeof(name) - 1);
	struct buf *b = writer_buf(w);

	if (at) {
		at += sizeof(name) - 1;
		buf_fmt(b,
			"{\"messageId\":\"%.8s-%.4s-%.4s-%.4s-%.12s\","
			"\"status\":\"accepted\"}",
			at, at + 8, at + 12, at + 16, at + 20);
	} else if (memmem(line.p, line.n, "\"type\":\"begin\"", 14)) {
		buf_slice(b, line);
	} else if (memmem(line.p, line.n, "\"type\":\"end\"", 12)) {
		buf_str(b, "{\"_rudder\":{\"type\":\"end\"}}");
	} else {
		return 0;
	}
	return writer_line(w, e);
}

static int receipts(struct err *e)
{
	struct writer *w = writer_new(1, OUTPUT);
	struct reader *r = reader_new(0, OUTPUT, writer_wait, w);
	struct slice line;
	int rc;

	while ((rc = reader_next(r, &line, e)) > 0) {
		rc = receipt(w, line, e);
		if (rc < 0)
			break;
	}
	if (rc == 0)
		rc = writer_close(w, e);
	reader_free(r);
	writer_free(w);
	return rc;
}

static uint64_t number(const char *text)
{
	return text ? strtoull(text, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	int rc = -1;

	tool_start("mill");
	if (argc > 2 && strcmp(argv[1], "rows") == 0)
		rc = rows(number(argv[2]), number(argv[3]), 0, &e);
	else if (argc == 5 && strcmp(argv[1], "changed") == 0)
		rc = rows(number(argv[2]), number(argv[3]), number(argv[4]),
			  &e);
	else if (argc == 2 && strcmp(argv[1], "receipts") == 0)
		rc = receipts(&e);
	else
		err_set(&e, ERR_USAGE,
			"mill rows N [VERSION] | mill changed N VERSION MOST | "
			"mill receipts");
	return tool_end(rc, &e);
}
