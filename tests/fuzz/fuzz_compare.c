/* fuzz_compare.c - two files of rows, before and behind a line "%": lines of
 * JSON leave, and nothing changes from a file to itself, nor to one with other
 * white space, whose lines are not known by their hashes
 */
#include "fuzz.h"

#include "core/tool.h"
#include "diff/compare.h"

enum { LONGEST = 65536 };

static int compare(struct slice old, struct slice new, bool sorted,
		   struct buf *out, struct err *e)
{
	const struct diff_options o = {
		.key = "id",
		.mode = "mirror",
		.keep = "row",
		.sorted = sorted,
		.input = {.max_line = 2 * LONGEST},
	};
	int a = fuzz_file(old), b = fuzz_file(new),
	    to = fuzz_file(slice_of("", 0));
	int copy = dup(to), rc;
	char from[2][40];

	snprintf(from[0], sizeof(from[0]), "/proc/self/fd/%d", a);
	snprintf(from[1], sizeof(from[1]), "/proc/self/fd/%d", b);
	rc = compare_files(&o, from[0], from[1], to, e);
	if (rc < 0 && fcntl(to, F_GETFD) >= 0)
		close(to);
	fuzz_read(copy, out);
	close(copy);
	close(a);
	close(b);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice old, new;
	struct buf out = {0}, padded = {0};

	if (size > LONGEST)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	fuzz_split(data, size, &old, &new);
	fuzz_pad(new, &padded);
	for (int sorted = 0; sorted < 2; sorted++) {
		struct err e = {0};

		(void)compare(old, new, sorted, &out, &e);
		HOLDS(e.kind != ERR_BUG);
		if (fuzz_changes(buf_all(&out)) > 0)
			REACHED("changes");
		e = (struct err){0};
		if (compare(new, new, sorted, &out, &e) == 0) {
			HOLDS(fuzz_changes(buf_all(&out)) == 0);
			if (new.n > 0)
				REACHED("a file and itself");
		}
		HOLDS(e.kind != ERR_BUG);
		e = (struct err){0};
		if (compare(new, buf_all(&padded), sorted, &out, &e) == 0) {
			HOLDS(fuzz_changes(buf_all(&out)) == 0);
			if (new.n > 0)
				REACHED("a file with other white space");
		}
		HOLDS(e.kind != ERR_BUG);
	}
	buf_clear(&padded);
	buf_clear(&out);
	return 0;
}
