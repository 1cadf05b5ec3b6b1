/* library.h - libraries of drivers, loaded when the first driver needs them.
 *
 * Floor 0. A command starts without libpq, libcurl and their like: it starts in
 * a few milliseconds, and runs where they are not installed. core/library.sh
 * makes, from the names that the build calls, a jump for each function and the
 * tables below; it is linked into the commands only, while tests are linked
 * with the libraries themselves. On a processor that it has no jumps for,
 * commands are linked so too, and there is nothing to load.
 */
#ifndef CORE_LIBRARY_H
#define CORE_LIBRARY_H

#include "core/err.h"

typedef void library_fn(void);

struct library {
	const char *word;         /* "pq": of libpq */
	const char *file;         /* "libpq.so.5", as the linker knows it */
	const char *const *names; /* its functions that are called, NULL ends */
	library_fn **at;          /* where they are: what the jumps read */
	bool loaded;
};

/* Ends with one whose word is NULL. Made by library.sh; absent in programs that
 * are linked with the libraries.
 */
extern struct library library_all[] __attribute__((weak));

/* Loads the library of this word, once: 0, or -1 with *e set to ERR_CONFIG,
 * which names the package to install. It stays until the program ends.
 */
int library_load(const char *word, struct err *e) MUST_USE;

/* What a jump leads to before its library is loaded: our bug, status 70. */
NO_RETURN void library_early(void);

#endif
