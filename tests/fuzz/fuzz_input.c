/* fuzz_input.c - any stream: each line is counted once, a reject of it is a
 * line of JSON, and only a stream with its end is complete
 */
#include "fuzz.h"

#include "wire/stream/input.h"

static void check_reject(const struct input *in)
{
	struct scan *s = scan_new();
	struct buf b = {0};
	char *line;

	input_reject(in, &b, "map", "r");
	line = fuzz_line(b.p, b.n);
	HOLDS(scan_object(s, slice_of(line, b.n)) == 0);
	free(line);
	buf_clear(&b);
	scan_free(s);
}

/* An abort outranks whatever else is wrong. */
static bool failure_of(const struct input *in, const struct err *e)
{
	return e->kind == (in->abort.status > 0 ? ERR_ABORT : ERR_DATA);
}

/* Whether blank lines are skipped at the start, which count as lines. */
static bool may_skip(struct slice all)
{
	return all.n > 0 && memchr(" \t\r\n\xef", all.p[0], 5) != NULL;
}

static void run(struct slice all, const struct input_options *o)
{
	int fd = fuzz_pipe(all.p, all.n), rc;
	uint64_t data = 0, notes = 0, others = 0, begins = 0;
	struct input in;
	struct err e = {0};

	input_init(&in, fd, o, NULL, NULL);
	while ((rc = input_next(&in, &e)) > 0) {
		switch (in.kind) {
		case INPUT_BAD:
			REACHED("a bad line");
			HOLDS(in.why[0] != '\0');
			check_reject(&in);
			data++;
			break;
		case INPUT_DATA:
			REACHED("a line");
			HOLDS(in.rudder < 0 ||
			      in.control.type == CONTROL_CHANGE);
			check_reject(&in);
			data++;
			break;
		case INPUT_NOTE:
			REACHED("a note");
			notes++;
			break;
		default:
			begins += in.kind == INPUT_BEGIN;
			HOLDS(begins <= 1);
			others++;
		}
		HOLDS(in.data == data && in.rejects + in.skips == notes);
		HOLDS(input_lineno(&in) >= data + notes + others);
		HOLDS(may_skip(all) ||
		      input_lineno(&in) == data + notes + others);
	}
	if (rc < 0) {
		HOLDS(in.begun || in.ended || in.abort.status > 0);
		HOLDS(failure_of(&in, &e));
	} else if (input_complete(&in, &e) == 0) {
		HOLDS(in.abort.status == 0);
		if (in.ended)
			REACHED("a whole stream");
		HOLDS(in.ended || o->trust_eof);
		HOLDS(!in.ended || o->any_counts || in.promised == in.data);
		HOLDS(all.n == 0 || all.p[all.n - 1] == '\n' ||
		      slice_is(all, "\xef\xbb\xbf"));
	} else {
		HOLDS(failure_of(&in, &e));
	}
	input_clear(&in);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice all = slice_of((const char *)data, size);

	if (size > 16384)
		return 0;
	run(all, &(struct input_options){.max_line = 4096});
	run(all, &(struct input_options){.max_line = 64, .trust_eof = true});
	run(all, &(struct input_options){.max_line = 256, .any_counts = true});
	return 0;
}
