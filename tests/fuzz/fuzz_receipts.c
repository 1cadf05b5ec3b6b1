/* fuzz_receipts.c - any receipts of a run whose changes left: they are applied
 * or refused, never a bug, and the state can be read by the next run. Bytes 1
 * to 4 stand for the messageIds of its changes.
 */
#include "fuzz.h"

#include <sys/stat.h>

#include "core/tool.h"
#include "diff/commit.h"
#include "diff/diff.h"

static const char rows[] =
	"{\"_rudder\":{\"type\":\"begin\",\"v\":1,\"stream\":"
	"\"rows\",\"run\":\"dc1rs383p4j7o8q8vg8g\"}}\n"
	"{\"id\":1,\"a\":1}\n{\"id\":2,\"a\":1}\n"
	"{\"id\":3,\"a\":1}\n{\"id\":4,\"a\":1}\n"
	"{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\","
	"\"rows\":4}}\n";

enum { ROWS = 4 };

static void diff(bool dry, struct buf *out)
{
	const struct diff_options o = {
		.key = "id",
		.state = "st",
		.mode = "mirror",
		.memory = DIFF_OPTIONS_MEMORY,
		.dry_run = dry,
		.input = {.max_line = 4096},
	};
	int from = fuzz_file(slice_str(rows)), to = fuzz_file(slice_of("", 0));
	int copy = dup(to);
	struct err e = {0};

	/* 1 where some changes have no receipt yet */
	HOLDS(diff_run(&o, from, to, &e) == 0 || e.kind == ERR_PARTIAL);
	fuzz_read(copy, out);
	close(copy);
	close(from);
}

/* The messageId of the change of that number. */
static void put_id(struct buf *b, struct slice changes, int number)
{
	static const char mark[] = "\"change\":\"";
	const char *p = changes.p;

	for (int i = 0; i < number; i++) {
		p = memmem(p, (size_t)(changes.p + changes.n - p), mark,
			   sizeof(mark) - 1);
		HOLDS(p);
		p += sizeof(mark) - 1;
	}
	buf_fmt(b, "%.8s-%.4s-%.4s-%.4s-%.12s", p, p + 8, p + 12, p + 16,
		p + 20);
}

static void commit(struct slice text)
{
	const struct commit_options o = {
		.state = "st",
		.rejected = "retry",
		.memory = DIFF_OPTIONS_MEMORY,
		.input = {.max_line = 4096},
	};
	int from = fuzz_file(text);
	struct err e = {0};

	HOLDS(commit_run(&o, from, &e) == 0 || e.kind != ERR_BUG);
	close(from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf changes = {0}, in = {0};
	struct fuzz_folder f;

	if (size > 16384)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	fuzz_enter(&f);
	diff(false, &changes);
	for (size_t i = 0; i < size; i++) {
		if (data[i] >= 1 && data[i] <= 4)
			put_id(&in, buf_all(&changes), data[i]);
		else
			buf_char(&in, (char)data[i]);
	}
	commit(buf_all(&in));
	diff(true, &changes);
	if (fuzz_objects(buf_all(&changes), "\"type\":\"change\"") < ROWS)
		REACHED("changes that were accepted");
	fuzz_leave(&f);
	buf_clear(&changes);
	buf_clear(&in);
	return 0;
}
