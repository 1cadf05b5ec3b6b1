/* test_project.c - unit tests of wire/settings/project.h */
#include "cmocka_all.h"

#include <string.h>
#include <sys/stat.h>

#include "scratch.h"
#include "wire/settings/project.h"

#ifdef WITH_YAML
#define ITEM(kind, id)                                                         \
	"version: rudder/v1\nkind: " kind "\nspec:\n  id: " id "\n"

static int load(struct project *p, const char *path, struct err *e)
{
	*e = (struct err){0};
	return project_load(p, path, e);
}

/* The error of a project of one file with this text. */
static const char *refused(const char *text, struct err *e)
{
	struct project p;

	scratch_file("one.yaml", text);
	assert_int_equal(load(&p, "one.yaml", e), -1);
	assert_int_equal(e->kind, ERR_CONFIG);
	project_clear(&p);
	return e->text;
}

static void reads_a_folder_without_hidden_names(void **state)
{
	struct project p;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(mkdir("p", 0700), 0);
	assert_int_equal(mkdir("p/sub", 0700), 0);
	assert_int_equal(mkdir("p/.git", 0700), 0);
	assert_int_equal(mkdir("p/dir.yaml", 0700), 0);
	scratch_file("p/b.yaml", ITEM(PROJECT_MODEL, "b"));
	scratch_file("p/a.yml",
		     ITEM(PROJECT_MODEL, "a") "---\n" ITEM(
			     "a-kind-of-later",
			     "x") "---\n"
				  "- 7\n---\nkind: 7\n---\nspec: {}\n");
	scratch_file("p/sub/c.yaml", ITEM(PROJECT_TABLE, "a"));
	scratch_file("p/.git/d.yaml", "x: [\n");
	scratch_file("p/.e.yaml", "x: [\n");
	scratch_file("p/README", "x: [\n");
	assert_int_equal(load(&p, "p", &e), 0);
	assert_int_equal(p.n_files, 3);
	assert_int_equal(p.n, 3);
	assert_string_equal(project_find(&p, PROJECT_MODEL, "a")->path,
			    "p/a.yml");
	assert_string_equal(project_find(&p, PROJECT_TABLE, "a")->path,
			    "p/sub/c.yaml");
	assert_string_equal(project_find(&p, PROJECT_MODEL, "b")->path,
			    "p/b.yaml");
	assert_null(project_find(&p, PROJECT_TABLE, "b"));
	project_clear(&p);
	project_clear(&p);
	scratch_leave();
}

/* An id is text: the number 7 is not the id "7". */
static void finds_only_ids_that_are_text(void **state)
{
	struct project p;
	struct err e;

	(void)state;
	scratch_enter();
	scratch_file("one.yaml",
		     ITEM(PROJECT_MODEL, "7") "---\n" ITEM(
			     PROJECT_MODEL,
			     "[a]") "---\n"
				    "version: rudder/v1\n"
				    "kind: " PROJECT_MODEL "\nspec: {}\n"
				    "---\n" ITEM(PROJECT_MODEL, "'8'"));
	assert_int_equal(load(&p, "one.yaml", &e), 0);
	assert_int_equal(p.n, 4);
	assert_null(project_find(&p, PROJECT_MODEL, "7"));
	assert_non_null(project_find(&p, PROJECT_MODEL, "8"));
	project_clear(&p);
	scratch_leave();
}

static void refuses_what_it_does_not_know(void **state)
{
	struct project p;
	struct err e;

	(void)state;
	scratch_enter();
	assert_string_equal(
		refused("version: v2\nkind: " PROJECT_MODEL "\nspec: {}\n", &e),
		"'one.yaml', line 1: version 'v2' is not "
		"rudder/v1");
	assert_string_equal(
		refused("- 1\n---\nkind: " PROJECT_MODEL "\nspec: {}\n", &e),
		"'one.yaml', line 3: 'version' is missing");
	assert_string_equal(
		refused("version: ''\nkind: " PROJECT_MODEL "\n", &e),
		"'one.yaml', line 1: 'version' must be a "
		"non-empty string");
	assert_string_equal(
		refused("version: \"rudder/v1\\0\"\nkind: " PROJECT_MODEL "\n",
			&e),
		"'one.yaml', line 1: 'version' must be a "
		"non-empty string");
	assert_string_equal(
		refused("version: 1\nkind: " PROJECT_MODEL "\n", &e),
		"'one.yaml', line 1: 'version' must be a "
		"non-empty string");
	assert_string_equal(
		refused("version: rudder/v1\nkind: " PROJECT_MODEL "\n", &e),
		"'one.yaml', line 1: 'spec' must be an object");
	assert_string_equal(refused("version: rudder/v1\nkind: " PROJECT_MODEL
				    "\nspec: [a]\n",
				    &e),
			    "'one.yaml', line 1: 'spec' must be an object");
	assert_non_null(
		strstr(refused("version: rudder/v1\nkind: " PROJECT_MODEL
			       "\nspek: {}\n",
			       &e),
		       "'spek'"));
	assert_int_equal(load(&p, "nosuch", &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	project_clear(&p);
	/* JSON is one document, or an array of them */
	scratch_file("one.json", "[{\"kind\":\"" PROJECT_MODEL "\"}]");
	assert_int_equal(load(&p, "one.json", &e), -1);
	assert_string_equal(e.text, "'one.json', line 1: 'version' is missing");
	project_clear(&p);
	scratch_file("one.json", "{\"kind\":\"" PROJECT_MODEL "\"}");
	assert_int_equal(load(&p, "one.json", &e), -1);
	assert_string_equal(e.text, "'one.json', line 1: 'version' is missing");
	project_clear(&p);
	scratch_leave();
}

static void refuses_folders_too_deep_and_links_that_leave(void **state)
{
	char path[64] = "deep";
	struct project p;
	struct err e;

	(void)state;
	scratch_enter();
	for (int i = 0; i < 16; i++) {
		assert_int_equal(mkdir(path, 0700), 0);
		strncat(path, "/d", 3);
	}
	assert_int_equal(load(&p, "deep", &e), 0);
	project_clear(&p);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(load(&p, "deep", &e), -1);
	assert_non_null(strstr(e.text, "more than 16 folders deep"));
	project_clear(&p);

	assert_int_equal(mkdir("p", 0700), 0);
	scratch_file("secret.yaml", ITEM(PROJECT_MODEL, "s"));
	scratch_file("p/own.yaml", ITEM(PROJECT_MODEL, "o"));
	assert_int_equal(symlink("own.yaml", "p/alias.yaml"), 0);
	assert_int_equal(symlink("..", "p/up"), 0);
	assert_int_equal(load(&p, "p", &e), 0);
	assert_int_equal(p.n, 2);
	project_clear(&p);
	assert_int_equal(symlink("../secret.yaml", "p/s.yaml"), 0);
	assert_int_equal(load(&p, "p", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	project_clear(&p);
	scratch_leave();
}

static void reads_files_that_a_resource_names(void **state)
{
	struct buf b = {0};
	struct project p;
	struct err e;

	(void)state;
	scratch_enter();
	assert_int_equal(mkdir("p", 0700), 0);
	assert_int_equal(mkdir("p/sub", 0700), 0);
	scratch_file("p/sub/m.yaml", ITEM(PROJECT_MODEL, "m"));
	scratch_file("p/q.sql", "SELECT 1");
	scratch_file("q.sql", "SELECT 2");
	assert_int_equal(load(&p, "p", &e), 0);
	assert_int_equal(project_file(&p, p.item, "../q.sql", 8, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "SELECT 1");
	assert_int_equal(project_file(&p, p.item, "../q.sql", 7, &b, &e), -1);
	assert_int_equal(project_file(&p, p.item, "../../q.sql", 8, &b, &e),
			 -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(project_file(&p, p.item, "/q.sql", 8, &b, &e), -1);
	assert_string_equal(e.text, "the path '/q.sql' must be relative to "
				    "this file");
	project_clear(&p);
	/* of one file: its folder, also where that is the present one */
	assert_int_equal(load(&p, "p/sub/m.yaml", &e), 0);
	b.n = 0;
	assert_int_equal(project_file(&p, p.item, "../q.sql", 8, &b, &e), -1);
	assert_non_null(strstr(e.text, "is outside the folder"));
	e = (struct err){0};
	project_clear(&p);
	assert_int_equal(chdir("p/sub"), 0);
	scratch_file("q.sql", "SELECT 3");
	assert_int_equal(load(&p, "m.yaml", &e), 0);
	b.n = 0;
	assert_int_equal(project_file(&p, p.item, "q.sql", 8, &b, &e), 0);
	assert_string_equal(buf_cstr(&b), "SELECT 3");
	b.n = 0;
	assert_int_equal(project_file(&p, p.item, "../q.sql", 8, &b, &e), -1);
	assert_non_null(strstr(e.text, "is outside the folder"));
	e = (struct err){0};
	project_clear(&p);
	buf_clear(&b);
	assert_int_equal(chdir("../.."), 0);
	scratch_leave();
}

static void tells_a_file_of_resources(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{"{\"kind\":1,\"spec\":1}", true},
		{"[1,{\"kind\":1,\"spec\":1}]", true},
		{"{\"kind\":1}", false},
		{"{\"spec\":1}", false},
		{"[{\"kind\":1},{\"spec\":1}]", false},
		{"7", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct doc *d;
		struct err e;

		assert_int_equal(doc_parse(&d, slice_str(cases[i].text), &e),
				 0);
		assert_int_equal(project_is(d), cases[i].is);
		doc_free(d);
	}
}

static void knows_whether_a_connection_is_on(void **state)
{
	static const struct {
		const char *text;
		int rc;
		bool on;
	} cases[] = {
		{"{}", 0, true},
		{"{\"enabled\":true}", 0, true},
		{"{\"enabled\":false}", 0, false},
		{"{\"enabled\":\"no\"}", -1, false},
		{"{\"enabled\":0}", -1, false},
		{"{\"enabled\":null}", -1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct doc *d;
		struct err e;
		bool on = false;

		assert_int_equal(doc_parse(&d, slice_str(cases[i].text), &e),
				 0);
		assert_int_equal(project_enabled(d, &on, &e), cases[i].rc);
		assert_int_equal(on, cases[i].on);
		doc_free(d);
	}
}

static void takes_a_reference_of_its_kind(void **state)
{
	(void)state;
	assert_string_equal(project_ref("#destination:d", "destination"), "d");
	assert_string_equal(project_ref("#destination:#a:b", "destination"),
			    "#a:b");
	assert_null(project_ref("#destination:", "destination"));
	assert_null(project_ref("#destination", "destination"));
	assert_null(project_ref("#destinations:d", "destination"));
	assert_null(project_ref("destination:d", "destination"));
	assert_null(project_ref("#dest", "destination"));
	assert_null(project_ref("", "destination"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_folder_without_hidden_names),
		cmocka_unit_test(finds_only_ids_that_are_text),
		cmocka_unit_test(refuses_what_it_does_not_know),
		cmocka_unit_test(refuses_folders_too_deep_and_links_that_leave),
		cmocka_unit_test(reads_files_that_a_resource_names),
		cmocka_unit_test(tells_a_file_of_resources),
		cmocka_unit_test(knows_whether_a_connection_is_on),
		cmocka_unit_test(takes_a_reference_of_its_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
	return 77;
}
#endif
