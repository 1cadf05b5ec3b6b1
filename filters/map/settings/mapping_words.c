#include "map/settings/mapping_words.h"

#include "map/settings/event_type.h"
#include "wire/jq/jqjson.h"

int mapping_words_type(const char *name, struct err *e)
{
	const char *near;

	if (event_type(name))
		return 0;
	near = opt_nearest(name, event_type_names());
	if (near)
		return err_names(e, ERR_CONFIG,
				 "unknown event type '%s'; did you mean '%s'?",
				 name, near);
	return err_names(e, ERR_CONFIG, "unknown event type '%s'", name);
}

static int find_type(struct mapping *m, const char *name, struct err *e)
{
	if (!name && m->jq)
		return 0;
	if (!name)
		return err_names(
			e, ERR_USAGE,
			"no event type: use -t identify, -t track, ... "
			"(type: identify in a mapping file)");
	m->type = event_type(name);
	return m->type ? 0 : mapping_words_type(name, e);
}

/* Rejects 'literal' with libjq before 1.7, which rounds long numbers without a
 * warning.
 */
static int check_literal(const struct mapping *m, struct err *e)
{
	if (m->jq_numbers != MAPPING_NUMBERS_LITERAL || jqjson_keeps_numbers())
		return 0;
	return err_names(e, ERR_CONFIG,
			 "jq numbers 'literal': this libjq rounds long numbers "
			 "(1.7 keeps them); use reject or string");
}

static int find_numbers(struct mapping *m, const char *word, struct err *e)
{
	static const char *const words[] = {
		[MAPPING_NUMBERS_REJECT] = "reject",
		[MAPPING_NUMBERS_STRING] = "string",
		[MAPPING_NUMBERS_LITERAL] = "literal",
	};

	for (size_t i = 0; word && i < COUNT_OF(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			m->jq_numbers = (enum mapping_numbers)i;
			return check_literal(m, e);
		}
	}
	if (!word)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "jq numbers '%s' is not reject, string or literal",
			 word);
}

static int find_exact(struct mapping *m, const char *word, struct err *e)
{
	if (!word || strcmp(word, "string") == 0)
		return 0;
	m->exact_numbers = strcmp(word, "exact") == 0;
	if (m->exact_numbers)
		return 0;
	return err_names(e, ERR_CONFIG, "numbers '%s' is not string or exact",
			 word);
}

static int find_deletes(struct mapping *m, const char *word, struct err *e)
{
	m->skip_deletes = word && strcmp(word, "skip") == 0;
	if (!word || m->skip_deletes || strcmp(word, "send") == 0)
		return 0;
	return err_names(e, ERR_CONFIG, "deletes '%s' is not send or skip",
			 word);
}

int mapping_words_take(struct mapping *m, const struct mapping_options *o,
		       const struct mapping_file_words *w, struct err *e)
{
	if (find_type(m, o->type ? o->type : w->type, e) < 0 ||
	    find_numbers(m, o->jq_numbers ? o->jq_numbers : w->jq_numbers, e) <
		    0 ||
	    find_exact(m, o->numbers ? o->numbers : w->numbers, e) < 0)
		return -1;
	return find_deletes(m, o->deletes ? o->deletes : w->deletes, e);
}
