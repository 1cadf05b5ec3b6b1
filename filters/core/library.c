#include "core/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "core/tool.h"

NO_RETURN void library_early(void)
{
	struct err e = {0};

	(void)err_set(&e, ERR_BUG,
		      "a function was called before its library "
		      "was loaded");
	tool_give_up(&e);
}

static struct library *of_word(const char *word)
{
	if (!library_all)
		return NULL;
	for (struct library *l = library_all; l->word; l++) {
		if (strcmp(l->word, word) == 0)
			return l;
	}
	return NULL;
}

/* As Debian names it: libpq.so.5 is in libpq5, libsqlite3.so.0 in
 * libsqlite3-0.
 */
static void package_of(const char *file, char *package, size_t size)
{
	const char *so = strstr(file, ".so.");
	int n = so ? (int)(so - file) : (int)strlen(file);
	bool dash = so && n > 0 && file[n - 1] >= '0' && file[n - 1] <= '9';

	snprintf(package, size, "%.*s%s%s", n, file, dash ? "-" : "",
		 so ? so + 4 : "");
}

static int missing(const struct library *l, struct err *e)
{
	char package[64];

	package_of(l->file, package, sizeof(package));
	return err_set(e, ERR_CONFIG,
		       "cannot load %s: %s; on Debian: apt-get install %s",
		       l->file, dlerror(), package);
}

int library_load(const char *word, struct err *e)
{
	struct library *l = of_word(word);
	void *lib;

	if (!l || l->loaded)
		return 0;
	lib = dlopen(l->file, RTLD_NOW | RTLD_LOCAL);
	if (!lib)
		return missing(l, e);
	for (size_t i = 0; l->names[i]; i++) {
		void *at = dlsym(lib, l->names[i]);

		if (!at)
			return err_names(e, ERR_CONFIG,
					 "%s is too old: it has no '%s'",
					 l->file, l->names[i]);
		memcpy(&l->at[i], &at, sizeof(at));
	}
	l->loaded = true;
	return 0;
}
