#include "cmocka_all.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/file.h"
#include "sync/sync_key.h"
#include "wire/settings/doc.h"

/* The file below the project's folder man. */
static void read_man(const char *name, struct buf *b)
{
	const char *top = getenv("TOP");
	struct buf path = {0};
	struct err e = {0};

	buf_fmt(&path, "%s/man/%s", top ? top : ".", name);
	assert_int_equal(file_read(buf_cstr(&path), DOC_MAX, b, &e), 0);
	buf_clear(&path);
}

static const struct doc *below(const struct doc *d, const char *const *names)
{
	for (; *names && d; names++)
		d = doc_get(d, *names);
	return d;
}

/* The object of "properties" of the file, or of a destination. */
static const struct doc *properties(const struct doc *d, bool dest)
{
	static const char *const to_dest[] = {"definitions", "destination",
					      "anyOf", NULL};

	if (dest)
		d = below(d, to_dest)->first->next;
	return doc_get(d, "properties");
}

/* Every key of the table is a property at its place. */
static void the_schema_has_every_key(void **state)
{
	struct buf text = {0};
	struct doc *d;
	struct err e = {0};

	(void)state;
	read_man("rudder-sync-file.schema.json", &text);
	assert_int_equal(doc_parse(&d, buf_all(&text), &e), 0);
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		for (int dest = 0; dest < 2; dest++) {
			const struct doc *p = properties(d, dest);

			if (!(k->place & (dest ? SYNC_KEY_DEST : SYNC_KEY_TOP)))
				continue;
			if (k->group)
				p = doc_get(doc_get(p, k->group), "properties");
			if (!doc_get(p, k->name))
				fail_msg("not in the schema: %s %s",
					 k->group ? k->group : "", k->name);
		}
	}
	doc_free(d);
	buf_clear(&text);
}

/* The words of an option, as those of the "enum" of a property: "a|b". */
static void enum_words(struct buf *b, const struct doc *property)
{
	const struct doc *any = doc_get(property, "anyOf");
	const struct doc *words = any ? doc_get(any->first, "enum") : NULL;

	b->n = 0;
	for (const struct doc *w = words ? words->first : NULL; w; w = w->next)
		buf_fmt(b, "%s%s", b->n > 0 ? "|" : "", w->text);
}

/* "count" of {"$ref": "#/definitions/count"}, or the type. */
static const char *form_of(const struct doc *property)
{
	const struct doc *ref = doc_get(property, "$ref");
	const struct doc *type = doc_get(property, "type");

	return ref ? strrchr(ref->text, '/') + 1 : type ? type->text : "";
}

/* What a key takes, the schema takes: the option's words, a count, a time. */
static void the_schema_has_the_form_of_every_key(void **state)
{
	static const char *const forms[] = {
		[SYNC_KEY_TEXT] = "text string",
		[SYNC_KEY_COUNT] = "count",
		[SYNC_KEY_TIME] = "time",
		[SYNC_KEY_SHARE] = "share",
		[SYNC_KEY_FLAG] = "boolean",
		[SYNC_KEY_NAMES] = "texts",
		[SYNC_KEY_REPEAT] = "texts methods",
		[SYNC_KEY_EXPECT] = "texts",
		[SYNC_KEY_PAIRS] = "object",
	};
	struct buf text = {0}, words = {0};
	struct doc *d;
	struct err e = {0};

	(void)state;
	read_man("rudder-sync-file.schema.json", &text);
	assert_int_equal(doc_parse(&d, buf_all(&text), &e), 0);
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		for (int dest = 0; dest < 2; dest++) {
			const struct doc *p = properties(d, dest);

			if (!(k->place & (dest ? SYNC_KEY_DEST : SYNC_KEY_TOP)))
				continue;
			if (k->group)
				p = doc_get(doc_get(p, k->group), "properties");
			p = doc_get(p, k->name);
			enum_words(&words, p);
			if (k->words ? strcmp(buf_cstr(&words), k->words) != 0
				     : !strstr(forms[k->kind], form_of(p)))
				fail_msg("%s is different in the schema",
					 k->name);
		}
	}
	doc_free(d);
	buf_clear(&text);
	buf_clear(&words);
}

/* And every property that is not one of the others is a key. */
static void the_schema_has_no_more(void **state)
{
	static const char *const others[] = {"$schema",
					     "version",
					     "name",
					     "description",
					     "source",
					     "model",
					     "sql",
					     "table",
					     "dbt",
					     "project",
					     "mapping",
					     "state",
					     "destination",
					     "destinations",
					     "tags",
					     "after",
					     "on_success",
					     "on_failure",
					     "hook_timeout",
					     "max_age",
					     "on_expectation",
					     "dest",
					     "write_key",
					     "partitions",
					     NULL};
	struct buf text = {0};
	struct doc *d;
	struct err e = {0};

	(void)state;
	read_man("rudder-sync-file.schema.json", &text);
	assert_int_equal(doc_parse(&d, buf_all(&text), &e), 0);
	for (int dest = 0; dest < 2; dest++) {
		enum sync_key_place place = dest ? SYNC_KEY_DEST : SYNC_KEY_TOP;

		for (const struct doc *p = properties(d, dest)->first; p;
		     p = p->next) {
			size_t i = 0;

			while (others[i] && strcmp(others[i], p->name) != 0)
				i++;
			if (!others[i] &&
			    !sync_key_find(NULL, p->name, place) &&
			    !sync_key_group(p->name, place))
				fail_msg("no such key: %s", p->name);
		}
	}
	doc_free(d);
	buf_clear(&text);
}

static void the_manual_names_every_key(void **state)
{
	struct buf text = {0};

	(void)state;
	read_man("rudder-sync-file.5", &text);
	for (const struct sync_key *k = sync_key_table; k->option; k++) {
		if (!strstr(buf_cstr(&text), k->name) ||
		    (k->group && !strstr(buf_cstr(&text), k->group)))
			fail_msg("not in rudder-sync-file(5): %s", k->name);
	}
	buf_clear(&text);
}

static void hints_lead_to_the_right_place(void **state)
{
	static const struct {
		const char *name;
		enum sync_key_place place;
		const char *want;
	} cases[] = {
		{"max_deletes", SYNC_KEY_TOP, "write 'deletes: {max: ...}'"},
		{"history", SYNC_KEY_DEST, "write 'keep: {history: ...}'"},
		{"cursor", SYNC_KEY_DEST, "it belongs at the top of the file"},
		{"retl", SYNC_KEY_TOP,
		 "it belongs to a destination: 'destinations: {crm: {...}}'"},
		{"sync_behaviour", SYNC_KEY_TOP,
		 "the mode is 'mode: mirror' or 'mode: upsert'"},
		{"nothing", SYNC_KEY_TOP, NULL},
		{"mode", SYNC_KEY_TOP, NULL},
	};
	char room[SYNC_KEY_HINT];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got = sync_key_hint(NULL, cases[i].name,
						cases[i].place, room);

		if (!cases[i].want)
			assert_null(got);
		else
			assert_string_equal(got, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_has_every_key),
		cmocka_unit_test(the_schema_has_the_form_of_every_key),
		cmocka_unit_test(the_schema_has_no_more),
		cmocka_unit_test(the_manual_names_every_key),
		cmocka_unit_test(hints_lead_to_the_right_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
