/* attribute.h: what connection strings hold */
#include "cmocka_all.h"
#include "query/attribute.h"

static void takes_them_apart(void **state)
{
	const char *text = ";DSN=wh; Uid = me;PWD={a;b}}c};Trusted;LAST=";
	static const char *const names[] = {"DSN", "Uid", "PWD", "Trusted",
					    "LAST"};
	static const char *const wholes[] = {
		"DSN=wh", "Uid = me", "PWD={a;b}}c}", "Trusted", "LAST="};
	struct attribute a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_true(attribute_next(&text, &a));
		assert_true(slice_is(a.name, names[i]));
		assert_true(slice_is(a.whole, wholes[i]));
	}
	assert_false(attribute_next(&text, &a));
}

static void finds_names_without_case(void **state)
{
	(void)state;
	assert_true(attribute_has("DSN=x;pwd=y", "PWD"));
	assert_false(attribute_has("DSN=pwd=y;PWDX=1", "PWD"));
	assert_false(attribute_has("DSN={;PWD=x}", "PWD"));
	assert_false(attribute_has("", "PWD"));
	assert_false(attribute_has("DSN={never closed;PWD=x", "PWD"));
}

static void knows_secrets(void **state)
{
	const char *text = "Password=x;UID=y;Auth_AccessToken=z";
	struct attribute a;

	(void)state;
	assert_true(attribute_next(&text, &a) && attribute_is_secret(&a));
	assert_true(attribute_next(&text, &a) && !attribute_is_secret(&a));
	assert_true(attribute_next(&text, &a) && attribute_is_secret(&a));
}

static void knows_secrets_by_their_kind(void **state)
{
	static const char *const secrets[] = {
		"AccessKey",
		"SecretAccessKey",
		"ClientSecret",
		"PassPhrase",
		"KeyContent",
		"Auth_Client_Secret",
		"Auth_RefreshToken",
		"PRIV_KEY_FILE_PWD",
		"PRIV_KEY_BASE64",
		"SessionToken",
		"web_identity_token",
		"ProxyPWD",
		"OAuthJWTCertPassword",
		"AzureSharedAccessSignature",
		"APIKey",
		"KeyStoreSecret",
		"Passcode",
		"PASSWORD2",
		"AUTHENTICATIONPARAMETER",
		"SSLClientKeystoreDBPassword",
		"ClientCertificate=file:a.pfx,password:x",
		"pqopt={sslpassword=x}",
	};
	static const char *const others[] = {
		"UID",           "Server",
		"PRIV_KEY_FILE", "KeyFilePath",
		"AccessKeyID",   "TokenEndpoint",
		"SSLMode",       "Authenticator",
		"PasswordFile",  "ClientCertificate=file:a.pem",
	};
	struct attribute a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(secrets); i++) {
		const char *text = secrets[i];

		assert_true(attribute_next(&text, &a));
		if (!attribute_is_secret(&a))
			fail_msg("%s", secrets[i]);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		const char *text = others[i];

		assert_true(attribute_next(&text, &a));
		if (attribute_is_secret(&a))
			fail_msg("%s", others[i]);
	}
}

static void masks_what_a_driver_repeats(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_str(&b, "no 'hunter22' for me: hunter22; abc");
	attribute_mask(&b, "UID=for me;PWD={hunter22};Token=abc;Secret");
	assert_string_equal(buf_cstr(&b), "no '***' for me: ***; abc");
	buf_clear(&b);
	attribute_mask(&b, "PWD=hunter22");
	assert_int_equal(b.n, 0);
}

static void adds_any_value(void **state)
{
	struct buf b = {0};
	const char *text;
	struct attribute a;

	(void)state;
	buf_str(&b, "DSN=x");
	attribute_add(&b, "PWD", "p;w}d");
	text = buf_cstr(&b);
	assert_string_equal(text, "DSN=x;PWD={p;w}}d}");
	assert_true(attribute_next(&text, &a) && attribute_next(&text, &a));
	assert_true(slice_is(a.whole, "PWD={p;w}}d}"));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_them_apart),
		cmocka_unit_test(finds_names_without_case),
		cmocka_unit_test(knows_secrets),
		cmocka_unit_test(knows_secrets_by_their_kind),
		cmocka_unit_test(masks_what_a_driver_repeats),
		cmocka_unit_test(adds_any_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
