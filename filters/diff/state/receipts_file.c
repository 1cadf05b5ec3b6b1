#include "diff/state/receipts_file.h"

#include <fcntl.h>
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

static int read_file(const char *path, receipts_file_fn *take, void *ctx,
		     struct err *e)
{
	struct receipts_file_record r;
	struct journal_file f;
	struct slice payload;
	int rc;

	if (!receipts_file_has_head(path))
		return 0;
	rc = journal_open(&f, path, receipts_file_magic, e);
	if (rc <= 0)
		return rc;
	f.loose = true;
	while ((rc = journal_next(&f, &payload, e)) > 0) {
		for (; payload.n >= sizeof(r) && rc > 0;
		     payload = slice_of(payload.p + sizeof(r),
					payload.n - sizeof(r))) {
			memcpy(&r, payload.p, sizeof(r));
			if (take(ctx, &r, e) < 0)
				rc = -1;
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
	if (read_file(s->answers_path, take, ctx, e) < 0)
		return -1;
	return read_file(s->receipts_path, take, ctx, e);
}
