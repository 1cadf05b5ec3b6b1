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
	{16, ERR_CONFIG},  /* NO_SUCH_COLUMN_IN_TABLE */
	{20, ERR_CONFIG},  /* NUMBER_OF_COLUMNS_DOESNT_MATCH */
	{34, ERR_CONFIG},  /* TOO_FEW_ARGUMENTS_FOR_FUNCTION */
	{35, ERR_CONFIG},  /* TOO_MANY_ARGUMENTS_FOR_FUNCTION */
	{36, ERR_CONFIG},  /* BAD_ARGUMENTS */
	{42, ERR_CONFIG},  /* NUMBER_OF_ARGUMENTS_DOESNT_MATCH */
	{43, ERR_CONFIG},  /* ILLEGAL_TYPE_OF_ARGUMENT */
	{44, ERR_CONFIG},  /* ILLEGAL_COLUMN */
	{46, ERR_CONFIG},  /* UNKNOWN_FUNCTION */
	{47, ERR_CONFIG},  /* UNKNOWN_IDENTIFIER */
	{48, ERR_CONFIG},  /* NOT_IMPLEMENTED */
	{50, ERR_CONFIG},  /* UNKNOWN_TYPE */
	{53, ERR_CONFIG},  /* TYPE_MISMATCH */
	{59, ERR_CONFIG},  /* ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER */
	{60, ERR_CONFIG},  /* UNKNOWN_TABLE */
	{62, ERR_CONFIG},  /* SYNTAX_ERROR */
	{63, ERR_CONFIG},  /* UNKNOWN_AGGREGATE_FUNCTION */
	{80, ERR_CONFIG},  /* INCORRECT_QUERY */
	{81, ERR_CONFIG},  /* UNKNOWN_DATABASE */
	{115, ERR_CONFIG}, /* UNKNOWN_SETTING */
	{164, ERR_CONFIG}, /* READONLY */
	{170, ERR_CONFIG}, /* BAD_GET */
	{179, ERR_CONFIG}, /* MULTIPLE_EXPRESSIONS_FOR_ALIAS */
	{184, ERR_CONFIG}, /* ILLEGAL_AGGREGATION */
	{207, ERR_CONFIG}, /* AMBIGUOUS_IDENTIFIER */
	{215, ERR_CONFIG}, /* NOT_AN_AGGREGATE */
	{258, ERR_CONFIG}, /* UNION_ALL_RESULT_STRUCTURES_MISMATCH */
	{352, ERR_CONFIG}, /* AMBIGUOUS_COLUMN_NAME */
	{386, ERR_CONFIG}, /* NO_COMMON_TYPE */
	{403, ERR_CONFIG}, /* INVALID_JOIN_ON_EXPRESSION */
	{427, ERR_CONFIG}, /* CANNOT_COMPILE_REGEXP */
	{440, ERR_CONFIG}, /* INVALID_LIMIT_EXPRESSION */
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
	{117, ERR_DATA},   /* INCORRECT_DATA */
	{125, ERR_DATA},   /* INCORRECT_RESULT_OF_SCALAR_SUBQUERY */
	{128, ERR_DATA},   /* TOO_LARGE_ARRAY_SIZE */
	{130, ERR_DATA},   /* CANNOT_READ_ARRAY_FROM_TEXT */
	{131, ERR_DATA},   /* TOO_LARGE_STRING_SIZE */
	{153, ERR_DATA},   /* ILLEGAL_DIVISION */
	{321, ERR_DATA},   /* VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE */
	{349, ERR_DATA},   /* CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN */
	{376, ERR_DATA},   /* CANNOT_PARSE_UUID */
	{395, ERR_DATA},   /* FUNCTION_THROW_IF_VALUE_IS_NON_ZERO */
	{407, ERR_DATA},   /* DECIMAL_OVERFLOW */
	{441, ERR_DATA},   /* CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING */
	{675, ERR_DATA},   /* CANNOT_PARSE_IPV4 */
	{676, ERR_DATA},   /* CANNOT_PARSE_IPV6 */
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
			       "allowed to change settings (readonly=2)",
			       SLICE_FMT(said));
	return err_set(e, kind, "ClickHouse: %.*s (%u)", SLICE_FMT(said), code);
}
