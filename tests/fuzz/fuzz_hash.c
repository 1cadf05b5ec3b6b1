/* fuzz_hash.c - a row hashes alike with white space between all tokens, all
 * characters escaped, exponents at its numbers and its members turned round
 */
#include "fuzz.h"

#include "wire/json/hash.h"
#include "wire/json/json.h"

/* A string with all of ASCII as \u escapes; behind it. */
static const char *respell(struct buf *b, const char *p)
{
	struct buf text = {0};
	const char *from = ++p;

	while (*p != '"')
		p += *p == '\\' ? 2 : 1;
	json_decode(&text, slice_of(from, (size_t)(p - from)));
	buf_char(b, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x80)
			buf_fmt(b, "\\u%04X", c);
		else
			buf_char(b, text.p[i]);
	}
	buf_char(b, '"');
	buf_clear(&text);
	return p + 1;
}

/* A number with an exponent of 0 unless it has one; behind it. */
static const char *renumber(struct buf *b, const char *p, const char *end)
{
	bool exponent = false;

	for (; p < end && strchr("+-.0123456789eE", *p); p++) {
		exponent |= *p == 'e' || *p == 'E';
		buf_char(b, *p);
	}
	if (!exponent)
		buf_str(b, "e+00");
	return p;
}

static void rewrite(struct buf *b, struct slice value)
{
	const char *p = value.p, *end = p + value.n;

	while (p < end) {
		if (*p == '"')
			p = respell(b, p);
		else if (*p == '-' || (*p >= '0' && *p <= '9'))
			p = renumber(b, p, end);
		else
			buf_char(b, *p++);
		if (p < end && (*p == '"' || strchr("[]{},:", *p)))
			buf_char(b, '\t');
	}
}

/* A lone surrogate has no spelling but its escape. */
static bool has_surrogates(struct slice line)
{
	const char *p = line.p, *end = p + line.n;

	for (; p + 3 < end; p++) {
		if (p[0] == '\\' && p[1] == 'u' && (p[2] | 0x20) == 'd')
			return true;
	}
	return false;
}

static struct hash row(struct slice line, bool *good)
{
	struct scan *s = scan_new();
	struct hash_scratch scratch = {0};
	char *p = fuzz_line(line.p, line.n);
	struct hash h = {0};
	size_t n;

	*good = scan_object(s, slice_of(p, line.n)) == 0;
	if (*good) {
		const struct scan_member *m = scan_members(s, &n);

		h = hash_row(m, n, NULL, 7, &scratch);
		/* objects come again */
		HOLDS(hash_eq(h, hash_row(m, n, NULL, 7, &scratch)));
		for (size_t i = 0; i < n; i++)
			(void)hash_value(m[i].value, 7, &scratch.text);
	}
	free(p);
	hash_scratch_clear(&scratch);
	scan_free(s);
	return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = slice_of((const char *)data, size);
	struct scan *s = scan_new();
	struct buf b = {0};
	char *p = fuzz_line(data, size);
	bool good;
	struct hash h = row(line, &good);
	size_t n;

	if (good && !has_surrogates(line)) {
		const struct scan_member *m;

		HOLDS(scan_object(s, slice_of(p, size)) == 0);
		m = scan_members(s, &n);
		buf_str(&b, "{ ");
		for (size_t i = n; i-- > 0;) {
			respell(&b, m[i].key.p - 1);
			buf_str(&b, " : ");
			rewrite(&b, m[i].value);
			buf_str(&b, i > 0 ? " , " : " ");
		}
		buf_str(&b, "}");
		if (n > 1)
			REACHED("a row of several members");
		HOLDS(hash_eq(row(buf_all(&b), &good), h));
		HOLDS(good);
	}
	free(p);
	buf_clear(&b);
	scan_free(s);
	return 0;
}
