#include "cmocka_all.h"

#include "core/buf.h"
#include "scratch.h"
#include "sync/sync_files.h"

#include <sys/stat.h>

#define HEAD "version: 1\nsource: env:WAREHOUSE\n"
#define TAIL "mapping: {type: identify, user_id: id}\ndestination: 'null:'\n"

static const char users[] =
	"version: 1\n"
	"name: users\n"
	"source: env:WAREHOUSE\n"
	"model: models/users.sql\n"
	"params: {country: de, since: 20, all: true}\n"
	"key: [id, 'a,b']\n"
	"identity: email\n"
	"mode: ${SYNC_TEST_MODE:-mirror}\n"
	"mapping:\n"
	"  type: record\n"
	"  computed: {x: '$${y} ${z}'}\n"
	"destinations:\n"
	"  crm: {dest: 'rudder:https://data.example.com', rate: 500,\n"
	"        write_key_file: secrets/crm, no_gzip: true, http2: false}\n"
	"  ads:\n"
	"    dest: webhook:https://ads.example.com\n"
	"    write_key: env:ADS_KEY\n"
	"    mapping: mappings/ads.yaml\n"
	"    mode: upsert\n"
	"    state: state/elsewhere\n"
	"deletes: {max: 10%, require_key: ['1', '2']}\n"
	"expect: ['failed<1%']\n"
	"on_failure: [./notify.sh $HOME]\n"
	"keep: {history: 5, log: 30d, runs: 50, values: [a, b]}\n"
	"tags: hourly\n"
	"after: [orders]\n"
	"max_age: 26h\n";

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int with_folder(void **state)
{
	(void)state;
	scratch_enter();
	assert_int_equal(mkdir("syncs", 0700), 0);
	unsetenv("SYNC_TEST_MODE");
	return 0;
}

static int without_folder(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

static const char *value(const struct sync_file *f, size_t dest,
			 enum sync_stage stage, const char *option)
{
	const struct sync_setting *s =
		sync_file_setting(f, &f->destination[dest], stage, option);

	return !s ? "(none)" : s->value.n == 0 ? "(on)" : s->value.v[0];
}

static void reads_all_of_a_file(void **state)
{
	struct sync_file f;
	struct err e = {0};

	(void)state;
	put("syncs/users.yaml", users);
	assert_int_equal(sync_file_read(&f, "syncs/users.yaml", &e), 0);
	assert_string_equal(f.name, "users");
	assert_string_equal(f.folder, ".");
	assert_string_equal(f.inside, "syncs/users.yaml");
	assert_null(f.source);
	assert_string_equal(f.source_env, "WAREHOUSE");
	assert_int_equal(f.model_kind, SYNC_MODEL_FILE);
	assert_string_equal(f.model, "models/users.sql");
	assert_int_equal(f.mapping, SYNC_MAPPING_HERE);
	assert_int_equal(f.n_destinations, 2);
	assert_string_equal(f.destination[0].name, "crm");
	assert_string_equal(f.destination[0].state, "state/users/crm");
	assert_int_equal(f.destination[0].mapping, SYNC_MAPPING_NONE);
	assert_string_equal(f.destination[1].state, "state/elsewhere");
	assert_string_equal(f.destination[1].mapping_file, "mappings/ads.yaml");
	assert_string_equal(f.destination[1].write_key_env, "ADS_KEY");
	assert_string_equal(f.hook[SYNC_FAILURE].v[0], "./notify.sh $HOME");
	assert_int_equal(f.hook[SYNC_SUCCESS].n, 0);
	assert_string_equal(f.tags.v[0], "hourly");
	assert_string_equal(f.after.v[0], "orders");
	assert_int_equal(f.max_age_ms, 26 * 3600 * 1000);
	sync_file_clear(&f);
}

static void gives_each_destination_its_settings(void **state)
{
	static const struct {
		enum sync_stage stage;
		const char *option, *crm, *ads;
	} cases[] = {
		{SYNC_QUERY, "param", "country=de", "country=de"},
		{SYNC_DIFF, "key", "id,\"a,b\"", "id,\"a,b\""},
		{SYNC_DIFF, "identity", "email", "email"},
		{SYNC_DIFF, "mode", "mirror", "upsert"},
		{SYNC_DIFF, "max-deletes", "10%", "10%"},
		{SYNC_DIFF, "require-key", "1", "1"},
		{SYNC_DIFF, "keep", "a,b", "a,b"},
		{SYNC_SEND, "rate", "500", "(none)"},
		{SYNC_SEND, "no-gzip", "(on)", "(none)"},
		{SYNC_SEND, "http2", "(none)", "(none)"},
		{SYNC_SEND, "write-key-file", "secrets/crm", "(none)"},
		{SYNC_COMMIT, "history", "5", "5"},
		{SYNC_COMMIT, "keep-log", "30d", "30d"},
		{SYNC_COMMIT, "keep-runs", "50", "50"},
		{SYNC_COMMIT, "expect", "failed<1%", "failed<1%"},
	};
	struct sync_file f;
	struct err e = {0};

	(void)state;
	put("users.yaml", users);
	assert_int_equal(sync_file_read(&f, "users.yaml", &e), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_string_equal(
			value(&f, 0, cases[i].stage, cases[i].option),
			cases[i].crm);
		assert_string_equal(
			value(&f, 1, cases[i].stage, cases[i].option),
			cases[i].ads);
	}
	assert_int_equal(
		sync_file_setting(&f, NULL, SYNC_QUERY, "param")->value.n, 3);
	sync_file_clear(&f);
}

static void one_destination_has_the_state_of_the_file(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{HEAD TAIL, "state/one"},
		{HEAD TAIL "name: other\n", "state/other"},
		{HEAD TAIL "state: /var/lib/x\n", "/var/lib/x"},
		{HEAD "mapping: m.yaml\ndestinations: {a: 'null:'}\n",
		 "state/one/a"},
		{HEAD "mapping: m.yaml\nstate: s\ndestinations: {a: 'null:'}\n",
		 "s/a"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sync_file f;
		struct err e = {0};

		put("one.yaml", cases[i].text);
		assert_int_equal(sync_file_read(&f, "one.yaml", &e), 0);
		assert_string_equal(f.destination[0].state, cases[i].want);
		sync_file_clear(&f);
	}
}

static void paths_start_above_the_folder_syncs(void **state)
{
	static const struct {
		const char *path, *folder, *inside;
	} cases[] = {
		{"a.yaml", ".", "a.yaml"},
		{"./a.yaml", ".", "a.yaml"},
		{"syncs/a.yaml", ".", "syncs/a.yaml"},
		{"./syncs/a.yaml", ".", "syncs/a.yaml"},
		{"shop/a.yaml", "shop", "a.yaml"},
		{"shop/syncs/a.yaml", "shop", "syncs/a.yaml"},
		{"/shop/syncs/a.yaml", "/shop", "syncs/a.yaml"},
		{"/syncs/a.yaml", "/", "syncs/a.yaml"},
		{"/a.yaml", "/", "a.yaml"},
		{"mysyncs/a.yaml", "mysyncs", "a.yaml"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sync_file f;
		struct err e = {0};

		(void)!sync_file_read(&f, cases[i].path, &e);
		assert_string_equal(f.folder, cases[i].folder);
		assert_string_equal(f.inside, cases[i].inside);
		sync_file_clear(&f);
	}
}

static void a_look_leaves_variables_that_are_not_set(void **state)
{
	static const struct {
		const char *text, *dest;
	} all[] = {
		{"file:${SYNC_TEST_NONE}/x", "file:${SYNC_TEST_NONE}/x"},
		{"file:${SYNC_TEST_MODE}", "file:set"},
		{"file:${SYNC_TEST_NONE:-d}$${a}", "file:d${a}"},
		{"file:${", "file:${"},
		{"file:$${${SYNC_TEST_NONE}", "file:${${SYNC_TEST_NONE}"},
	};

	(void)state;
	setenv("SYNC_TEST_MODE", "set", 1);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct buf b = {0};
		struct sync_file f;
		struct err e;

		buf_fmt(&b,
			HEAD "table: users\nmode: ${SYNC_TEST_NONE}\n"
			     "mapping: {type: identify, user_id: "
			     "id}\ndestination: '%s'\n",
			all[i].text);
		put("look.yaml", buf_cstr(&b));
		assert_int_equal(sync_file_look(&f, "look.yaml", &e), 0);
		assert_string_equal(f.destination[0].dest, all[i].dest);
		assert_string_equal(f.destination[0].state, "state/look");
		sync_file_clear(&f);
		buf_clear(&b);
	}
	unsetenv("SYNC_TEST_MODE");
}

static void puts_in_variables(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"${SYNC_TEST_A}", "one"},
		{"x${SYNC_TEST_A}y$z${SYNC_TEST_B:-q}", "xoney$zq"},
		{"${SYNC_TEST_C:-empty}", "empty"},
		{"$${SYNC_TEST_A}", "${SYNC_TEST_A}"},
		{"${SYNC_TEST_B}",
		 "'a.yaml': line 1: the variable 'SYNC_TEST_B' is not set; set "
		 "it, or give a default as in ${SYNC_TEST_B:-text}"},
		{"${SYNC_TEST_A", NULL},
		{"${}", NULL},
		{"${1}", NULL},
		{"${SYNC_TEST_A-x}", NULL},
		{"${SYNC_TEST_C}", NULL},
	};

	(void)state;
	setenv("SYNC_TEST_A", "one", 1);
	setenv("SYNC_TEST_C", "", 1);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf text = {0};
		struct sync_file f;
		struct err e = {0};
		int rc;

		buf_fmt(&text, "description: '%s'\n" HEAD TAIL, cases[i].text);
		put("a.yaml", buf_cstr(&text));
		rc = sync_file_read(&f, "a.yaml", &e);
		if (cases[i].want && *cases[i].want != '\'') {
			assert_int_equal(rc, 0);
			assert_string_equal(f.description, cases[i].want);
		} else {
			assert_int_equal(rc, -1);
			assert_int_equal(e.kind, ERR_CONFIG);
		}
		if (cases[i].want && *cases[i].want == '\'')
			assert_string_equal(e.text, cases[i].want);
		sync_file_clear(&f);
		buf_clear(&text);
	}
}

static void refuses_with_line_and_way_out(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{"", "the file is empty"},
		{"# nothing\n", "the file is empty"},
		{"a: 1\n---\nb: 1\n", "one document"},
		{HEAD "mode: mirror\n" TAIL "mode: full\n",
		 "line 6: the key 'mode' is already in line 3"},
		{"[]", "a sync file is one object"},
		{"source: x\n", "'version' is missing"},
		{"version: 2\n", "line 1: 'version' must be 1"},
		{"version: rudder/v1\nkind: x\nspec: {}\n",
		 "rudder run FOLDER/"},
		{HEAD "moode: mirror\n" TAIL,
		 "line 3: unknown key 'moode'; did you mean 'mode'?"},
		{"version: 1\nsource: postgres://wh:pw@h/db\n" TAIL,
		 "line 2: 'source' has a password in it"},
		{"version: 1\nsource: postgres://h/db?password=pw\n" TAIL,
		 "line 2: 'source' has a password in it"},
		{"version: 1\nsource: odbc:DSN=x;UID=u;Pwd=pw\n" TAIL,
		 "line 2: 'source' has a password in it"},
		{HEAD "mode: mirorr\n" TAIL,
		 "line 3: 'mode' must be upsert, mirror, insert-only, "
		 "update-only or full; did you mean 'mirror'?"},
		{HEAD "mode: Mirror\n" TAIL, "did you mean 'mirror'?"},
		{HEAD "deletes: {max: ten}\n" TAIL,
		 "line 3: 'max' must be a count or a percentage like 10%"},
		{HEAD "deletes: {max: 101%}\n" TAIL, "line 3: 'max' must be"},
		{HEAD "deletes: {after_runs: two}\n" TAIL,
		 "line 3: 'after_runs' must be a count such as 250"},
		{HEAD "on_mapping_change: resendd\n" TAIL,
		 "'on_mapping_change' must be full, now, changed or none"},
		{HEAD "on_tag_change: ful\n" TAIL, "did you mean 'full'?"},
		{HEAD "expect: faild<1%\n" TAIL,
		 "line 3: 'expect' must be expectations such as failed<1%, "
		 "rows>=0.8*last, deletes<=100 or duration<10m; did you mean "
		 "'failed'?"},
		{HEAD "expect: [rows>1, failed]\n" TAIL, "'expect' must be"},
		{HEAD "expect: rows>1x\n" TAIL, "'expect' must be"},
		{HEAD "rejected: acept\n" TAIL, "did you mean 'accept'?"},
		{HEAD "timeout: 5 minutes\n" TAIL,
		 "line 3: 'timeout' must be a time such as 250ms, 30s or 10m"},
		{HEAD "max_age: 26\n" TAIL,
		 "line 3: 'max_age' must be a time with its unit"},
		{HEAD "mapping: {type: identify, user_id: id}\n"
		      "destination: {dest: 'null:', rate: fast}\n",
		 "line 4: 'rate' must be a count"},
		{HEAD "primary_key: id\n" TAIL,
		 "unknown key 'primary_key': the key is 'key: [id]'"},
		{HEAD "max_deletes: 3\n" TAIL, "write 'deletes: {max: ...}'"},
		{HEAD "rate: 3\n" TAIL, "it belongs to a destination"},
		{HEAD "deletes: {maxx: 3}\n" TAIL, "did you mean 'max'?"},
		{HEAD "deletes: 3\n" TAIL, "line 3: 'deletes' must be an obj"},
		{HEAD "write_key: x\n" TAIL, "'write_key_file: FILE'"},
		{"version: 1\n" TAIL, "'source' is missing"},
		{"version: 1\nsource: env:1\n" TAIL,
		 "line 2: 'source' must be env: and the name of a variable"},
		{"version: 1\nsource: postgres://u:k@h/d\n" TAIL,
		 "line 2: 'source' has a password in it"},
		{HEAD "table: a\nsql: b\n" TAIL, "give one model"},
		{HEAD "dbt: {manifest: a}\n" TAIL,
		 "line 3: 'dbt' needs 'manifest' and 'model'"},
		{HEAD "destination: 'null:'\n", "'mapping' is missing"},
		{HEAD "mapping: {}\n", "'destinations' is missing"},
		{HEAD "mapping: 3\ndestination: 'null:'\n",
		 "line 3: 'mapping' must be"},
		{HEAD TAIL "destinations: {}\n", "'destination' or 'dest"},
		{HEAD "mapping: {}\ndestinations: {a b: 'null:'}\n",
		 "line 4: the name of a destination"},
		{HEAD "mapping: {}\ndestination: {rate: 3}\n",
		 "line 4: 'destination' needs 'dest'"},
		{HEAD "mapping: {}\ndestination: {dest: env:X}\n",
		 "line 4: 'dest' is shown to all users"},
		{HEAD "mapping: {}\ndestination: {dest: 'null:', "
		      "write_key: abc}\n",
		 "a secret is not written into the file"},
		{HEAD "mapping: {}\ndestination: {dest: 'null:', ky: 1}\n",
		 "line 4: unknown key 'ky'; did you mean 'key'?"},
		{HEAD "mapping: {}\ndestinations: {a: {dest: 'null:', state: "
		      "x}, b: {dest: 'null:', state: x}}\n",
		 "two destinations have the state 'x'"},
		{HEAD "key: []\n" TAIL, "line 3: 'key' must be a list"},
		{HEAD "key: ''\n" TAIL, "line 3: 'key' must be a text"},
		{HEAD "mode: [a]\n" TAIL, "line 3: 'mode' must be a text"},
		{HEAD "mode:\n" TAIL, "line 3: 'mode' must be a text"},
		{HEAD "no_header: 1\n" TAIL, "must be true or false"},
		{HEAD "params: 1\n" TAIL, "must be an object of names"},
		{HEAD "max_age: soon\n" TAIL, "must be a time"},
		{HEAD "name: a/b\n" TAIL, "the name 'a/b' may have"},
		{HEAD "name: .b\n" TAIL, "the name '.b' may have"},
		{HEAD TAIL "---\n" HEAD, "one document"},
		{HEAD "mapping: {}\ndestination: [a]\n",
		 "line 4: 'destination' must be a URL, or an object with"},
		{HEAD "mapping: {}\ndestination: ''\n",
		 "line 4: 'destination' must be a text that is not empty"},
		{HEAD "destinations: {a: {dest: 'null:', mapping: {}}, b: "
		      "'null:'}\n",
		 "'mapping' is missing"},
		{HEAD "mapping: {}\ndestinations: [a]\n",
		 "line 4: 'destinations' must be an object of names"},
		{HEAD "mapping: {}\ndestinations: {}\n",
		 "line 4: 'destinations' must be an object of names"},
		{HEAD "project: [a]\n" TAIL,
		 "line 3: 'project' must be the folder of a project, or "
		 "{path: shop/, model: users}"},
		{HEAD "project: {model: a}\n" TAIL,
		 "line 3: 'project' needs 'path'"},
		{HEAD "project: {path: []}\n" TAIL, "'path' must be a text"},
		{HEAD "dbt: a\n" TAIL,
		 "line 3: 'dbt' must be {manifest: target/manifest.json, "
		 "model: users}"},
		{HEAD "model: {}\n" TAIL, "line 3: 'model' must be a text"},
		{HEAD "model: ${NOT_SET_IN_A_TEST}\n" TAIL,
		 "the variable 'NOT_SET_IN_A_TEST' is not set"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sync_file f;
		struct err e = {0};

		put("bad.yaml", cases[i].text);
		assert_int_equal(sync_file_read(&f, "bad.yaml", &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		if (!strstr(e.text, cases[i].part))
			fail_msg("case %zu: %s", i, e.text);
		assert_int_equal(strncmp(e.text, "'bad.yaml': ", 12), 0);
		sync_file_clear(&f);
	}
}

static void a_missing_file_is_no_input(void **state)
{
	struct sync_file f;
	struct err e = {0};

	(void)state;
	assert_int_equal(sync_file_read(&f, "none.yaml", &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	sync_file_clear(&f);
}

static void finds_the_files_of_the_folder_in_order(void **state)
{
	char *const none[] = {NULL};
	struct sync_files all;
	struct err e = {0};

	(void)state;
	(void)unlink("syncs/users.yaml");
	assert_int_equal(sync_files_read(&all, none, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	sync_files_clear(&all);
	put("syncs/b.yaml", HEAD TAIL);
	put("syncs/a.yml", HEAD TAIL);
	put("syncs/.c.yaml", "not read");
	put("syncs/c.txt", "not read");
	assert_int_equal(sync_files_read(&all, none, &e), 0);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.v[0].name, "a");
	assert_string_equal(all.v[1].path, "syncs/b.yaml");
	sync_files_clear(&all);
}

static void refuses_one_name_twice(void **state)
{
	char a[] = "a.yaml", b[] = "b.yaml";
	char *const both[] = {a, b, NULL};
	struct sync_files all;
	struct err e = {0};

	(void)state;
	put("a.yaml", HEAD TAIL);
	put("b.yaml", HEAD TAIL "name: a\n");
	assert_int_equal(sync_files_read(&all, both, &e), -1);
	assert_string_equal(e.text,
			    "'a.yaml' and 'b.yaml' both have the name 'a'");
	sync_files_clear(&all);
}

int main(void)
{
#ifndef WITH_YAML
	return 77;
#else
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_of_a_file),
		cmocka_unit_test(gives_each_destination_its_settings),
		cmocka_unit_test(one_destination_has_the_state_of_the_file),
		cmocka_unit_test(paths_start_above_the_folder_syncs),
		cmocka_unit_test(puts_in_variables),
		cmocka_unit_test(a_look_leaves_variables_that_are_not_set),
		cmocka_unit_test(refuses_with_line_and_way_out),
		cmocka_unit_test(a_missing_file_is_no_input),
		cmocka_unit_test(finds_the_files_of_the_folder_in_order),
		cmocka_unit_test(refuses_one_name_twice),
	};

	return cmocka_run_group_tests(tests, with_folder, without_folder);
#endif
}
