#include "query/end_line.h"

#include <errno.h>
#include <unistd.h>

#include "core/file.h"
#include "wire/stream/control.h"

void end_line_put(const struct rows *r, const struct cursor_range *since,
		  const struct if_changed *probe, struct buf *b)
{
	control_end(b, "rows");
	control_add_count(b, "rows", r->rows);
	control_add_count(b, "rejects", r->rejects);
	control_add_count(b, "skips", r->skips);
	if (r->partial || since->on)
		buf_str(b, ",\"partial\":true");
	if (r->cursor)
		cursor_range_end(since, r, b);
	if (r->probed)
		if_changed_end(probe, b);
	buf_slice(b, buf_all(&r->tail));
	if (r->state.n > 0) {
		buf_str(b, ",\"singer_state\":");
		buf_slice(b, buf_all(&r->state));
	}
	control_add_own_ms(b, "query_ms");
	control_close(b);
}

int end_line_forget_file(const struct query_options *o, struct err *e)
{
	if (o->end_file && unlink(o->end_file) < 0 && errno != ENOENT)
		return err_sys(e, ERR_CREATE, "cannot remove '%s'",
			       o->end_file);
	return 0;
}

int end_line_write_file(const struct rows *r, const struct query_options *o,
			const struct cursor_range *since,
			const struct if_changed *probe, struct err *e)
{
	struct buf b = {0};
	int rc;

	if (!o->end_file)
		return 0;
	end_line_put(r, since, probe, &b);
	buf_char(&b, '\n');
	rc = writer_replace(o->end_file, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}
