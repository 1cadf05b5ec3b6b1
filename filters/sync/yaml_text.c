#include "sync/yaml_text.h"

#include <string.h>
#include <strings.h>

#include "wire/json/json.h"

void yaml_text_add(struct buf *b, const char *text, bool expands)
{
	static const char *const words[] = {"true", "false", "null", "yes",
					    "no",   "on",    "off"};
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./");
	bool plain =
		n == strlen(text) && n > 0 && !strchr("0123456789./-", *text);
	struct buf escaped = {0};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		plain = plain && strcasecmp(text, words[i]) != 0;
	if (plain) {
		buf_str(b, text);
		return;
	}
	for (; *text; text++) {
		if (expands && strncmp(text, "${", 2) == 0)
			buf_char(&escaped, '$');
		buf_char(&escaped, *text);
	}
	json_string(b, buf_all(&escaped));
	buf_clear(&escaped);
}
