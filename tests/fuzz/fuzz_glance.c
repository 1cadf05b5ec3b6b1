/* fuzz_glance.c - rows of two runs, before and behind a line "%": what leaves
 * is the same whether rows are known at a glance or not. Blanks change the hash
 * of a line and nothing else, so those are all read.
 */
#include "fuzz.h"

#include <sys/stat.h>

#include "core/tool.h"
#include "diff/diff.h"
#include "diff/rebase.h"
#include "wire/json/hash.h"

/* What is said of the change in a line: its action and its ids, of which one
 * stands for the content. Nothing in other lines.
 */
static struct slice change_of(struct scan *s, char *line, size_t n)
{
	static const char type[] = "{\"type\":\"change\"";
	const struct scan_member *m;
	size_t count;

	HOLDS(scan_object(s, slice_of(line, n)) == 0);
	m = scan_members(s, &count);
	if (count == 0 || !slice_is(m[0].key, "_rudder") ||
	    !slice_starts(m[0].value, type))
		return slice_of(line, 0);
	return m[0].value;
}

/* Sum of the hashes of the changes, in any order; and how many there are. */
static struct hash digest(struct slice all, size_t *changes)
{
	struct scan *s = scan_new();
	struct hash sum = {0};

	*changes = 0;
	while (all.n > 0) {
		const char *lf = memchr(all.p, '\n', all.n);
		size_t n = (size_t)(lf - all.p);
		char *line = fuzz_line(all.p, n);
		struct slice change = change_of(s, line, n);

		if (change.n > 0) {
			struct hash h = hash_bytes(change.p, change.n, 1);

			sum.lo += h.lo;
			sum.hi += h.hi;
			++*changes;
		}
		free(line);
		all = slice_of(lf + 1, all.n - n - 1);
	}
	scan_free(s);
	return sum;
}

typedef int run_with(const struct diff_options *, int, int, struct err *);

static int diff(run_with *run, const struct diff_options *o, struct slice rows,
		struct buf *out)
{
	int from = fuzz_file(rows), to = fuzz_file(slice_of("", 0));
	int copy = dup(to), rc;
	struct err e = {0};

	rc = run(o, from, to, &e);
	HOLDS(rc == 0 || e.kind != ERR_BUG);
	if (rc < 0 && fcntl(to, F_GETFD) >= 0)
		close(to);
	fuzz_read(copy, out);
	close(copy);
	close(from);
	return rc == 0 ? 0 : (int)e.kind;
}

/* Of any text. */
static size_t lines_with(struct slice all, const char *text)
{
	size_t found = 0;

	while (all.n > 0) {
		const char *lf = memchr(all.p, '\n', all.n);
		size_t n = lf ? (size_t)(lf + 1 - all.p) : all.n;

		found += memmem(all.p, n, text, strlen(text)) != NULL;
		all = slice_of(all.p + n, all.n - n);
	}
	return found;
}

static void both(struct slice old, struct slice new)
{
	struct diff_options o = {
		.key = "id",
		.state = "st",
		.mode = "mirror",
		.memory = DIFF_OPTIONS_MEMORY,
		.allow_deletes = NULL,
		.max_deletes = "100%",
		.input = {.max_line = 65536, .trust_eof = true},
	};
	struct buf out = {0}, padded = {0};
	size_t changes, again;
	struct hash h;
	int rc;

	/* without a state change ids are drawn at random */
	if (diff(rebase_run, &o, old, &out) == 0 &&
	    access("st/snapshot", F_OK) == 0) {
		o.dry_run = true;
		rc = diff(diff_run, &o, new, &out);
		h = digest(buf_all(&out), &changes);
		if (rc == 0 && changes > 0)
			REACHED("changes");
		if (rc == 0 && changes < lines_with(new, "\"id\""))
			REACHED("rows that are known");
		fuzz_pad(new, &padded);
		HOLDS(diff(diff_run, &o, buf_all(&padded), &out) == rc);
		HOLDS(hash_eq(h, digest(buf_all(&out), &again)));
		HOLDS(again == changes);
	}
	buf_clear(&out);
	buf_clear(&padded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice old, new;
	struct fuzz_folder f;

	if (size > 16384)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	fuzz_split(data, size, &old, &new);
	fuzz_enter(&f);
	both(old, new);
	fuzz_leave(&f);
	return 0;
}
