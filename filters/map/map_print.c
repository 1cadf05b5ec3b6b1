#include "map/map_print.h"

#include "core/writer.h"
#include "map/columns_read.h"
#include "map/mapping_change.h"
#include "map/native.h"
#include "map/settings/mapping_print.h"

int map_print_mapping(struct map_leaving *leaving,
		      const struct mapping_list *list, struct err *e)
{
	struct buf text = {0};
	int rc = mapping_print(&text, list, e);

	if (rc == 0) {
		buf_add(writer_buf(leaving->out), text.p, text.n - 1);
		rc = writer_line(leaving->out, e);
	}
	if (rc == 0)
		rc = writer_close(leaving->out, e);
	buf_clear(&text);
	return rc;
}

int map_print_columns(struct map_leaving *leaving,
		      const struct mapping_list *list, struct err *e)
{
	struct columns_read x = {.all = false};

	for (size_t i = 0; i < list->n; i++)
		columns_read_add(&x, &list->v[i]);
	columns_read_show(&x, writer_buf(leaving->out));
	return writer_line(leaving->out, e) < 0 ? -1
						: writer_close(leaving->out, e);
}

int map_print_record(const struct makers *makers, struct map_leaving *leaving,
		     struct err *e)
{
	mapping_change_record(makers, writer_buf(leaving->out));
	return writer_line(leaving->out, e) < 0 ? -1
						: writer_close(leaving->out, e);
}

int map_print_explain(const struct makers *makers, struct map_leaving *leaving,
		      struct err *e)
{
	struct buf *b = writer_buf(leaving->out);

	for (size_t i = 0; i < makers->n; i++) {
		if (makers->n > 1)
			buf_fmt(b, "mapping %zu\n", i + 1);
		native_explain(&makers->v[i], b);
	}
	b->n--; /* the last LF */
	return writer_line(leaving->out, e) < 0 ? -1
						: writer_close(leaving->out, e);
}
