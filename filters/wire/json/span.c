#include "wire/json/span.h"

static bool in_scalar(char c)
{
	return c != ',' && c != ']' && c != '}' && (unsigned char)c > ' ';
}

const char *span_value(const char *p, const char *end)
{
	size_t depth = 0;

	do {
		if (*p == '"') {
			p = span_string(p, end);
			continue;
		}
		if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (*p == '}' || *p == ']') {
			depth--;
			p++;
		} else if (depth > 0) {
			p++;
		} else {
			while (p < end && in_scalar(*p))
				p++;
		}
	} while (depth > 0 && p < end);
	return p;
}

enum scan_kind span_kind(char first)
{
	switch (first) {
	case 'n':
		return SCAN_NULL;
	case 'f':
		return SCAN_FALSE;
	case 't':
		return SCAN_TRUE;
	case '"':
		return SCAN_STRING;
	case '[':
		return SCAN_ARRAY;
	case '{':
		return SCAN_OBJECT;
	default:
		return SCAN_NUMBER;
	}
}

struct span span_open(struct slice value)
{
	return (struct span){value.p + 1, value.p + value.n - 1};
}

static bool at_end(struct span *s)
{
	s->at = span_blank(s->at, s->end);
	if (s->at < s->end && *s->at == ',')
		s->at = span_blank(s->at + 1, s->end);
	return s->at >= s->end;
}

bool span_element(struct span *s, struct slice *value)
{
	const char *from;

	if (at_end(s))
		return false;
	from = s->at;
	s->at = span_value(from, s->end);
	*value = slice_of(from, (size_t)(s->at - from));
	return true;
}

bool span_member(struct span *s, struct slice *key, struct slice *value)
{
	const char *from;

	if (at_end(s))
		return false;
	from = s->at;
	s->at = span_string(from, s->end);
	*key = slice_of(from + 1, (size_t)(s->at - from) - 2);
	from = span_blank(s->at, s->end); /* the colon */
	from = span_blank(from + 1, s->end);
	s->at = span_value(from, s->end);
	*value = slice_of(from, (size_t)(s->at - from));
	return true;
}
