#include "core/secrets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/option_keys.h"
#include "core/tool.h"

/* The leak check of the address sanitizer traces its own process. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_TRACED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_TRACED true
#endif
#endif
#ifndef IS_TRACED
#define IS_TRACED false
#endif

/* Both are needed: the kernel ignores the limit if it pipes core dumps into a
 * program; the dumpable flag does not survive exec, but the limit does.
 */
void secrets_hold(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		limit.rlim_cur = 0;
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
	(void)unsetenv("SSLKEYLOGFILE"); /* libcurl writes keys there */
	if (!IS_TRACED)
		(void)prctl(PR_SET_DUMPABLE, 0);
}

/* Whether the variable is for rudder's own tools: mostly secrets. */
static bool is_own(const char *variable)
{
	static const char *const names[] = {
		"RUDDER_WRITE_KEY",
		"RUDDER_ODBC_PASSWORD",
		"RUDDER_SOURCE", /* a URL may have a password */
		"SEGMENT_WRITE_KEY",
		OPTION_KEYS, /* of this run, not of rudder in a command */
		TOOL_LOG,    /* the same */
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t n = strlen(names[i]);

		if (strncmp(variable, names[i], n) == 0 && variable[n] == '=')
			return true;
	}
	return false;
}

char **secrets_command_env(void)
{
	size_t n = 0, kept = 0;
	char **list;

	while (environ && environ[n])
		n++;
	list = mem_zero((n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		if (!is_own(environ[i]))
			list[kept++] = environ[i];
	}
	return list;
}
