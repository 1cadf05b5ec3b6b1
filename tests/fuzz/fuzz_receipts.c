/* fuzz_receipts.c - any receipts of a run whose changes left: they are applied
 * or refused, never a bug, and the state can be read by the next run, which
 * has every change again that no receipt names, by the same id. Bytes 1 to 4
 * stand for the messageIds of its changes.
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

enum { ID = 32 };

/* The id of the change of that number, in hex. */
static void take_id(char id[ID], struct slice changes, size_t number)
{
	static const char mark[] = "\"change\":\"";
	const char *p = changes.p;

	for (size_t i = 0; i < number; i++) {
		p = memmem(p, (size_t)(changes.p + changes.n - p), mark,
			   sizeof(mark) - 1);
		HOLDS(p);
		p += sizeof(mark) - 1;
	}
	memcpy(id, p, ID);
}

static void put_message_id(struct buf *b, const char *id)
{
	buf_fmt(b, "%.8s-%.4s-%.4s-%.4s-%.12s", id, id + 8, id + 12, id + 16,
		id + 20);
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
	bool named[ROWS + 1] = {false};
	char id[ROWS + 1][ID];
	struct fuzz_folder f;
	size_t left;

	if (size > 16384)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	fuzz_enter(&f);
	diff(false, &changes);
	for (size_t i = 1; i <= ROWS; i++)
		take_id(id[i], buf_all(&changes), i);
	for (size_t i = 0; i < size; i++) {
		if (data[i] < 1 || data[i] > ROWS) {
			buf_char(&in, (char)data[i]);
			continue;
		}
		put_message_id(&in, id[data[i]]);
		named[data[i]] = true;
	}
	commit(buf_all(&in));
	diff(true, &changes);
	left = fuzz_changes(buf_all(&changes));
	for (size_t i = 1; i <= ROWS; i++)
		HOLDS(named[i] || memmem(changes.p, changes.n, id[i], ID));
	if (left < ROWS)
		REACHED("changes that were accepted");
	if (left < ROWS && left > 0)
		REACHED("changes that still wait");
	fuzz_leave(&f);
	buf_clear(&changes);
	buf_clear(&in);
	return 0;
}
