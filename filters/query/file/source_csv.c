/* source_csv.c - a CSV file (RFC 4180) whose first record is the header.
 *
 * Every value is a string unless --types says otherwise: CSV has no types, and
 * a guess from a sample is wrong as soon as the sample changes ("007", "1e5").
 * An unquoted empty field is null; "" is the empty string.
 *
 * libcsv gets the bytes line by line, so that a rejected record can be reported
 * with its line number, shown as it was written, and skipped.
 */
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "core/mem.h"
#include "query/file/csvheader.h"
#include "query/file/csvinput.h"
#include "query/source.h"

enum { DELIMITER, QUOTE, NULL_TEXT, NO_HEADER, NAMES, TYPES };

static const struct source_option options[] = {
	[DELIMITER] = {"delimiter", "<char>",
		       "field delimiter (comma; \\t is a tab)"},
	[QUOTE] = {"quote", "<char>", "quote character (double quote)"},
	[NULL_TEXT] = {"null", "<text>",
		       "field that means null (an unquoted empty one)"},
	[NO_HEADER] = {"no-header", NULL,
		       "the file has no header; columns are c1, c2, ..."},
	[NAMES] = {"names", "<columns>", "names of all columns: a,b"},
	[TYPES] = {"types", "<name=type,...>", "columns that are not strings"},
};

/* A field of the first record. Its text is in table.names. */
struct held_field {
	size_t end; /* offset of the NUL after its text */
	bool null;
};

struct table {
	struct csv_parser csv;
	char delimiter, quote;
	bool from_sep; /* a line sep= has set the delimiter */
	struct csvheader_options o;
	const char *null;     /* text of a field that means null, or NULL */
	bool delimiter_given; /* --delimiter was given */
	struct rows *rows;
	struct err *e;
	bool failed; /* *e is set: take no more fields */
	bool full;   /* a record beyond the limit has begun */

	/* the header */
	bool headed;
	struct buf names; /* each with its NUL */
	struct held_field *held;
	size_t n; /* columns */
	struct csvheader header;

	/* the current record */
	struct buf scratch;
	struct buf *b; /* its row in the output */
	size_t fields;
	int invalid_at; /* index of the first invalid field, or -1 */
	bool ended;     /* it is complete */

	struct csvinput in;
};

/* libcsv would trim blanks; in RFC 4180 they belong to the field. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void csv_begin(struct table *t)
{
	csv_init(&t->csv, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL);
	csv_set_space_func(&t->csv, no_space);
	csv_set_delim(&t->csv, (unsigned char)t->delimiter);
	csv_set_quote(&t->csv, (unsigned char)t->quote);
}

static void fail(struct table *t, int rc)
{
	t->failed = t->failed || rc < 0;
}

static void refuse(struct table *t, int column, const char *why)
{
	fail(t, rows_reject(t->rows, column, t->in.record_line, why,
			    csvinput_record(&t->in), t->e));
}

static void hold_field(struct table *t, const char *p, size_t n)
{
	if (!t->o.no_header && n > 0 && memchr(p, '\0', n))
		fail(t, err_names(t->e, ERR_DATA,
				  "the header has a NUL byte in field %zu",
				  t->fields));
	buf_add(&t->names, p, n);
	t->held = mem_resize(t->held, t->fields * sizeof(*t->held));
	t->held[t->fields - 1] = (struct held_field){t->names.n, !p};
	buf_char(&t->names, '\0');
}

static bool is_null(const struct table *t, const char *p, size_t n)
{
	return t->null ? slice_is(slice_of(p, n), t->null) : !p;
}

static void emit(struct table *t, const char *p, size_t n)
{
	const struct csvheader_column *c;
	size_t k = t->fields++;

	t->ended = false;
	if (t->failed || t->full)
		return;
	if (!t->headed) {
		hold_field(t, p, p ? n : 0);
		return;
	}
	if (k == 0) {
		t->full = rows_full(t->rows);
		t->invalid_at = -1;
		t->b = rows_buf(t->rows);
	}
	if (t->full || k >= t->n || t->invalid_at >= 0)
		return;
	c = &t->header.column[k];
	if (c->out == SIZE_MAX)
		return;
	rows_name(t->rows, t->b, c->out);
	if (is_null(t, p, p ? n : 0))
		buf_add(t->b, "null", 4);
	else if (c->type->take(t->b, slice_of(p, n)) < 0)
		t->invalid_at = (int)k;
}

static void on_field(void *p, size_t n, void *ctx)
{
	emit(ctx, p, n);
}

/* Refuses a single column whose name contains a common delimiter. */
static int check_delimiter(const struct table *t, struct err *e)
{
	const char *sign;

	if (t->n != 1 || t->delimiter_given || t->from_sep)
		return 0;
	sign = strpbrk(t->names.p, t->delimiter == '\t' ? ",;|" : ";\t|");
	if (!sign)
		return 0;
	return err_names(
		e, ERR_CONFIG,
		"the first line is a single column that contains '%s': use "
		"--delimiter '%s', or --delimiter '%s' if it is one column",
		*sign == '\t' ? "\\t" : (char[]){*sign, '\0'},
		*sign == '\t' ? "\\t" : (char[]){*sign, '\0'},
		t->delimiter == '\t' ? "\\t" : ",");
}

static void begin_rows(struct table *t)
{
	int rc = check_delimiter(t, t->e);

	if (rc == 0)
		rc = csvheader_make(&t->header, &t->o, t->names.p, t->n, t->e);
	if (rc == 0)
		rc = csvheader_begin(&t->header, t->rows, t->e);
	fail(t, rc);
	t->full = rc == 0;
}

static void record_done(struct table *t)
{
	char why[80];

	if (t->fields != t->n) {
		snprintf(why, sizeof(why), "%zu fields, the header has %zu",
			 t->fields, t->n);
		refuse(t, -1, why);
	} else if (t->invalid_at >= 0) {
		const struct csvheader_column *c =
			&t->header.column[t->invalid_at];

		refuse(t, (int)c->out, c->type->why);
	} else {
		fail(t, rows_put(t->rows, t->e));
	}
}

/* Takes the first record: the column names or, with --no-header, also a row. */
static void first_done(struct table *t)
{
	const char *p = t->names.p;

	t->n = t->fields;
	t->headed = true;
	begin_rows(t);
	if (!t->o.no_header || t->failed || t->full)
		return;
	t->fields = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct held_field *h = &t->held[i];

		emit(t, h->null ? NULL : p, (size_t)(t->names.p + h->end - p));
		p = t->names.p + h->end + 1;
	}
	t->ended = true;
	record_done(t);
}

static void on_record(int c, void *ctx)
{
	struct table *t = ctx;

	(void)c;
	t->ended = true;
	if (t->failed || t->full)
		return;
	if (t->headed)
		record_done(t);
	else
		first_done(t);
	t->fields = 0;
}

/* Reads the quoted field that starts at p. *v is its text, in scratch if it
 * contains a quote. Returns its end, or NULL if it does not end in this line.
 */
static const char *quoted(struct table *t, const char *p, const char *end,
			  struct slice *v)
{
	const char *from = ++p;

	t->scratch.n = 0;
	for (;;) {
		const char *q =
			p < end ? memchr(p, t->quote, (size_t)(end - p)) : NULL;

		if (!q)
			return NULL;
		if (q + 1 == end || q[1] != t->quote) {
			*v = slice_of(from, (size_t)(q - from));
			if (t->scratch.n > 0) {
				buf_slice(&t->scratch, *v);
				*v = buf_all(&t->scratch);
			}
			return q + 1;
		}
		buf_add(&t->scratch, from, (size_t)(q + 1 - from));
		from = p = q + 2;
	}
}

/* Reads a line that is one complete record without libcsv, which looks at each
 * byte and would take most of the time. Returns false, with nothing done, for a
 * line that libcsv must judge: open or odd quotes, a CR inside, the last line
 * of a file.
 */
static bool whole_record(struct table *t, struct slice line)
{
	const char *p = line.p, *end = line.p + line.n - 1;
	struct buf *b = rows_buf(t->rows);
	size_t from = b->n, left;

	if (*end != '\n' || !t->headed || t->in.record_line != t->in.line ||
	    t->csv.pstate != 0) /* libcsv is inside a record */
		return false;
	end -= end > p && end[-1] == '\r';
	left = (size_t)(end - p);
	if (left == 0 || memchr(p, '\r', left))
		return false;
	for (;; p++) {
		struct slice v;

		left = (size_t)(end - p);
		if (left > 0 && *p == t->quote) {
			p = quoted(t, p, end, &v);
			if (!p || (p != end && *p != t->delimiter))
				break;
			emit(t, v.p, v.n);
		} else {
			const char *stop =
				left > 0 ? memchr(p, t->delimiter, left) : NULL;

			stop = stop ? stop : end;
			emit(t, stop == p ? NULL : p, (size_t)(stop - p));
			p = stop;
		}
		if (p == end) {
			on_record('\n', t);
			return true;
		}
	}
	b->n = from;
	t->fields = 0;
	return false;
}

/* Parses a line with libcsv. A quote inside an unquoted field (37.8" N) is an
 * ordinary character: many files have it, and it can mean nothing else. Returns
 * 0, or -1 at an error of libcsv.
 */
static int parse(struct table *t, struct slice line)
{
	unsigned char strict = CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL;
	unsigned char lenient = CSV_STRICT_FINI | CSV_EMPTY_IS_NULL;

	for (;;) {
		size_t got = csv_parse(&t->csv, line.p, line.n, on_field,
				       on_record, t);

		if (got == line.n)
			return 0;
		if (csv_error(&t->csv) != CSV_EPARSE || t->csv.quoted)
			return -1;
		line = slice_of(line.p + got, line.n - got);
		csv_set_opts(&t->csv, lenient);
		got = csv_parse(&t->csv, line.p, 1, on_field, on_record, t);
		csv_set_opts(&t->csv, strict);
		if (got != 1)
			return -1;
		line = slice_of(line.p + 1, line.n - 1);
	}
}

/* Handles text after a closing quote: rejects the record, and starts again
 * after its line.
 */
static int malformed(struct table *t, struct err *e)
{
	if (csv_error(&t->csv) != CSV_EPARSE)
		return err_set(e, ERR_OS, "libcsv: %s",
			       csv_strerror(csv_error(&t->csv)));
	if (!t->headed)
		return err_set(e, ERR_DATA,
			       "the header has a quote inside a "
			       "field");
	refuse(t, -1, "text after a quoted field");
	csv_free(&t->csv);
	csv_begin(t);
	t->fields = 0;
	t->ended = true;
	return t->failed ? -1 : 0;
}

static int take_line(struct table *t, struct slice line, struct err *e)
{
	t->ended = false;
	if (!whole_record(t, line) && parse(t, line) < 0 && malformed(t, e) < 0)
		return -1;
	if (t->failed)
		return -1;
	t->in.line++;
	if (t->ended || csvinput_record(&t->in).n ==
				0) { /* an empty line is not a record */
		t->in.record = t->in.parsed;
		t->in.record_line = t->in.line;
	}
	return 0;
}

/* Takes a line "sep=;" of Excel, which sets the delimiter unless --delimiter is
 * given.
 */
static bool is_separator_line(struct table *t, struct slice line)
{
	while (line.n > 0 &&
	       (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
		line.n--;
	if (line.n != 5 || strncasecmp(line.p, "sep=", 4) != 0 ||
	    line.p[4] == t->quote)
		return false;
	t->from_sep = true;
	if (!t->delimiter_given)
		t->delimiter = line.p[4];
	csv_set_delim(&t->csv, (unsigned char)t->delimiter);
	return true;
}

static int parse_all(struct table *t, struct err *e)
{
	struct slice line;
	int rc;

	t->in.line = t->in.record_line = 1;
	rc = csvinput_next(&t->in, &line, e);
	if (rc > 0 && csvinput_start(&line, e) < 0)
		return -1;
	if (rc > 0 && is_separator_line(t, line)) {
		t->in.record = t->in.parsed;
		t->in.record_line = ++t->in.line;
		rc = csvinput_next(&t->in, &line, e);
	}
	for (; rc > 0 && !t->full; rc = csvinput_next(&t->in, &line, e)) {
		if (take_line(t, line, e) < 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	if (!t->full && csv_fini(&t->csv, on_field, on_record, t) != 0)
		return err_names(e, ERR_DATA,
				 "line %ju: unterminated quoted field",
				 (uintmax_t)t->in.record_line);
	if (t->failed)
		return -1;
	if (!t->headed)
		return err_set(e, ERR_DATA, "no header line");
	t->rows->partial = t->full && rows_full(t->rows);
	return 0;
}

/* Takes an option of one ASCII character, or \\t for a tab. */
static int one_byte(const char *text, const char *name, char *c, struct err *e)
{
	if (!text)
		return 0;
	*c = strcmp(text, "\\t") == 0 ? '\t' : *text;
	if ((*c == *text && text[0] && text[1]) || *c == '\0' || *c == '\n' ||
	    *c == '\r' || (unsigned char)*c >= 0x80)
		return err_names(e, ERR_USAGE,
				 "option '--%s': '%s' is not one ASCII "
				 "character",
				 name, text);
	return 0;
}

static int csv_run(const struct source_job *job, struct rows *rows,
		   struct err *e)
{
	struct table t = {
		.rows = rows,
		.e = e,
		.o = {.names = job->option[NAMES],
		      .columns = job->columns,
		      .types = job->option[TYPES],
		      .no_header = job->option[NO_HEADER] != NULL},
		.null = job->option[NULL_TEXT],
		.delimiter_given = job->option[DELIMITER] != NULL,
		.delimiter = *job->url == 't' ? '\t' : ',',
		.quote = '"',
	};
	bool in = strcmp(job->where, "-") == 0;
	int fd = job->in;
	int rc;

	if (one_byte(job->option[DELIMITER], "delimiter", &t.delimiter, e) <
		    0 ||
	    one_byte(job->option[QUOTE], "quote", &t.quote, e) < 0)
		return -1;
	if (t.delimiter == t.quote)
		return err_set(
			e, ERR_USAGE,
			"the delimiter and the quote are the same character");
	if (!in)
		fd = open(job->where, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			       "cannot open '%s'", job->where);
	csv_begin(&t);
	t.in.from = gunzip_new(fd, rows);
	rc = rows_step(rows, ROWS_CONNECTION, "the file is open", e);
	if (rc == 0)
		rc = parse_all(&t, e);
	csv_free(&t.csv);
	gunzip_free(t.in.from);
	buf_clear(&t.in.data);
	buf_clear(&t.names);
	buf_clear(&t.scratch);
	free(t.held);
	csvheader_clear(&t.header);
	if (!in)
		close(fd);
	return rc < 0 ? err_in(e, "'%s'", in ? "standard input" : job->where)
		      : 0;
}

extern const struct source source_csv;
const struct source source_csv = {
	.scheme = {"csv", "tsv"},
	.help = "file",
	.options = options,
	.n_options = COUNT_OF(options),
	.group = "csv: and tsv:",
	.fields = true,
	.run = csv_run,
};
