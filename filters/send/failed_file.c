#include "send/failed_file.h"

#include "wire/stream/control.h"

enum { FLUSH_BYTES = 64 * 1024 };

int failed_file_open(struct failed_file *a, const char *path, struct err *e)
{
	*a = (struct failed_file){0};
	if (!path)
		return 0;
	if (file_begin(&a->file, path, e) < 0)
		return -1;
	a->out = writer_new(a->file.fd, FLUSH_BYTES);
	return 0;
}

static int put(struct failed_file *a, struct slice line, struct err *e)
{
	buf_slice(writer_buf(a->out), line);
	if (writer_line(a->out, e) < 0)
		return err_in(e, "'%s'", a->file.temp);
	return 0;
}

int failed_file_begin(struct failed_file *a, struct slice line, struct err *e)
{
	return a->out ? put(a, line, e) : 0;
}

int failed_file_add(struct failed_file *a, struct slice event, struct err *e)
{
	if (!a->out)
		return 0;
	a->n++;
	return put(a, event, e);
}

int failed_file_finish(struct failed_file *a, struct err *e)
{
	struct buf *b;

	if (!a->out)
		return 0;
	b = writer_buf(a->out);
	control_end(b, "events");
	control_add_count(b, "events", a->n);
	control_add_count(b, "rejects", 0);
	control_add_count(b, "skips", 0);
	control_close(b);
	if (writer_line(a->out, e) < 0 || writer_flush(a->out, e) < 0)
		return err_in(e, "'%s'", a->file.temp);
	return file_commit(&a->file, e);
}

void failed_file_clear(struct failed_file *a)
{
	writer_free(a->out);
	file_abandon(&a->file);
	*a = (struct failed_file){0};
}
