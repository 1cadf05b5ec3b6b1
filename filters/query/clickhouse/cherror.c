#include "query/clickhouse/cherror.h"

#include "core/num.h"

static const struct {
	unsigned code;
	enum err_kind kind;
} codes[] = {
	{192, ERR_DENIED}, /* UNKNOWN_USER */
	{193, ERR_DENIED}, /* WRONG_PASSWORD */
	{194, ERR_DENIED}, /* REQUIRED_PASSWORD */
	{291, ERR_DENIED}, /* DATABASE_ACCESS_DENIED */
	{497, ERR_DENIED}, /* ACCESS_DENIED */
	{516, ERR_DENIED}, /* AUTHENTICATION_FAILED */
	{159, ERR_TEMP},   /* TIMEOUT_EXCEEDED */
	{160, ERR_TEMP},   /* TOO_SLOW */
	{201, ERR_TEMP},   /* QUOTA_EXPIRED */
	{202, ERR_TEMP},   /* TOO_MANY_SIMULTANEOUS_QUERIES */
	{209, ERR_TEMP},   /* SOCKET_TIMEOUT */
	{241, ERR_TEMP},   /* MEMORY_LIMIT_EXCEEDED */
	{394, ERR_TEMP},   /* QUERY_WAS_CANCELLED */
	{10, ERR_CONFIG},  /* NOT_FOUND_COLUMN_IN_BLOCK */
	{36, ERR_CONFIG},  /* BAD_ARGUMENTS */
	{42, ERR_CONFIG},  /* NUMBER_OF_ARGUMENTS_DOESNT_MATCH */
	{43, ERR_CONFIG},  /* ILLEGAL_TYPE_OF_ARGUMENT */
	{46, ERR_CONFIG},  /* UNKNOWN_FUNCTION */
	{47, ERR_CONFIG},  /* UNKNOWN_IDENTIFIER */
	{50, ERR_CONFIG},  /* UNKNOWN_TYPE */
	{53, ERR_CONFIG},  /* TYPE_MISMATCH */
	{60, ERR_CONFIG},  /* UNKNOWN_TABLE */
	{62, ERR_CONFIG},  /* SYNTAX_ERROR */
	{81, ERR_CONFIG},  /* UNKNOWN_DATABASE */
	{115, ERR_CONFIG}, /* UNKNOWN_SETTING */
	{164, ERR_CONFIG}, /* READONLY */
	{179, ERR_CONFIG}, /* MULTIPLE_EXPRESSIONS_FOR_ALIAS */
	{184, ERR_CONFIG}, /* ILLEGAL_AGGREGATION */
	{207, ERR_CONFIG}, /* AMBIGUOUS_IDENTIFIER */
	{215, ERR_CONFIG}, /* NOT_AN_AGGREGATE */
	{352, ERR_CONFIG}, /* AMBIGUOUS_COLUMN_NAME */
	{386, ERR_CONFIG}, /* NO_COMMON_TYPE */
	{452, ERR_CONFIG}, /* SETTING_CONSTRAINT_VIOLATION */
	{456, ERR_CONFIG}, /* UNKNOWN_QUERY_PARAMETER */
	{457, ERR_CONFIG}, /* BAD_QUERY_PARAMETER */
	{6, ERR_DATA},     /* CANNOT_PARSE_TEXT */
	{27, ERR_DATA},    /* CANNOT_PARSE_INPUT_ASSERTION_FAILED */
	{38, ERR_DATA},    /* CANNOT_PARSE_DATE */
	{41, ERR_DATA},    /* CANNOT_PARSE_DATETIME */
	{69, ERR_DATA},    /* ARGUMENT_OUT_OF_BOUND */
	{70, ERR_DATA},    /* CANNOT_CONVERT_TYPE */
	{72, ERR_DATA},    /* CANNOT_PARSE_NUMBER */
	{153, ERR_DATA},   /* ILLEGAL_DIVISION */
	{395, ERR_DATA},   /* FUNCTION_THROW_IF_VALUE_IS_NON_ZERO */
	{407, ERR_DATA},   /* DECIMAL_OVERFLOW */
};

unsigned cherror_find(struct slice text, struct slice *said)
{
	const char *at = memmem(text.p, text.n, "Code: ", 6), *end, *what;
	uint64_t code = 0;
	size_t n = 0;

	if (!at)
		return 0;
	text = slice_of(at + 6, (size_t)(text.p + text.n - at) - 6);
	while (n < text.n && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	if (num_uint(slice_of(text.p, n), &code) < 0 || code > UINT16_MAX)
		return 0;
	what = memmem(text.p, text.n, "Exception: ", 11);
	if (!what)
		return 0;
	*said = slice_of(what + 11, (size_t)(text.p + text.n - what) - 11);
	end = memchr(said->p, '\n', said->n);
	if (end)
		said->n = (size_t)(end - said->p);
	end = memmem(said->p, said->n, ", e.what()", 10);
	if (!end)
		end = memmem(said->p, said->n, " (version ", 10);
	if (end)
		said->n = (size_t)(end - said->p);
	return (unsigned)code;
}

int cherror_set(unsigned code, struct slice said, struct err *e)
{
	enum err_kind kind = ERR_REFUSED;

	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].code == code)
			kind = codes[i].kind;
	}
	if (code == 164)
		return err_set(e, kind,
			       "ClickHouse: %.*s (164); the user must be "
			       "allowed to change settings: readonly=2",
			       SLICE_FMT(said));
	return err_set(e, kind, "ClickHouse: %.*s (%u)", SLICE_FMT(said), code);
}
