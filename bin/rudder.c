/* rudder - the commands that go around the filters */
#include <unistd.h>

#include "core/opt.h"
#include "core/tool.h"
#include "sync/filter.h"
#include "sync/tee.h"
#include "wire/stream/abort.h"

static int filter(int argc, char **argv, struct err *e)
{
	struct filter_options o = {.input = {.max_line = INPUT_MAX_LINE}};
	uint64_t max_line = INPUT_MAX_LINE;
	const struct opt table[] = {
		{0, "trust-eof", NULL,
		 "take input without an end line as complete",
		 .flag = &o.input.trust_eof},
		{0, "max-line", "<bytes>", "longest line taken (16M)",
		 .count = &max_line},
		{0},
	};
	const struct opt_page page = {
		.summary = "run any program on the data lines of a stream",
		.synopsis = "-- <program> [<argument> ...]",
		.operand = "<command>",
		.table = table,
		.examples = "  rudder-query -d sqlite:shop.db -t users |\n"
			    "      rudder filter -- jq -c 'select(.id > 3)' |\n"
			    "      rudder-diff -k id -s state/users --mode "
			    "mirror\n",
	};
	int rc;

	tool_start("rudder filter");
	rc = opt_parse(argc, argv, &page, &o.command, e);
	if (rc != 0)
		abort_output(STDOUT_FILENO, "filter");
	if (rc > 0 && !o.command[0])
		rc = err_set(e, ERR_USAGE,
			     "no program: give it behind --, as in rudder "
			     "filter -- jq -c 'select(.id > 3)'");
	o.input.max_line = (size_t)max_line;
	if (rc > 0)
		rc = filter_run(&o, STDIN_FILENO, STDOUT_FILENO, e);
	opt_clear(&page);
	return rc;
}

static int tee(int argc, char **argv, struct err *e)
{
	struct tee_options o = {0};
	uint64_t max_bytes = TEE_MAX_BYTES;
	const struct opt table[] = {
		{0, "spill", "<bytes>",
		 "most that waits on disk for the slowest command (1G)",
		 .count = &max_bytes},
		{0},
	};
	const struct opt_page page = {
		.summary = "give one stream to several commands",
		.synopsis = "[<option> ...] -- '<command>' '<command>' ...",
		.operand = "<command>",
		.table = table,
		.examples = "  rudder-query -d sqlite:shop.db -t users |\n"
			    "      rudder tee -- ./to-crm.sh ./to-ads.sh\n",
	};
	int rc;

	tool_start("rudder tee");
	rc = opt_parse(argc, argv, &page, &o.commands, e);
	if (rc > 0 && !o.commands[0])
		rc = err_set(e, ERR_USAGE,
			     "no command: give each as one word behind --, as "
			     "in rudder tee -- ./to-crm.sh ./to-ads.sh");
	o.max_bytes = max_bytes;
	if (rc > 0)
		rc = tee_run(&o, STDIN_FILENO, e);
	opt_clear(&page);
	return rc;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv, struct err *e);
} commands[] = {
	{"filter", filter},
	{"tee", tee},
};

/* Not a command: --help, --version, or a mistake. */
static int no_command(int argc, char **argv, struct err *e)
{
	static const struct opt none[] = {{0}};
	const struct opt_page page = {
		.summary = "the commands that go around the filters",
		.synopsis = "filter | tee [<option> ...] -- <program> ...",
		.operand = "<command>",
		.operand_values = "filter|tee",
		.table = none,
		.examples = "  rudder filter --help\n  rudder tee --help\n",
	};
	char **operands;
	int rc;

	tool_start("rudder");
	rc = opt_parse(argc, argv, &page, &operands, e);
	if (rc <= 0)
		return rc;
	if (!operands[0])
		return err_set(e, ERR_USAGE,
			       "no command: use rudder filter or rudder tee; "
			       "see 'rudder "
			       "--help'");
	return err_set(e, ERR_USAGE,
		       "unknown command '%s': use rudder filter or rudder tee; "
		       "see 'rudder "
		       "--help'",
		       operands[0]);
}

int main(int argc, char **argv)
{
	struct err e = {0};

	for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return tool_end(commands[i].run(argc - 1, argv + 1, &e),
					&e);
	}
	return tool_end(no_command(argc, argv, &e), &e);
}
