#include "query/file/csvinput.h"

enum {
	CHUNK = 256 * 1024,
	RECORD_MAX = 16 * 1024 * 1024, /* maximum bytes of a record */
	SHOWN = 64 * 1024,             /* maximum bytes shown of a rejected
					* record */
};

/* Reads more bytes after those of the current record. Returns 1, 0 at the end,
 * or -1.
 */
static int fill(struct csvinput *in, struct err *e)
{
	size_t got;
	int rc;

	if (in->record > 0) {
		memmove(in->data.p, in->data.p + in->record,
			in->data.n - in->record);
		in->data.n -= in->record;
		in->parsed -= in->record;
		in->record = 0;
	}
	if (in->data.n > RECORD_MAX)
		return err_names(
			e, ERR_DATA,
			"line %ju: a record of more than 16 MiB; check "
			"for a missing quote",
			(uintmax_t)in->record_line);
	rc = gunzip_read(in->from, buf_room(&in->data, CHUNK), CHUNK, &got, e);
	in->data.n += got;
	return rc;
}

int csvinput_next(struct csvinput *in, struct slice *line, struct err *e)
{
	size_t seen = 0; /* bytes after parsed that hold no LF */
	const char *lf = NULL;
	int rc = 1;

	while (rc > 0) {
		size_t n = in->data.n - in->parsed;

		if (n > seen)
			lf = memchr(in->data.p + in->parsed + seen, '\n',
				    n - seen);
		if (lf)
			break;
		seen = n;
		rc = fill(in, e);
	}
	if (rc < 0)
		return -1;
	*line = slice_of(in->data.p + in->parsed, in->data.n - in->parsed);
	if (lf)
		line->n = (size_t)(lf - line->p) + 1;
	in->parsed += line->n;
	return line->n > 0;
}

int csvinput_start(struct slice *line, struct err *e)
{
	if (slice_starts(*line, "\xff\xfe") || slice_starts(*line, "\xfe\xff"))
		return err_set(e, ERR_DATA,
			       "the file is UTF-16; convert it with iconv -f "
			       "UTF-16 -t UTF-8");
	if (slice_starts(*line, "\xef\xbb\xbf"))
		*line = slice_of(line->p + 3, line->n - 3);
	return 0;
}

struct slice csvinput_record(const struct csvinput *in)
{
	struct slice s =
		slice_of(in->data.p + in->record, in->parsed - in->record);

	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s.n > SHOWN ? slice_of(s.p, SHOWN) : s;
}
