#include "query/model_meaning.h"

/* Whether a token is a string that may name a file: 'data/2026-11-29/a.csv',
 * 'users-20261129.parquet'.
 */
static bool names_file(struct slice text)
{
	if (*text.p != '\'' && *text.p != '"')
		return false;
	for (size_t i = 1; i + 1 < text.n; i++) {
		char c = text.p[i + 1];

		if (text.p[i] == '/' ||
		    (text.p[i] == '.' &&
		     ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))))
			return true;
	}
	return false;
}

void model_meaning_add(struct buf *b, struct slice text)
{
	bool file = names_file(text), was_digit = false;

	if (b->n > 0)
		buf_char(b, ' ');
	for (size_t i = 0; i < text.n; i++) {
		bool digit = file && text.p[i] >= '0' && text.p[i] <= '9';

		if (!digit)
			buf_char(b, text.p[i]);
		else if (!was_digit)
			buf_char(b, '0');
		was_digit = digit;
	}
}
