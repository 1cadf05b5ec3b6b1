/* fuzz_reshape.c - any stream of changes in other forms: lines of JSON, each
 * change counted once, and an inverse of the inverse that is whole too
 */
#include "fuzz.h"

#include "core/tool.h"
#include "diff/convert.h"

static int shape(const char *format, struct slice in, struct buf *out,
		 struct err *e)
{
	const struct convert_options o = {
		.format = format,
		.input = {.max_line = 4096},
	};
	int from = fuzz_file(in), to = fuzz_file(slice_of("", 0));
	int copy = dup(to), rc;

	HOLDS(copy >= 0);
	rc = convert_run(&o, from, to, e);
	close(from);
	fuzz_read(copy, out);
	close(copy);
	if (rc < 0 && e->kind != ERR_PARTIAL)
		close(to);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {NULL, "record", "debezium"};
	const struct slice all = slice_of((const char *)data, size);
	struct buf out = {0}, back = {0};

	if (size > 65536)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		struct err e = {0};
		int rc = shape(formats[i], all, &out, &e);
		size_t lines = fuzz_objects(buf_all(&out), "\"type\":\"end\"");

		HOLDS(rc == 0 || e.kind == ERR_DATA || e.kind == ERR_PARTIAL);
		if (i > 0 && rc == 0 && memmem(out.p, out.n, "\"op\":", 5))
			REACHED("changes in another form");
		if (i < 2 && (rc == 0 || e.kind == ERR_PARTIAL))
			HOLDS(lines >= 1);
		if (i == 0 && rc == 0) {
			e = (struct err){0};
			rc = shape(NULL, buf_all(&out), &back, &e);
			HOLDS(rc == 0);
			lines = fuzz_changes(buf_all(&back));
			HOLDS(lines == fuzz_changes(buf_all(&out)));
			if (lines > 0)
				REACHED("an inverse of an inverse");
		}
	}
	buf_clear(&out);
	buf_clear(&back);
	return 0;
}
