#include "query/file/csvtype.h"

#include "query/value.h"

static int take_int(struct buf *b, struct slice v)
{
	if (!value_is_number(v) || memchr(v.p, '.', v.n) ||
	    memchr(v.p, 'e', v.n) || memchr(v.p, 'E', v.n))
		return -1;
	buf_slice(b, v);
	return 0;
}

static int take_number(struct buf *b, struct slice v)
{
	if (!value_is_number(v))
		return -1;
	buf_slice(b, v);
	return 0;
}

static int take_boolean(struct buf *b, struct slice v)
{
	bool yes = slice_is(v, "true") || slice_is(v, "t") ||
		   slice_is(v, "TRUE") || slice_is(v, "1");
	bool no = slice_is(v, "false") || slice_is(v, "f") ||
		  slice_is(v, "FALSE") || slice_is(v, "0");

	if (!yes && !no)
		return -1;
	buf_str(b, yes ? "true" : "false");
	return 0;
}

static int take_json(struct buf *b, struct slice v)
{
	struct scan *scan = scan_new();
	struct buf scratch = {0};
	const char *why;
	int rc = value_json(b, v, scan, &scratch, &why);

	buf_clear(&scratch);
	scan_free(scan);
	return rc;
}

static const struct csvtype types[] = {
	{"string", "invalid UTF-8", value_text},
	{"int", "not an int", take_int},
	{"decimal", "not a decimal", take_number},
	{"float", "not a float", take_number},
	{"boolean", "not a boolean", take_boolean},
	{"date", "not a date", value_date_text},
	{"datetime", "not a datetime", value_stamp_text},
	{"time", "not a time", value_time_text},
	{"json", "not JSON", take_json},
};

const struct csvtype *csvtype_find(struct slice word)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (slice_is(word, types[i].word))
			return &types[i];
	}
	return NULL;
}
