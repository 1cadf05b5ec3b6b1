#include "query/file/csvtype.h"

#include <strings.h>

#include "query/time_text.h"
#include "query/value.h"
#include "wire/json/number.h"

static int take_int(struct buf *b, struct slice v)
{
	if (!number_valid(v) || memchr(v.p, '.', v.n) ||
	    memchr(v.p, 'e', v.n) || memchr(v.p, 'E', v.n))
		return -1;
	buf_slice(b, v);
	return 0;
}

/* The JSON of Infinity and NaN as databases and languages write them, or NULL.
 */
static const char *not_finite(struct slice v)
{
	static const struct {
		const char *text, *json;
	} words[] = {
		{"nan", "\"NaN\""},
		{"infinity", "\"Infinity\""},
		{"inf", "\"Infinity\""},
		{"+inf", "\"Infinity\""},
		{"-infinity", "\"-Infinity\""},
		{"-inf", "\"-Infinity\""},
	};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (v.n == strlen(words[i].text) &&
		    strncasecmp(v.p, words[i].text, v.n) == 0)
			return words[i].json;
	}
	return NULL;
}

static int take_number(struct buf *b, struct slice v)
{
	const char *word = number_valid(v) ? NULL : not_finite(v);

	if (word)
		buf_str(b, word);
	else if (number_valid(v))
		buf_slice(b, v);
	else
		return -1;
	return 0;
}

/* Accepts what PostgreSQL, Python, R and spreadsheets write. */
static int take_boolean(struct buf *b, struct slice v)
{
	static const char *const words[] = {"true", "false", "t",   "f",
					    "1",    "0",     "yes", "no",
					    "y",    "n",     "on",  "off"};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (v.n != strlen(words[i]) ||
		    strncasecmp(v.p, words[i], v.n) != 0)
			continue;
		buf_str(b, i % 2 == 0 ? "true" : "false");
		return 0;
	}
	return -1;
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
	{"int", "not an integer", take_int},
	{"decimal", "not a decimal", take_number},
	{"float", "not a float", take_number},
	{"boolean", "not a boolean", take_boolean},
	{"date", "not a date", time_text_date},
	{"datetime", "not a datetime", time_text_datetime},
	{"time", "not a time", time_text_time},
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
