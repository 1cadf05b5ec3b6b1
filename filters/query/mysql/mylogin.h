/* mylogin.h - logs in to MySQL without revealing the password.
 *
 * Floor 2 (query). A server chooses how to ask for the password, and may ask
 * for the password itself. An attacker on the network can remove the server's
 * offer of TLS, which is not signed. So the password is sent only in these
 * forms:
 *
 *     connection                        form of the password
 *     no TLS                            a proof of knowing it
 *     TLS, a socket; tls=off, loopback  a proof, or encrypted for the server
 *     TLS, verified certificate         also the password itself (PAM, LDAP)
 *
 * If TLS is required and not offered, nothing is sent at all. A server never
 * gets a local file. Plugins that could read standard input or write to
 * standard output find /dev/null there (tool_set_aside).
 */
#ifndef QUERY_MYSQL_MYLOGIN_H
#define QUERY_MYSQL_MYLOGIN_H

#include "query/source.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* Logs in as the URL of the job says. What the URL leaves out comes from the
 * group [rudder] of the option files and from MYSQL_PWD. The session then reads
 * one snapshot, cannot write, and has the time zone of the server or of the
 * URL. Returns a connection to close with mysql_close, or NULL with *e set:
 *
 *     ERR_USAGE     wrong URL
 *     ERR_CONFIG    this libmariadb lacks a security option
 *     ERR_REFUSED   cannot connect, or the connection was lost
 *     ERR_TEMP      --timeout
 *     ERR_PROTOCOL  TLS is required but not offered, wrong certificate, a login
 *                   method that is not allowed, or the server is not MySQL
 *     ERR_DENIED    wrong password
 */
MYSQL *mylogin_open(const struct source_job *job, struct rows *rows,
		    struct err *e) MUST_USE;

/* The content of a greeting. */
struct mylogin_greeting {
	bool whole; /* false: more bytes are needed */
	bool error; /* the server sent an error instead of a greeting */
	bool tls;   /* the server offers TLS */
};

/* Parses the first packet from the bytes received so far. Returns 0, or -1 if
 * it is not MySQL's.
 */
int mylogin_read(struct slice bytes, struct mylogin_greeting *g) MUST_USE;

#endif
#endif
