#include "diff/keys/key_words.h"

#include <stdio.h>

/* Adds a name, in quotes if it would look like several. */
static void put_word(struct buf *b, struct slice name)
{
	bool plain = !memchr(name.p, ',', name.n) && *name.p != '"';

	if (plain) {
		buf_slice(b, name);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, name.p[i]);
	}
	buf_char(b, '"');
}

static void put_list(struct buf *b, const struct key *k, size_t from, size_t to)
{
	buf_char(b, '\'');
	for (size_t i = from; i < to; i++) {
		buf_str(b, i > from ? "," : "");
		put_word(b, k->column[i]);
	}
	buf_char(b, '\'');
}

void key_words(const struct key *k, struct buf *b)
{
	buf_str(b, "the key ");
	put_list(b, k, 0, k->own);
	if (!key_identifies(k))
		return;
	buf_str(b, " and the identity ");
	put_list(b, k, k->own, k->n);
}

void key_words_of(struct slice columns, struct buf *b)
{
	struct key k = {0};
	struct err ignored;

	if (key_from_json(&k, columns, &ignored) == 0) {
		key_words(&k, b);
	} else {
		buf_str(b, "the key ");
		buf_slice(b, columns);
	}
	key_clear(&k);
}

const char *key_words_duplicate(const struct key *k, char why[160])
{
	size_t n = (size_t)snprintf(why, 160, "duplicate key in ");

	for (size_t i = 0; i < k->own && n < 160; i++)
		n += (size_t)snprintf(why + n, 160 - n, "%scolumn '%.*s'",
				      i == 0           ? ""
				      : i + 1 < k->own ? ", "
						       : " and ",
				      SLICE_FMT(k->column[i]));
	return why;
}
