#include "send/confine.h"

#include <stdlib.h>

#include "core/landlock.h"
#include "send/watchdog.h"

static const char pin_prefix[] = "sha256//";

/* Name service, certificates, OpenSSL's settings, and the libraries that these
 * load when they are first used; some systems link from /etc to elsewhere.
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

void confine_run(struct run *r)
{
	const struct send_options *o = r->o;
	bool is_http = r->dest->speaks_http && !o->dry_run;
	struct landlock l;

	r->confined = true;
	if (!o->confine || r->dest->unconfined)
		return;
	landlock_init(&l, is_http);
	if (is_http) {
		read_system(&l);
		landlock_read_around(&l, o->ca_file);
		landlock_read_around(&l, o->cert_file);
		landlock_read_around(&l, o->cert_key_file);
		if (o->pinned &&
		    strncmp(o->pinned, pin_prefix, strlen(pin_prefix)) != 0)
			landlock_read_around(&l, o->pinned);
	}
	landlock_write(&l, r->attempt.dir);
	landlock_replace(&l, o->failed);
	landlock_replace(&l, o->stats);
	if (strcmp(r->dest->scheme, "file") == 0 && !o->dry_run)
		landlock_replace(&l, r->given.url);
	if (l.fd >= 0 && r->watchdog)
		watchdog_confine(r->watchdog, l.fd);
	landlock_enter(&l);
}
