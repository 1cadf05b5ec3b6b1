#include "query/odbc/odbcvalue.h"

#include <strings.h>

#include "query/odbc/utf16.h"
#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/number.h"

static const char *const words[] = {
	[ODBCVALUE_TEXT] = "string",    [ODBCVALUE_BYTES] = "binary",
	[ODBCVALUE_BIT] = "boolean",    [ODBCVALUE_WHOLE] = "int",
	[ODBCVALUE_NATURAL] = "int",    [ODBCVALUE_SINGLE] = "float",
	[ODBCVALUE_DOUBLE] = "float",   [ODBCVALUE_DECIMAL] = "decimal",
	[ODBCVALUE_DATE] = "date",      [ODBCVALUE_TIME] = "time",
	[ODBCVALUE_STAMP] = "datetime", [ODBCVALUE_UUID] = "string",
	[ODBCVALUE_JSON] = "json",      [ODBCVALUE_TRUTH] = "boolean",
};

const char *odbcvalue_word(enum odbcvalue kind)
{
	return words[kind];
}

/* Some databases write ".5" and "-.5", which lack the zero that JSON needs. */
static int put_decimal(struct buf *b, struct slice v)
{
	size_t from = b->n;
	bool minus = v.n > 0 && *v.p == '-';

	if (v.n > minus && v.p[minus] == '.') {
		buf_str(b, minus ? "-0" : "0");
		buf_add(b, v.p + minus, v.n - minus);
	} else {
		buf_slice(b, v);
	}
	if (number_valid(slice_of(b->p + from, b->n - from)))
		return 0;
	b->n = from;
	return value_text(b, v);
}

static int put_truth(struct buf *b, struct slice v)
{
	static const char *const true_words[] = {"1", "t", "true"};
	static const char *const false_words[] = {"0", "f", "false"};

	for (size_t i = 0; i < COUNT_OF(true_words); i++) {
		bool is_true = v.n == strlen(true_words[i]) &&
			       strncasecmp(v.p, true_words[i], v.n) == 0;

		if (is_true || (v.n == strlen(false_words[i]) &&
				strncasecmp(v.p, false_words[i], v.n) == 0)) {
			buf_str(b, is_true ? "true" : "false");
			return 0;
		}
	}
	return value_text(b, v);
}

static int put_guid(struct buf *b, struct slice v)
{
	size_t from = b->n;
	int rc = value_text(b, v);

	for (char *p = b->p + from; rc == 0 && p < b->p + b->n; p++) {
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p | 0x20);
	}
	return rc;
}

/* Writes a date, time or timestamp, or a string if it is not a valid one. */
static int put_time(enum odbcvalue kind, struct buf *b, struct slice v)
{
	int rc = kind == ODBCVALUE_DATE   ? value_time_date_text(b, v)
		 : kind == ODBCVALUE_TIME ? value_time_clock_text(b, v)
					  : value_time_stamp_text(b, v);

	return rc == 0 ? 0 : value_text(b, v);
}

int odbcvalue_put(enum odbcvalue kind, bool is_wide, struct buf *b,
		  struct slice v, struct odbcvalue_work *w)
{
	int64_t i;
	double d;

	w->why = "invalid text";
	if (is_wide) {
		w->narrow.n = 0;
		if (utf16_narrow(&w->narrow, v) < 0)
			return -1;
		v = buf_all(&w->narrow);
	}
	switch (kind) {
	case ODBCVALUE_WHOLE:
		memcpy(&i, v.p, sizeof(i));
		value_int(b, i);
		return 0;
	case ODBCVALUE_NATURAL:
		memcpy(&i, v.p, sizeof(i));
		buf_uint(b, (uint64_t)i);
		return 0;
	case ODBCVALUE_SINGLE:
		memcpy(&d, v.p, sizeof(d));
		value_float(b, (float)d);
		return 0;
	case ODBCVALUE_DOUBLE:
		memcpy(&d, v.p, sizeof(d));
		value_double(b, d);
		return 0;
	case ODBCVALUE_BIT:
		buf_str(b, *v.p ? "true" : "false");
		return 0;
	case ODBCVALUE_BYTES:
		value_binary(b, v);
		return 0;
	case ODBCVALUE_DECIMAL:
		return put_decimal(b, v);
	case ODBCVALUE_TRUTH:
		return put_truth(b, v);
	case ODBCVALUE_UUID:
		return put_guid(b, v);
	case ODBCVALUE_DATE:
	case ODBCVALUE_TIME:
	case ODBCVALUE_STAMP:
		return put_time(kind, b, v);
	case ODBCVALUE_JSON:
		return value_json_text(b, v, w->scan, &w->scratch, &w->why);
	case ODBCVALUE_TEXT:
		break;
	}
	return value_text(b, v);
}
