#include "sync/jq_errors.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char prefix[] = "jq: error";

bool jq_errors_of(const char *command)
{
	const char *slash = strrchr(command, '/');

	return strcmp(slash ? slash + 1 : command, "jq") == 0;
}

static void next_char(struct jq_errors *j, char c)
{
	if (c == '\n') {
		j->seen = 0;
		j->behind = false;
	} else if (!j->behind && c == prefix[j->seen]) {
		j->seen++;
		if (j->seen == sizeof(prefix) - 1)
			j->found = j->behind = true;
	} else {
		j->behind = true;
	}
}

bool jq_errors_read(struct jq_errors *j)
{
	char text[4096];
	ssize_t n = read(j->fd, text, sizeof(text));

	if (n < 0)
		return errno == EINTR;
	for (ssize_t i = 0; i < n; i++)
		next_char(j, text[i]);
	(void)!write(STDERR_FILENO, text, (size_t)n);
	return n > 0;
}
