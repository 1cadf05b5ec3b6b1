#include "diff/expect.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/num.h"

enum operation { LESS, AT_MOST, MORE, AT_LEAST, EQUAL };

/* Longer ones first, so that "<" does not match "<=". */
static const struct {
	const char *text;
	enum operation operation;
} operators[] = {
	{"<=", AT_MOST}, {">=", AT_LEAST}, {"==", EQUAL},
	{"<", LESS},     {">", MORE},      {"=", EQUAL},
};

enum unit { NUMBER, PERCENT, OF_LAST, DURATION };

/* Values besides the counts of a record. */
enum { CHANGES = RUNS_COUNTS, TIME };

struct expectation {
	int what; /* enum runs_count, CHANGES or TIME */
	enum operation operation;
	enum unit unit;
	double value; /* of a duration: in milliseconds */
};

static bool read_name(struct slice name, int *what)
{
	for (int i = 0; i < RUNS_COUNTS; i++) {
		if (slice_is(name, runs_name((enum runs_count)i))) {
			*what = i;
			return true;
		}
	}
	*what = slice_is(name, "changes") ? CHANGES : TIME;
	return *what == CHANGES || slice_is(name, "duration");
}

/* Digits with at most one point. */
static bool read_number(struct slice text, double *value)
{
	char copy[32];
	size_t points = 0, digits = 0;

	if (text.n == 0 || text.n >= sizeof(copy))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		points += text.p[i] == '.';
		digits += text.p[i] >= '0' && text.p[i] <= '9';
	}
	if (points > 1 || digits == 0 || points + digits != text.n)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	*value = strtod(copy, NULL);
	return true;
}

static bool ends_with(struct slice *text, const char *end)
{
	size_t n = strlen(end);

	if (text->n < n || memcmp(text->p + text->n - n, end, n) != 0)
		return false;
	text->n -= n;
	return true;
}

static bool read_value(struct slice text, struct expectation *x)
{
	uint64_t ms;

	if (x->what == TIME) {
		if (ends_with(&text, "*last")) {
			x->unit = OF_LAST;
			return read_number(text, &x->value);
		}
		x->unit = DURATION;
		x->value = num_msec(text, &ms) == 0 ? (double)ms : -1;
		return x->value >= 0;
	}
	x->unit = ends_with(&text, "%")       ? PERCENT
		  : ends_with(&text, "*last") ? OF_LAST
					      : NUMBER;
	if (x->unit == NUMBER && slice_is(text, "last")) {
		x->unit = OF_LAST;
		x->value = 1;
		return true;
	}
	return read_number(text, &x->value);
}

static bool parse(const char *text, struct expectation *x)
{
	size_t n = strcspn(text, "<>=");

	for (size_t i = 0; i < COUNT_OF(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(text + n, operators[i].text, len) != 0)
			continue;
		x->operation = operators[i].operation;
		return read_name(slice_of(text, n), &x->what) &&
		       read_value(slice_str(text + n + len), x);
	}
	return false;
}

int expect_valid(const struct opt_list *list, struct err *e)
{
	struct expectation x;

	for (size_t i = 0; i < list->n; i++) {
		if (!parse(list->v[i], &x))
			return err_names(e, ERR_USAGE,
					 "option '--expect': '%s' is not an "
					 "expectation such as failed<1%%, "
					 "rows>=0.8*last, deletes<=100 or "
					 "duration<10m",
					 list->v[i]);
	}
	return 0;
}

/* ---- judging ----------------------------------------------------------- */

/* The value in a record: whether the record has it. */
static bool count_of(const struct run_record *r, int what, double *n)
{
	*n = 0;
	if (what == TIME) {
		*n = (double)r->ms;
		return true;
	}
	if (what == CHANGES) {
		for (int i = RUNS_INSERTS; i <= RUNS_DELETES; i++)
			*n += (double)r->count[i];
		return r->has[RUNS_INSERTS];
	}
	*n = (double)r->count[what];
	return r->has[what];
}

/* What a percentage is of: counts of receipts of all receipts, all other counts
 * of rows.
 */
static enum runs_count whole_of(int what)
{
	return what >= RUNS_RECEIPTS && what <= RUNS_UNTRIED ? RUNS_RECEIPTS
							     : RUNS_ROWS;
}

static bool compare(enum operation o, double a, double b)
{
	switch (o) {
	case LESS:
		return a < b;
	case AT_MOST:
		return a <= b;
	case MORE:
		return a > b;
	case AT_LEAST:
		return a >= b;
	default:
		return a == b;
	}
}

/* NULL, or why the expectation is not met. */
static const char *miss(const struct expectation *x, const struct run_record *r,
			const struct run_record *last, char why[96])
{
	double n, value = x->value, than;

	if (!count_of(r, x->what, &n))
		return "not in the stream";
	if (x->unit == OF_LAST) {
		if (!last || !count_of(last, x->what, &than))
			return NULL;
		value *= than;
		snprintf(why, 96, "%.0f, last %.0f", n, than);
	} else if (x->unit == PERCENT) {
		enum runs_count whole = whole_of(x->what);

		if (!r->has[whole])
			return "not in the stream";
		than = (double)r->count[whole];
		snprintf(why, 96, "%.0f of %.0f %s", n, than, runs_name(whole));
		value = value / 100 * than;
		if (n == 0 && than == 0)
			return NULL; /* a share of nothing */
	} else if (x->unit == DURATION) {
		snprintf(why, 96, "%.1f s", n / 1000);
	} else {
		snprintf(why, 96, "%.0f", n);
	}
	return compare(x->operation, n, value) ? NULL : why;
}

int expect_met(const struct opt_list *list, const struct run_record *r,
	       const struct run_record *last, struct err *e)
{
	struct buf b = {0};
	char text[96];
	int rc = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct expectation x;
		const char *why;

		if (!parse(list->v[i], &x))
			continue; /* expect_valid has rejected it */
		why = miss(&x, r, last, text);
		if (why)
			buf_fmt(&b, "%s%s (%s)", b.n > 0 ? ", " : "",
				list->v[i], why);
	}
	if (b.n > 0)
		rc = err_set(e, ERR_EXPECT, "not as expected: %s",
			     buf_cstr(&b));
	buf_clear(&b);
	return rc;
}
