/* fuzz_lite.c - simple jq programs over rows: the first byte picks one of the
 * listed programs, which libjq must agree about, or says that the first line is
 * a program itself, which only has to end
 */
#include "fuzz.h"

#include <jq.h>

#include "../unit/lite_cases.h"
#include "core/buf.h"
#include "map/native_jq/native_jq.h"
#include "wire/jq/jqjson.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

enum { PROGRAMS = COUNT_OF(native_jq_programs) };

/* For as long as the process. */
static struct judge {
	jq_state *jq;
	struct native_jq *l[PROGRAMS];
	struct scan *s;
} the_judge;

/* libjq points behind the end of its stack, which is not a pointer to the leak
 * sanitizer.
 */
static void dismiss(void)
{
	jq_teardown(&the_judge.jq);
	scan_free(the_judge.s);
	for (size_t i = 0; i < PROGRAMS; i++)
		native_jq_free(the_judge.l[i]);
}

static void dispatch(struct buf *b, size_t from, size_t n)
{
	if (n == 1) {
		buf_fmt(b, "(.r | %s\n)", native_jq_programs[from]);
		return;
	}
	buf_fmt(b, "if .i < %zu then ", from + n / 2);
	dispatch(b, from, n / 2);
	buf_str(b, " else ");
	dispatch(b, from + n / 2, n - n / 2);
	buf_str(b, " end");
}

static struct judge *judge(void)
{
	struct judge *j = &the_judge;
	struct native_jq_no why;
	struct buf b = {0};

	if (j->jq)
		return j;
	HOLDS(atexit(dismiss) == 0);
	j->jq = jq_init();
	j->s = scan_new();
	dispatch(&b, 0, PROGRAMS);
	HOLDS(jq_compile(j->jq, buf_cstr(&b)));
	buf_clear(&b);
	for (size_t i = 0; i < PROGRAMS; i++) {
		j->l[i] = native_jq_new(native_jq_programs[i], &why);
		HOLDS(j->l[i]);
	}
	return j;
}

/* Whether the row is not odd; then out is what is made of it. */
static bool by_lite(struct native_jq *l, const struct scan *s, struct buf *out)
{
	struct native_jq_row row = {
		.scan = s, .hidden = -1, .shape = scan_shape(s)};
	struct native_jq_value v;
	enum native_jq_result rc;

	out->n = 0;
	row.member = scan_members(s, &row.n);
	for (size_t i = 0; i < row.n; i++) {
		if (!native_jq_fits(&row.member[i]))
			return false;
	}
	rc = native_jq_run(l, &row, &v);
	if (rc == NATIVE_JQ_ONE && native_jq_put(l, &row, &v, out) < 0)
		return false;
	return rc != NATIVE_JQ_ODD;
}

/* Whether libjq can read the row: names with half a surrogate pair it refuses,
 * which rudder-map does not give it (wire/jq/jqjson.h).
 */
static bool by_libjq(jq_state *jq, size_t i, struct slice row, struct buf *out)
{
	struct buf in = {0};
	jv v;

	out->n = 0;
	buf_fmt(&in, "{\"i\":%zu,\"r\":", i);
	buf_slice(&in, row);
	buf_char(&in, '}');
	v = jv_parse_sized(in.p, (int)in.n);
	buf_clear(&in);
	if (!jv_is_valid(v)) {
		jv_free(v);
		return false;
	}
	jq_start(jq, v, 0);
	while (jv_is_valid(v = jq_next(jq)))
		HOLDS(jqjson_write(out, v) == 0);
	HOLDS(!jv_invalid_has_msg(jv_copy(v)));
	jv_free(v);
	return true;
}

static void agree(struct judge *j, size_t i, struct slice row)
{
	struct buf want = {0}, got = {0};
	char *line = fuzz_line(row.p, row.n);

	if (scan_object(j->s, slice_of(line, row.n)) == 0 &&
	    by_lite(j->l[i], j->s, &got) && by_libjq(j->jq, i, row, &want)) {
		if (want.n > 0)
			REACHED("a value of a listed program");
		HOLDS(slice_eq(buf_all(&want), buf_all(&got)));
	}
	free(line);
	buf_clear(&want);
	buf_clear(&got);
}

/* Any UTF-8 as a program: what comes out is JSON. */
static void ends(struct judge *j, struct slice text, struct slice row)
{
	char *program = mem_copy(text.p, text.n);
	struct buf got = {0};
	struct native_jq_no why;
	struct native_jq *l = native_jq_new(program, &why);
	char *line = fuzz_line(row.p, row.n);
	enum scan_kind kind;

	HOLDS(l || why.line > 0);
	if (l && scan_object(j->s, slice_of(line, row.n)) == 0 &&
	    by_lite(l, j->s, &got) && got.n > 0) {
		char *made = fuzz_line(got.p, got.n);

		REACHED("a value of another program");
		HOLDS(scan_value(j->s, slice_of(made, got.n), &kind) == 0);
		free(made);
	}
	native_jq_free(l);
	free(program);
	free(line);
	buf_clear(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct judge *j = judge();
	const char *p = (const char *)data, *lf;

	if (size < 2)
		return 0;
	if (data[0] != '#') {
		size_t i = ((size_t)data[0] << 8 | data[1]) % PROGRAMS;

		agree(j, i, slice_of(p + 2, size - 2));
		return 0;
	}
	lf = memchr(p, '\n', size);
	if (lf && json_utf8(slice_of(p, (size_t)(lf - p))) == (size_t)(lf - p))
		ends(j, slice_of(p + 1, (size_t)(lf - p) - 1),
		     slice_of(lf + 1, (size_t)(p + size - lf) - 1));
	return 0;
}
