#include "diff/state/receipts_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "wire/state/journal.h"

const char receipts_file_magic[8] = "RudAnsw";

bool receipts_file_has_head(const char *path)
{
	static const char none[JOURNAL_HEAD];
	char head[JOURNAL_HEAD];
	struct err ignored;
	int fd = file_open_own(path, O_RDONLY, ERR_IO, &ignored);
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	return n == sizeof(head) && memcmp(head, none, sizeof(head)) != 0;
}

/* n bytes, rounded up to whole records. */
static size_t padded(size_t n)
{
	enum { RECORD = sizeof(struct receipts_file_record) };

	return (n + RECORD - 1) / RECORD * RECORD;
}

void receipts_file_put_connection(struct buf *b, struct slice text)
{
	const struct receipts_file_record r = {
		.i = (uint32_t)text.n,
		.answer = RECEIPTS_FILE_CONNECTION,
	};
	size_t rest = padded(text.n) - text.n;

	buf_add(b, &r, sizeof(r));
	buf_slice(b, text);
	memset(buf_room(b, rest), 0, rest);
	b->n += rest;
}

/* Takes the next record from a list: 1, or 0 at the end. If it is a connection,
 * *text is its text.
 */
static int next(struct slice *list, struct receipts_file_record *r,
		struct slice *text)
{
	size_t n = sizeof(*r);

	if (list->n < n)
		return 0;
	memcpy(r, list->p, n);
	if (r->answer == RECEIPTS_FILE_CONNECTION) {
		if (r->i > list->n - n)
			return 0;
		*text = slice_of(list->p + n, r->i);
		n += padded(r->i);
	}
	if (n > list->n)
		n = list->n;
	*list = slice_of(list->p + n, list->n - n);
	return 1;
}

/* Passes receipts to take, and copies the last connection to b; both may be
 * NULL.
 */
static int read_file(const char *path, receipts_file_fn *take, void *ctx,
		     struct buf *b, struct err *e)
{
	struct receipts_file_record r;
	struct journal_file f;
	struct slice text;
	struct slice payload;
	int rc;

	if (!receipts_file_has_head(path))
		return 0;
	rc = journal_open(&f, path, receipts_file_magic, e);
	if (rc <= 0)
		return rc;
	f.loose = true;
	while ((rc = journal_next(&f, &payload, e)) > 0) {
		while (rc > 0 && next(&payload, &r, &text)) {
			bool is = r.answer == RECEIPTS_FILE_CONNECTION;

			if (!is && take && take(ctx, &r, e) < 0)
				rc = -1;
			if (is && b) {
				b->n = 0;
				buf_slice(b, text);
			}
		}
		if (rc < 0)
			break;
	}
	journal_forget(&f);
	return rc;
}

int receipts_file_read(const struct state *s, receipts_file_fn *take, void *ctx,
		       struct err *e)
{
	if (read_file(s->answers_path, take, ctx, NULL, e) < 0)
		return -1;
	return read_file(s->receipts_path, take, ctx, NULL, e);
}

int receipts_file_connection(const struct state *s, struct buf *b,
			     struct err *e)
{
	return read_file(s->receipts_path, NULL, NULL, b, e);
}
