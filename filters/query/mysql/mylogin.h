/* mylogin.h - logs in to MySQL without revealing more than allowed.
 *
 * Floor 2 (query). A server chooses how a password is asked for, and may ask
 * for the password itself; whoever is between us and it may take away the
 * offer of TLS, which is not signed. So:
 *
 *     where                             the password leaves as
 *     no TLS                            a proof of it only
 *     TLS, a socket; tls=off, loopback  that, or encrypted for the server
 *     TLS, verified certificate         that, or itself (PAM, LDAP, IAM)
 *
 * With TLS asked for and not offered nothing is sent at all. No server gets a
 * file of ours. Plugins that could read standard input or write to standard
 * output find /dev/null there (tool_set_aside).
 */
#ifndef QUERY_MYSQL_MYLOGIN_H
#define QUERY_MYSQL_MYLOGIN_H

#include "query/source.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* Logs in as the URL of the job says; what it leaves out comes from the group
 * [rudder] of the option files and from MYSQL_PWD. The session then has one
 * snapshot, writes nothing, and is in the zone of the server or of the URL.
 * NULL with *e set, and else to be closed by mysql_close:
 *
 *     ERR_USAGE     the URL
 *     ERR_REFUSED   no server there, or it went away
 *     ERR_TEMP      --timeout
 *     ERR_PROTOCOL  no TLS though it was asked for, a certificate, a method
 *                   that is not allowed, a greeting that is not MySQL's
 *     ERR_DENIED    a wrong password
 */
MYSQL *mylogin_open(const struct source_job *job, struct rows *rows,
		    struct err *e) MUST_USE;

/* What a greeting says. */
struct mylogin_greeting {
	bool whole; /* else more bytes are needed */
	bool error; /* it is a refusal of the server's in place of a greeting */
	bool tls;   /* TLS is offered */
};

/* Reads the bytes that a server sent so far, its first packet: 0, or -1 for
 * what is not MySQL's.
 */
int mylogin_read(struct slice bytes, struct mylogin_greeting *g) MUST_USE;

#endif
#endif
