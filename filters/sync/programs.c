#include "sync/programs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/linux.h"

static const struct {
	const char *name, *summary;
} filters[] = {
	{"rudder-query", "rows out of a source"},
	{"rudder-diff", "rows to changes, and receipts into the state"},
	{"rudder-map", "changes to events"},
	{"rudder-send", "events to a destination, and receipts"},
};

/* Appends to path the file of that name beside this program. False if there is
 * no executable one.
 */
static bool beside(struct buf *path, const char *name)
{
	size_t before = path->n;

	linux_program_folder(path);
	if (path->n == before)
		return false;
	buf_str(path, name);
	return access(buf_cstr(path), X_OK) == 0;
}

/* Finds the program in PATH, as execvp(3) does. */
static bool in_path(struct buf *path, const char *name)
{
	const char *p = getenv("PATH");

	while (p && *p) {
		size_t n = strcspn(p, ":");

		path->n = 0;
		buf_add(path, p, n);
		buf_fmt(path, "%s%s", n > 0 ? "/" : "./", name);
		if (access(buf_cstr(path), X_OK) == 0)
			return true;
		p += n + (p[n] == ':');
	}
	return false;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino &&
	       x.st_dev == y.st_dev;
}

void programs_word(struct buf *b, const char *name)
{
	struct buf ours = {0}, found = {0};

	if (!beside(&ours, name) ||
	    (in_path(&found, name) && *found.p == '/' &&
	     same_file(buf_cstr(&ours), buf_cstr(&found))))
		buf_str(b, name);
	else
		buf_slice(b, buf_all(&ours));
	buf_clear(&ours);
	buf_clear(&found);
}

const char *programs_find(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(filters); i++) {
		if (strcmp(word, filters[i].name) == 0 ||
		    strcmp(word, filters[i].name + strlen("rudder-")) == 0)
			return filters[i].name;
	}
	return NULL;
}

void programs_print(void)
{
	for (size_t i = 0; i < COUNT_OF(filters); i++)
		printf("  %-12s  %s\n", filters[i].name, filters[i].summary);
}

bool programs_is_binary(const char *word)
{
	struct buf path = {0};
	char begin[4] = "";
	int fd = -1;

	if (strchr(word, '/'))
		buf_str(&path, word);
	if (path.n > 0 || in_path(&path, word))
		fd = open(buf_cstr(&path), O_RDONLY | O_CLOEXEC);
	buf_clear(&path);
	if (fd < 0)
		return false;
	(void)!read(fd, begin, sizeof(begin));
	close(fd);
	return memcmp(begin, "\177ELF", sizeof(begin)) == 0;
}

int programs_become(const char *name, char *const *argv, struct err *e)
{
	struct buf path = {0};

	programs_word(&path, name);
	execvp(buf_cstr(&path), argv);
	err_sys(e, ERR_CONFIG, "cannot run '%s'", path.p);
	buf_clear(&path);
	return -1;
}
