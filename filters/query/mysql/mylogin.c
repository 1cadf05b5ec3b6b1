#include "query/mysql/mylogin.h"

#ifdef WITH_MYSQL
#include <errmsg.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query/login.h"
#include "query/losses.h"
#include "query/mysql/myerror.h"
#include "query/url.h"

/* libmariadb exports it, but has it in no header. Registers f, which is called
 * after each read (mode 0) and write (mode 1) of any connection, with the
 * bytes.
 */
int ma_pvio_register_callback(my_bool on,
			      void (*f)(int mode, MYSQL *conn,
					const unsigned char *p, size_t n));

enum {
	CONNECT_S = 10,
	GREETING_BYTES = 1024,     /* a greeting is never longer */
	SETUP_BYTES = 1024 * 1024, /* bytes before the model runs */
	HEAD_BYTES = 4,            /* length and sequence number */
	OFFERS_TLS = 0x800,        /* bit in the lower capability flags */
	VERSION = 10,
	REFUSAL = 0xff, /* first byte of an error packet */
};

#define USER_DATA "rudder" /* key of struct setup */

/* Allowed login methods by what the server learns: a proof; also the password
 * encrypted; also the password itself. The library searches these lists with
 * strstr.
 */
#define PROOF_METHODS                                                          \
	"mysql_native_password,client_ed25519,parsec,auth_gssapi_client"
#define ENCRYPTED_METHODS PROOF_METHODS ",caching_sha2_password,sha256_password"
#define PLAIN_METHODS     ENCRYPTED_METHODS ",mysql_clear_password,dialog"

enum mylogin_way { SOCKET, LOOPBACK, AWAY };

enum refusal { FINE, NO_TLS, NOT_MYSQL, TOO_MUCH, OVER };

/* State while the library logs in. */
struct setup {
	const struct source_job *job;
	struct rows *rows;
	struct url url;
	const char *tls, *ca;
	bool required, verified;
	bool open;        /* others may see or change what is sent */
	struct buf first; /* the bytes of the greeting */
	bool greeted;
	size_t seen; /* bytes received */
	enum refusal why;
};

int mylogin_read(struct slice bytes, struct mylogin_greeting *g)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	const unsigned char *nul;
	size_t n, at;

	*g = (struct mylogin_greeting){0};
	if (bytes.n < HEAD_BYTES)
		return 0;
	/* decided by the packet header: the library gives up on a large packet
	 */
	n = p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
	if (n > GREETING_BYTES || p[3] != 0)
		return -1;
	if (bytes.n == HEAD_BYTES)
		return 0;
	g->error = p[HEAD_BYTES] == REFUSAL;
	if (p[HEAD_BYTES] != VERSION && !g->error)
		return -1;
	g->whole = bytes.n >= n + HEAD_BYTES;
	if (g->error || !g->whole)
		return 0;
	nul = memchr(p + HEAD_BYTES, 0, n);
	/* version, NUL, thread id, 8 bytes of the nonce, NUL, capabilities */
	at = nul ? (size_t)(nul - p) + 1 + 4 + 8 + 1 : bytes.n;
	if (at + 2 > n + HEAD_BYTES)
		return -1;
	g->tls = (p[at] | (unsigned)p[at + 1] << 8) & OFFERS_TLS;
	return 0;
}

/* ---- the options ------------------------------------------------------- */

static int read_tls(struct setup *s, struct err *e)
{
	const struct url *u = &s->url;
	const char *tls = url_option(u, "tls");

	if (tls && strcmp(tls, "off") != 0 && strcmp(tls, "require") != 0 &&
	    strcmp(tls, "verify") != 0)
		return err_names(e, ERR_USAGE,
				 "source: tls=%s is not off, require or verify",
				 tls);
	s->tls = tls;
	s->ca = url_option(u, "tls-ca");
	if (tls && strcmp(tls, "off") == 0)
		return 0;
	s->required = tls || s->ca;
	s->verified = s->ca || (tls && strcmp(tls, "verify") == 0);
	return 0;
}

/* Whether the library accepts all TLS options: one that it ignores must not go
 * unnoticed.
 */
static bool set_tls(const struct setup *s, MYSQL *conn)
{
	const my_bool yes = 1, no = 0;

	return (!s->ca || mysql_optionsv(conn, MYSQL_OPT_SSL_CA, s->ca) == 0) &&
	       mysql_optionsv(conn, MYSQL_OPT_SSL_VERIFY_SERVER_CERT,
			      s->verified ? &yes : &no) == 0 &&
	       (!s->required ||
		mysql_optionsv(conn, MYSQL_OPT_SSL_ENFORCE, &yes) == 0);
}

static int no_file(void **ctx, const char *name, void *ours)
{
	(void)name;
	(void)ours;
	*ctx = NULL;
	return 1;
}

static int no_bytes(void *ctx, char *to, unsigned n)
{
	(void)ctx;
	(void)to;
	(void)n;
	return -1;
}

static void no_end(void *ctx)
{
	(void)ctx;
}

static int no_file_why(void *ctx, char *to, unsigned n)
{
	(void)ctx;
	snprintf(to, n, "the server asked for a file of this machine");
	return CR_UNKNOWN_ERROR;
}

/* False if the library does not accept an option that limits the server. */
static bool set_options(struct setup *s, MYSQL *conn)
{
	const unsigned wait_s = CONNECT_S, no = 0;

	mysql_optionsv(conn, MYSQL_READ_DEFAULT_GROUP, "rudder");
	mysql_optionsv(conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_optionsv(conn, MYSQL_OPT_CONNECT_TIMEOUT, &wait_s);
	mysql_optionsv(conn, MYSQL_OPT_NONBLOCK, 0);
	/* even if the option files allow local files */
	mysql_set_local_infile_handler(conn, no_file, no_bytes, no_end,
				       no_file_why, NULL);
	return set_tls(s, conn) &&
	       mysql_optionsv(conn, MYSQL_OPT_LOCAL_INFILE, &no) == 0 &&
	       mysql_optionsv(conn, MARIADB_OPT_RESTRICTED_AUTH,
			      s->verified ? PLAIN_METHODS
					  : ENCRYPTED_METHODS) == 0 &&
	       mysql_optionsv(conn, MARIADB_OPT_USERDATA, USER_DATA, s) == 0;
}

/* ---- the greeting ------------------------------------------------------ */

/* Replaces the socket by /dev/null, so that the library reads end of file:
 * there is no other way to stop it from here.
 */
static void refuse(struct setup *s, MYSQL *conn, enum refusal why)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fd = (int)mysql_get_socket(conn);

	s->why = why;
	if (null < 0 || dup2(null, fd) < 0)
		(void)shutdown(fd, SHUT_RDWR);
	if (null >= 0)
		close(null);
}

/* Where the server is, by the connection itself, whatever the URL and the
 * option files say.
 */
static enum mylogin_way find_way(MYSQL *conn)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
		struct sockaddr_storage room;
	} at = {0};
	socklen_t n = sizeof(at);

	if (getpeername((int)mysql_get_socket(conn), &at.any, &n) < 0)
		return AWAY;
	if (at.any.sa_family == AF_UNIX)
		return SOCKET;
	if (at.any.sa_family == AF_INET)
		return ntohl(at.four.sin_addr.s_addr) >> 24 == 127 ? LOOPBACK
								   : AWAY;
	return at.any.sa_family == AF_INET6 &&
			       IN6_IS_ADDR_LOOPBACK(&at.six.sin6_addr)
		       ? LOOPBACK
		       : AWAY;
}

/* Without tls= in the URL, TLS is used if the server offers it, except on a
 * socket: an account may require TLS, and the password would otherwise be
 * visible.
 */
static void look_at_greeting(struct setup *s, MYSQL *conn)
{
	enum mylogin_way place = find_way(conn);
	struct mylogin_greeting g;
	bool used;

	if (mylogin_read(buf_all(&s->first), &g) < 0) {
		refuse(s, conn, NOT_MYSQL);
		return;
	}
	s->greeted = g.whole;
	if (!g.whole || g.error)
		return;
	used = s->required || (!s->tls && g.tls && place != SOCKET);
	if (s->required && !g.tls)
		refuse(s, conn, NO_TLS);
	else if (used && !s->required)
		mysql_ssl_set(conn, NULL, NULL, NULL, NULL, NULL);
	/* with tls=off the user trusts the local machine */
	s->open = !used && place != SOCKET && (place == AWAY || !s->tls);
	if (s->open)
		mysql_optionsv(conn, MARIADB_OPT_RESTRICTED_AUTH,
			       PROOF_METHODS);
}

static void on_read(int mode, MYSQL *conn, const unsigned char *p, size_t n)
{
	char key[] = USER_DATA;
	struct setup *s = NULL;

	if (mode != 0 || n == 0 || n > SIZE_MAX / 2 ||
	    mysql_get_optionv(conn, MARIADB_OPT_USERDATA, key, &s) != 0 || !s ||
	    s->why != FINE)
		return;
	s->seen += n;
	if (s->seen > SETUP_BYTES) {
		refuse(s, conn, TOO_MUCH);
	} else if (!s->greeted) {
		buf_add(&s->first, p, n);
		look_at_greeting(s, conn);
	}
}

static int refused(const struct setup *s, struct err *e)
{
	switch (s->why) {
	case NO_TLS:
		return err_set(e, ERR_PROTOCOL,
			       "MySQL: the server does not offer TLS, which %s "
			       "requires; nothing was sent",
			       s->tls ? "tls=" : "tls-ca=");
	case NOT_MYSQL:
		return err_set(
			e, ERR_PROTOCOL,
			"MySQL: the server is not MySQL; check host and port");
	case TOO_MUCH:
		return err_names(
			e, ERR_PROTOCOL,
			"MySQL: the server sent more than %d KiB before "
			"the first row",
			SETUP_BYTES / 1024);
	case FINE:
	case OVER:
		break;
	}
	return 0;
}

/* Does not use the library's text, which names the plugin from freed memory. */
static int not_allowed(const struct setup *s, struct err *e)
{
	return err_set(
		e, ERR_PROTOCOL,
		"MySQL: the server asks for the password with a method that is "
		"not allowed, since it %s; the password was not sent",
		s->verified ? "is unknown"
		: s->open   ? "would reveal it without TLS: use tls=require or "
			      "tls=verify"
			    : "would reveal it: use tls=verify if the "
			      "account needs it");
}

static int failed(const struct setup *s, MYSQL *conn, struct err *e)
{
	unsigned code = mysql_errno(conn);

	if (refused(s, e) < 0)
		return -1;
	if (code == CR_PLUGIN_NOT_ALLOWED)
		return not_allowed(s, e);
	return myerror_set(conn, e);
}

static int connect_to(struct setup *s, MYSQL *conn, struct err *e)
{
	const struct url *u = &s->url;
	const char *password = u->password ? u->password : getenv("MYSQL_PWD");
	struct login *login =
		login_begin("MySQL", s->job->timeout_ms, 0, s->rows, e);
	MYSQL *in;

	if (!login)
		return -1;
	in = mysql_real_connect(conn, u->host, u->user, password, u->path,
				u->port, url_option(u, "socket"), 0);
	login_end(login);
	if (!in || s->why != FINE) {
		(void)failed(s, conn, e);
		return err_all_names(e);
	}
	if (s->required && !mysql_get_ssl_cipher(conn))
		return err_set(e, ERR_PROTOCOL,
			       "MySQL: the connection does not use TLS");
	return 0;
}

/* ---- the session ------------------------------------------------------- */

/* The server waits for a year, because the reader of the rows may stall for
 * long, for instance if a destination asks to wait. Time limits of the server
 * count that time, so LIFT removes one that is set for all sessions; one that
 * the user has set for this session stays.
 */
#define STALLS "SET net_write_timeout = 31536000, net_read_timeout = 31536000"
#define LIFT(name)                                                             \
	"SET " name " = IF(@@session." name " = @@global." name                \
	", 0, @@session." name ")"
#define LIFT_MARIA LIFT("max_statement_time")
#define LIFT_MYSQL LIFT("max_execution_time")

static int command(const struct setup *s, MYSQL *conn, const char *sql,
		   struct err *e)
{
	return mysql_query(conn, sql) == 0 ? 0 : failed(s, conn, e);
}

static int set_zone(const struct setup *s, MYSQL *conn, struct err *e)
{
	const char *zone = url_option(&s->url, "timezone");
	char quoted[2 * 64 + 1], text[sizeof(quoted) + 32];

	if (!zone)
		return 0;
	if (strcmp(zone, "UTC") == 0) /* may be missing in the server */
		zone = "+00:00";
	if (strlen(zone) > 64)
		return err_names(e, ERR_USAGE,
				 "source: timezone=%s is not a time zone",
				 zone);
	mysql_real_escape_string(conn, quoted, zone, strlen(zone));
	snprintf(text, sizeof(text), "SET time_zone = '%s'", quoted);
	return command(s, conn, text, e);
}

/* Sets UTF-8, whatever the option files and their init-command say. */
static int set_charset(const struct setup *s, MYSQL *conn, struct err *e)
{
	return mysql_set_character_set(conn, "utf8mb4") == 0
		       ? 0
		       : failed(s, conn, e);
}

/* Limits the rows to one more than wanted, which shows whether there are more.
 * It also overrides a limit set for all sessions, which would leave out rows
 * without an error.
 */
static int set_limit(const struct setup *s, MYSQL *conn, struct err *e)
{
	uint64_t max =
		s->rows->limit < INT64_MAX ? s->rows->limit + 1 : UINT64_MAX;
	char text[64];

	snprintf(text, sizeof(text), "SET sql_select_limit = %ju",
		 (uintmax_t)max);
	return command(s, conn, text, e);
}

static int begin(const struct setup *s, MYSQL *conn, struct err *e)
{
	bool maria = strstr(mysql_get_server_info(conn), "MariaDB");
	char limit[96];

	(void)mysql_query(conn, "SET " LOSSES_SET);
	if (set_charset(s, conn, e) < 0 || set_zone(s, conn, e) < 0 ||
	    command(s, conn, STALLS, e) < 0 ||
	    command(s, conn,
		    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
		    e) < 0 ||
	    command(s, conn,
		    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
		    e) < 0 ||
	    set_limit(s, conn, e) < 0)
		return -1;
	if (s->job->timeout_ms == 0)
		return command(s, conn, maria ? LIFT_MARIA : LIFT_MYSQL, e);
	if (maria)
		snprintf(limit, sizeof(limit),
			 "SET max_statement_time = %ju.%03ju",
			 (uintmax_t)s->job->timeout_ms / 1000,
			 (uintmax_t)s->job->timeout_ms % 1000);
	else
		snprintf(limit, sizeof(limit), "SET max_execution_time = %ju",
			 (uintmax_t)s->job->timeout_ms);
	return command(s, conn, limit, e);
}

/* Unregistering is not enough: libmariadb (10.11.19) goes on calling the
 * function registered first, because it does not update the head of its list.
 * So replace the user data as well, and on_read() does nothing.
 */
static void stop_looking(MYSQL *conn)
{
	static const struct setup over = {.why = OVER};

	(void)ma_pvio_register_callback(0, on_read);
	mysql_optionsv(conn, MARIADB_OPT_USERDATA, USER_DATA, &over);
}

static int open_session(struct setup *s, MYSQL *conn, struct err *e)
{
	int rc;

	if (!set_options(s, conn))
		return err_set(e, ERR_CONFIG,
			       "MySQL: this libmariadb does not accept tls=, "
			       "tls-ca= or a limit of what a server may do");
	(void)ma_pvio_register_callback(1, on_read);
	rc = connect_to(s, conn, e);
	if (rc == 0)
		rc = begin(s, conn, e);
	stop_looking(conn);
	return rc;
}

MYSQL *mylogin_open(const struct source_job *job, struct rows *rows,
		    struct err *e)
{
	static const char *const known[] = {"socket", "tls", "tls-ca",
					    "timezone", NULL};
	struct setup s = {.job = job, .rows = rows};
	MYSQL *conn = NULL;

	if (url_parse(&s.url, job->url, known, e) < 0 || read_tls(&s, e) < 0)
		goto out;
	conn = mysql_init(NULL);
	if (!conn) {
		(void)err_set(e, ERR_OS, "out of memory");
	} else if (open_session(&s, conn, e) < 0) {
		mysql_close(conn);
		conn = NULL;
	}
out:
	url_clear(&s.url);
	buf_clear(&s.first);
	return conn;
}
#endif
