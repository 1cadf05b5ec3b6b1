#include "wire/state/summed_line.h"

#include "core/file_map.h"
#include "core/reader.h"
#include "core/writer.h"
#include "wire/json/hash.h"

static const char sum_name[] = ",\"sum\":\"";

enum { TAIL = sizeof(sum_name) - 1 + SUMMED_LINE_SUM + 2 }; /* and "} */

static void put_sum(struct buf *b)
{
	struct hash sum = hash_bytes(b->p, b->n, 0);

	buf_str(b, sum_name);
	buf_fmt(b, "%016jx%016jx\"}\n", (uintmax_t)sum.hi, (uintmax_t)sum.lo);
}

int summed_line_store(struct buf *b, const char *path, struct err *e)
{
	put_sum(b);
	return writer_replace(path, buf_all(b), e);
}

/* Whether the text ends with the checksum of everything before it. */
static bool sum_fits(struct slice text)
{
	struct buf again = {0};
	bool fits;

	if (text.n < TAIL + 1)
		return false;
	buf_add(&again, text.p, text.n - TAIL - 1);
	put_sum(&again);
	fits = slice_eq(buf_all(&again), text);
	buf_clear(&again);
	return fits;
}

/* Whether the text begins like head, except for the version. */
static bool is_newer(struct slice text, const char *head)
{
	size_t n = (size_t)(strchr(head, ':') - head) + 1;

	return text.n > n && memcmp(text.p, head, n) == 0 &&
	       !slice_starts(text, head);
}

int summed_line_load(struct buf *text, const char *head, const char *path,
		     struct err *e)
{
	struct file_map f;
	struct slice all;
	int rc = file_map(&f, path, e);

	if (rc <= 0)
		return rc;
	all = slice_of(f.p, f.n);
	if (is_newer(all, head)) {
		rc = err_names(e, ERR_CONFIG,
			       "'%s' was written by a newer rudder", path);
	} else if (!slice_starts(all, head) || !sum_fits(all)) {
		rc = err_names(e, ERR_DATA, "'%s' is damaged", path);
	} else {
		buf_add(text, f.p, f.n - 1);
		memset(buf_room(text, READER_PAD), 0, READER_PAD);
	}
	file_map_clear(&f);
	return rc;
}

struct slice summed_line_sum(struct slice object)
{
	return slice_of(object.p + object.n - 2 - SUMMED_LINE_SUM,
			SUMMED_LINE_SUM);
}
