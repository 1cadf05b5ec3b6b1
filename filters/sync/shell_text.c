#include "sync/shell_text.h"

#include <string.h>

/* Characters of words that need no quotes in sh. A word of other characters is
 * quoted, for example one with ~ or #.
 */
static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "_-./:,@%+=";

void shell_text_word(struct buf *b, const char *word)
{
	size_t n = strlen(word), safe = strspn(word, plain);

	if (n > 0 && safe == n) {
		buf_add(b, word, n);
		return;
	}
	buf_char(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_str(b, "'\\''");
		else
			buf_char(b, *word);
	}
	buf_char(b, '\'');
}
