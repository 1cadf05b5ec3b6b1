#include "query/losses.h"

#include <strings.h>

#include "core/tool.h"

/* Numbers of the servers' error references. MariaDB gives a warning where MySQL
 * gives an error.
 */
static const struct {
	unsigned long code;
	const char *way_out;
} losses[] = {
	{1260, ""}, /* a value was cut by GROUP_CONCAT() */
	{1301, "; raise max_allowed_packet of the server"},
	/* MariaDB: a recursive query ended early, or LIMIT ROWS EXAMINED */
	{1931, "; raise it in an init-command of an option file"},
};

int losses_check(unsigned long code, const char *text, struct err *e)
{
	for (size_t i = 0; i < COUNT_OF(losses); i++) {
		if (losses[i].code == code)
			return err_set(e, ERR_DATA, "MySQL: %s (%lu)%s", text,
				       code, losses[i].way_out);
	}
	return 0;
}

static bool is_recursive(const struct model *m)
{
	static const char word[] = "recursive";
	struct slice s = buf_all(&m->meaning);

	for (; s.n >= sizeof(word) - 1; s = slice_of(s.p + 1, s.n - 1)) {
		if (strncasecmp(s.p, word, sizeof(word) - 1) == 0)
			return true;
	}
	return false;
}

int losses_unseen(uint64_t given, uint64_t kept, const struct model *m,
		  struct err *e)
{
	static const char what[] =
		"MySQL: %ju warnings, but the server keeps only %ju: the "
		"others may report missing %s; change the model so that it "
		"causes fewer (SHOW WARNINGS)";

	if (given <= kept)
		return 0;
	if (is_recursive(m))
		return err_names(e, ERR_DATA, what, (uintmax_t)given,
				 (uintmax_t)kept, "rows");
	tool_warn(what, (uintmax_t)given, (uintmax_t)kept, "values");
	return 0;
}
