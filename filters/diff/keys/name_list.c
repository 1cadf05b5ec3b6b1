#include "diff/keys/name_list.h"

#include <string.h>

size_t name_list_take(struct buf *b, const char *list)
{
	size_t n = strcspn(list, ","), i = 1;

	if (*list != '"') {
		buf_add(b, list, n);
		return n;
	}
	for (; list[i] && (list[i] != '"' || list[i + 1] == '"'); i++) {
		i += list[i] == '"' || (list[i] == '\\' && list[i + 1]);
		buf_char(b, list[i]);
	}
	return list[i] == '"' && (!list[i + 1] || list[i + 1] == ',') ? i + 1
								      : 0;
}
