#include "send/dest/network.h"

#include <stdlib.h>

static const struct dest_option rows[] = {
	{"connect-timeout", "<time>", "time limit of connecting", DEST_MSEC,
	 .at = offsetof(struct network_settings, connect_ms),
	 .otherwise = (uint64_t)10 * 1000},
	{"no-gzip", NULL, "do not compress request bodies", DEST_FLAG,
	 .at = offsetof(struct network_settings, no_gzip)},
};

static int check(const void *settings, struct err *e)
{
	const struct network_settings *s = settings;

	if (s->connect_ms == 0)
		return err_names(e, ERR_USAGE,
				 "option '--connect-timeout' must be more than "
				 "0");
	return 0;
}

const struct dest_group network_group = {
	rows, COUNT_OF(rows), sizeof(struct network_settings), check};

static const struct dest_option http_rows[] = {
	{"http2", NULL, "use HTTP/2 if the server supports it", DEST_FLAG,
	 .at = offsetof(struct network_http, http2)},
	{"cacert", "<file>", "trust the certificate authorities in this file",
	 DEST_TEXT, .at = offsetof(struct network_http, ca_file)},
	{"cert", "<file>", "client certificate", DEST_TEXT,
	 .at = offsetof(struct network_http, cert_file)},
	{"cert-key", "<file>", "private key of --cert", DEST_TEXT,
	 .at = offsetof(struct network_http, cert_key_file)},
	{"pinned-key", "<hash>", "require the server to have this public key",
	 DEST_TEXT, .at = offsetof(struct network_http, pinned)},
	{"allow-http", NULL, "permit unencrypted http:// to other hosts",
	 DEST_FLAG, .at = offsetof(struct network_http, allow_http)},
	{"deny-private", NULL, "connect only to public addresses", DEST_FLAG,
	 .at = offsetof(struct network_http, deny_private)},
};

const struct dest_group network_http_group = {
	http_rows, COUNT_OF(http_rows), sizeof(struct network_http), NULL};

const struct network_settings *network_of(const struct dest_options *o)
{
	return dest_option_settings(o->given, &network_group);
}

const struct network_http *network_http_of(const struct dest_options *o)
{
	return dest_option_settings(o->given, &network_http_group);
}

/* ---- files ------------------------------------------------------------- */

/* Allows to read what name resolution, certificates, OpenSSL's settings and the
 * libraries that these load on first use need; some systems link from /etc to
 * other folders.
 */
static void read_system(struct landlock *l)
{
	static const char *const folders[] = {
		"/etc",         "/usr",           "/lib",
		"/lib64",       "/run",           "/opt",
		"/nix",         "/gnu",           "/var/lib/ca-certificates",
		"/var/lib/sss", "/etc/ssl/certs", "/dev/urandom",
	};
	static const char *const variables[] = {
		"SSL_CERT_FILE",
		"SSL_CERT_DIR",
		"OPENSSL_CONF",
		"HOSTALIASES",
	};

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		landlock_read(l, folders[i]);
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		landlock_read(l, getenv(variables[i]));
	landlock_read_around(l, "/etc/resolv.conf");
	landlock_read_around(l, "/etc/hosts");
}

void network_http_reach(const struct dest_options *o, struct landlock *l)
{
	static const char pin_prefix[] = "sha256//";
	const struct network_http *s = network_http_of(o);

	read_system(l);
	landlock_read_around(l, s->ca_file);
	landlock_read_around(l, s->cert_file);
	landlock_read_around(l, s->cert_key_file);
	if (s->pinned &&
	    strncmp(s->pinned, pin_prefix, strlen(pin_prefix)) != 0)
		landlock_read_around(l, s->pinned);
}
