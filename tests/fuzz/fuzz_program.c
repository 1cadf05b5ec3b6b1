/* fuzz_program.c - any text as a jq program: what libjq compiles is read in its
 * tokens, so that a call behind it is seen
 */
#include "fuzz.h"

#include "core/tool.h"
#include "wire/jq/compile.h"
#include "wire/jq/program.h"
#include "wire/json/json.h"

/* libjq 1.6 loses some bytes of a program that it does not compile; that is why
 * it runs in a process that ends.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libjq";
}

static void no_field(void *ctx, struct slice name)
{
	HOLDS(name.n > 0 && ctx);
}

static bool passes(const char *program)
{
	struct err e = {0};

	return program_check(program, &e) == 0;
}

/* Where reading lost its way, as in an invalid string, the words behind are
 * not seen; then libjq must not take the program either.
 */
static void sees_what_follows(const char *program, const char *more)
{
	struct buf b = {0}, said = {0};
	jq_state *jq;

	buf_fmt(&b, "%s\n%s", program, more);
	if (!passes(buf_cstr(&b))) {
		REACHED("a call that is seen");
	} else {
		REACHED("a program that libjq must not take");
		jq = compile_program(program, &said);
		HOLDS(!jq);
	}
	buf_clear(&b);
	buf_clear(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *program;

	if (size > 4096 || memchr(data, 0, size) ||
	    json_utf8(slice_of((const char *)data, size)) < size)
		return 0;
	tool_set_log(TOOL_ERROR, false);
	program = mem_copy((const char *)data, size);
	(void)program_call(program, slice_str("error"));
	(void)program_fields(program, no_field, program);
	if (passes(program)) {
		sees_what_follows(program, "| env");
		sees_what_follows(program, "| {$ENV}");
	}
	free(program);
	return 0;
}
