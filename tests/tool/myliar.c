/* myliar.c - a MySQL server for tests that does not keep to the rules: as much
 * of the protocol as a login needs, with one lie.
 *
 *     myliar -p PORTFILE [-o GOT] [-f FILE] [-c PEM] [-n] [-6] LIE
 *
 *   -p FILE   the port on 127.0.0.1, as a decimal number and LF, once the
 *             server listens (the file is put there whole, by rename)
 *   -o FILE   append each packet of a client as it came, and LF
 *   -f FILE   the text of a dialog, or the file that infile asks for
 *   -c PEM    offer TLS, with the certificate and the key in this file
 *   -n        old: without the plugins of MySQL 5.5
 *   -6        on ::1
 *
 * It serves one client after the other and ends by SIGTERM,
 * or by itself after ten minutes. LIE is one of
 *
 *     honest        takes every password and answers OK to every statement,
 *                   but for the model, in which it finds an error
 *     full          has no room for a further client
 *     rows          finds rows of MySQL 9: id INT, v VECTOR, j JSON
 *     cut           the same, and ends in the middle of the second
 *     mute          prepares the model, and has no columns when it runs
 *     ask NAME      wants the password by the plugin NAME, and what that sends
 *     first NAME    the same, without the packet that changes the plugin
 *     old           wants it by the plugin of MySQL 4.0, in one byte
 *     key           full authentication of caching_sha2_password, with an RSA
 *                   key of its own
 *     infile        wants the file after the first statement
 *     garbage       bytes that are no packet in place of the greeting
 *     garble        bytes that are no packet in answer to the login
 *     short         half a greeting
 *     flood         a greeting without end, to 64 MiB
 *     flood-login   the same in answer to the login
 *     flood-query   the same in answer to the first statement
 *     sized         a packet that says 16 MiB and is three bytes
 *     hang          no greeting
 *     hang-login    no answer to the login
 *
 * A dialog question is one of type 2, an ordinary one that is shown.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/file.h"

#include "myliar_rows.h"

enum {
	LIVES_S = 600,
	PACKET = 65536,
	SCRAMBLE = 20,
	FLOOD = 64 * 1024 * 1024,
	KEY_BITS = 2048,
};

enum {
	OK = 0x00,
	MORE = 0x01,
	INFILE = 0xfb,
	CHANGE = 0xfe,
	PREPARE = 0x16,
	EXECUTE = 0x17,
	FULL = 4,
	SSL_FLAG = 0x800,
	SSL_REQUEST = 32, /* bytes */
};

struct liar {
	const char *lie, *plugin;
	FILE *got;
	struct buf text; /* of -f */
	bool old;
	SSL_CTX *tls; /* NULL: none is offered */
	SSL *ssl;     /* of the client, once it wants it */
	int fd, family;
	unsigned char seq;
};

static const char scramble[SCRAMBLE + 1] = "abcdefghijklmnopqrst";

static void die(const char *what)
{
	fprintf(stderr, "myliar: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void raw(const struct liar *l, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		int some = n < PACKET ? (int)n : PACKET;
		ssize_t put = l->ssl ? SSL_write(l->ssl, at, some)
				     : send(l->fd, at, n, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		at += put;
		n -= (size_t)put;
	}
}

static void say(struct liar *l, const void *p, size_t n)
{
	unsigned char head[4] = {n & 0xff, n >> 8 & 0xff, n >> 16 & 0xff,
				 l->seq++};

	raw(l, head, sizeof(head));
	raw(l, p, n);
}

static bool take(const struct liar *l, void *p, size_t n)
{
	char *at = p;

	while (n > 0) {
		int some = n < PACKET ? (int)n : PACKET;
		ssize_t got = l->ssl ? SSL_read(l->ssl, at, some)
				     : recv(l->fd, at, n, 0);

		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

/* A packet of the client's: its length, or -1 when it went away. */
static long hear(struct liar *l, unsigned char packet[static PACKET])
{
	unsigned char head[4];
	size_t n;

	if (!take(l, head, sizeof(head)))
		return -1;
	n = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
	if (n > PACKET || !take(l, packet, n))
		return -1;
	l->seq = (unsigned char)(head[3] + 1);
	if (l->got) {
		fwrite(packet, 1, n, l->got);
		fputc('\n', l->got);
		fflush(l->got);
	}
	return (long)n;
}

static bool is(const struct liar *l, const char *lie)
{
	return strcmp(l->lie, lie) == 0;
}

static void greet(struct liar *l)
{
	/* LONG_PASSWORD LONG_FLAG CONNECT_WITH_DB LOCAL_FILES PROTOCOL_41
	 * TRANSACTIONS SECURE_CONNECTION, and PLUGIN_AUTH with its lengths
	 */
	uint32_t can =
		0xa28d | (l->old ? 0 : 0x280000) | (l->tls ? SSL_FLAG : 0);
	bool first = strcmp(l->lie, "first") == 0;
	struct buf b = {0};

	buf_add(&b,
		"\x0a"
		"8.0.1-liar\0"
		"\1\0\0\0",
		16);
	buf_add(&b, scramble, 8);
	buf_char(&b, '\0');
	buf_char(&b, (char)(can & 0xff));
	buf_char(&b, (char)(can >> 8 & 0xff));
	buf_add(&b, "\x2d\2\0", 3);
	buf_char(&b, (char)(can >> 16 & 0xff));
	buf_char(&b, (char)(can >> 24));
	buf_char(&b, l->old ? 0 : SCRAMBLE + 1);
	buf_add(&b, "\0\0\0\0\0\0\0\0\0\0", 10);
	buf_add(&b, scramble + 8, 13);
	if (!l->old) {
		buf_str(&b, first ? l->plugin : "mysql_native_password");
		buf_char(&b, '\0');
	}
	l->seq = 0;
	say(l, b.p, strcmp(l->lie, "short") == 0 ? b.n / 2 : b.n);
	buf_clear(&b);
}

static void ok(struct liar *l)
{
	say(l, "\0\0\0\2\0\0\0", 7);
}

/* 16 MiB packets, of which each says that a further one follows. */
static void flood(struct liar *l)
{
	static const char zeros[PACKET];

	for (size_t n = 0; n < FLOOD; n += 0xffffff) {
		unsigned char head[4] = {0xff, 0xff, 0xff, l->seq++};

		raw(l, head, sizeof(head));
		for (size_t k = 0; k < 0xffffff; k += sizeof(zeros) - 1)
			raw(l, zeros, sizeof(zeros) - 1);
	}
}

static void change_plugin(struct liar *l, const char *name)
{
	struct buf b = {0};

	buf_char(&b, (char)CHANGE);
	buf_str(&b, name);
	buf_char(&b, '\0');
	if (strcmp(name, "dialog") == 0) {
		buf_char(&b, 2);
		buf_slice(&b, buf_all(&l->text));
	} else {
		buf_add(&b, scramble, sizeof(scramble));
	}
	say(l, b.p, b.n);
	buf_clear(&b);
}

/* The client's answer to a key of ours is what it encrypts the password by;
 * the file gets the password.
 */
static void ask_by_key(struct liar *l, unsigned char packet[static PACKET])
{
	static const char full[] = {MORE, FULL};
	EVP_PKEY *key = EVP_RSA_gen(KEY_BITS);
	BIO *pem = BIO_new(BIO_s_mem());
	struct buf b = {0};
	char *text;
	long n;

	change_plugin(l, "caching_sha2_password");
	if (hear(l, packet) < 0)
		goto out;
	say(l, full, sizeof(full));
	if (hear(l, packet) < 0)
		goto out;
	PEM_write_bio_PUBKEY(pem, key);
	n = BIO_get_mem_data(pem, &text);
	buf_char(&b, MORE);
	buf_add(&b, text, (size_t)n);
	say(l, b.p, b.n);
	n = hear(l, packet);
	if (n > 0 && l->got) {
		EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
		unsigned char plain[KEY_BITS / 8];
		size_t size = sizeof(plain);

		EVP_PKEY_decrypt_init(c);
		EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_OAEP_PADDING);
		if (EVP_PKEY_decrypt(c, plain, &size, packet, (size_t)n) > 0) {
			for (size_t i = 0; i < size; i++)
				plain[i] ^=
					(unsigned char)scramble[i % SCRAMBLE];
			fwrite(plain, 1, size, l->got);
			fflush(l->got);
		}
		EVP_PKEY_CTX_free(c);
	}
out:
	buf_clear(&b);
	BIO_free(pem);
	EVP_PKEY_free(key);
}

/* What comes in answer to the login. */
static void answer_login(struct liar *l, unsigned char packet[static PACKET])
{
	static const char old = (char)CHANGE;

	if (is(l, "ask") || is(l, "old") || is(l, "key")) {
		if (is(l, "ask"))
			change_plugin(l, l->plugin);
		else if (is(l, "old"))
			say(l, &old, 1);
		else
			ask_by_key(l, packet);
		if (!is(l, "key"))
			(void)hear(l, packet);
		return; /* whatever it is, it is right */
	}
	if (is(l, "garble"))
		raw(l, "\x05\0\0\x02\xfe\xff\xff\xff\xff\x03", 10);
	else if (is(l, "flood-login"))
		flood(l);
	else if (!is(l, "hang-login"))
		return;
	while (hear(l, packet) >= 0)
		;
}

static bool has_rows(const struct liar *l)
{
	return is(l, "rows") || is(l, "cut") || is(l, "mute");
}

static void answer_by(struct liar *l, void (*put)(struct myliar_rows *m))
{
	struct myliar_rows m = {.seq = l->seq};

	put(&m);
	raw(l, m.b.p, is(l, "cut") && m.cut > 0 ? m.cut : m.b.n);
	if (is(l, "cut") && m.cut > 0)
		(void)shutdown(l->fd, SHUT_RDWR);
	buf_clear(&m.b);
}

static void answer_statements(struct liar *l,
			      unsigned char packet[static PACKET])
{
	struct buf b = {0};

	buf_char(&b, (char)INFILE);
	buf_slice(&b, buf_all(&l->text));
	ok(l);
	while (hear(l, packet) >= 0) {
		if (packet[0] == PREPARE && has_rows(l))
			answer_by(l, myliar_rows_prepared);
		else if (packet[0] == EXECUTE && !is(l, "mute"))
			answer_by(l, myliar_rows_executed);
		else if (packet[0] == PREPARE)
			say(l, "\xff\x28\4#42000bad", 12);
		else if (is(l, "infile"))
			say(l, b.p, b.n);
		else if (is(l, "flood-query"))
			flood(l);
		else
			ok(l);
	}
	buf_clear(&b);
}

/* A short login is the wish for TLS; the whole one comes again by that. */
static long hear_login(struct liar *l, unsigned char packet[static PACKET])
{
	long n = hear(l, packet);

	if (n != SSL_REQUEST || !l->tls)
		return n;
	l->ssl = SSL_new(l->tls);
	SSL_set_fd(l->ssl, l->fd);
	return SSL_accept(l->ssl) == 1 ? hear(l, packet) : -1;
}

static void serve(struct liar *l)
{
	static unsigned char packet[PACKET];

	if (is(l, "garbage"))
		raw(l, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
	else if (is(l, "full"))
		say(l, "\xff\x10\4Too many connections", 23);
	else if (is(l, "flood"))
		flood(l);
	else if (is(l, "sized"))
		raw(l, "\xff\xff\xff\0\x0a\x38\0", 7);
	else if (!is(l, "hang"))
		greet(l);
	if (is(l, "short") || is(l, "full"))
		return;
	if (hear_login(l, packet) < 0)
		return;
	answer_login(l, packet);
	answer_statements(l, packet);
}

static SSL_CTX *read_pem(const char *path)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	if (SSL_CTX_use_certificate_chain_file(c, path) != 1 ||
	    SSL_CTX_use_PrivateKey_file(c, path, SSL_FILETYPE_PEM) != 1)
		die(path);
	return c;
}

static int listen_on(const char *port_file, int family)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} at = {0};
	socklen_t n = sizeof(at);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char temp[256];
	FILE *f;

	at.any.sa_family = (sa_family_t)family;
	if (family == AF_INET)
		at.four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		at.six.sin6_addr = in6addr_loopback;
	if (fd < 0 || bind(fd, &at.any, n) < 0 || listen(fd, 16) < 0 ||
	    getsockname(fd, &at.any, &n) < 0)
		die("listen");
	snprintf(temp, sizeof(temp), "%s.tmp", port_file);
	f = fopen(temp, "w");
	if (!f)
		die(temp);
	fprintf(f, "%d\n",
		ntohs(family == AF_INET ? at.four.sin_port : at.six.sin6_port));
	if (fclose(f) != 0 || rename(temp, port_file) < 0)
		die(port_file);
	return fd;
}

int main(int argc, char **argv)
{
	struct liar l = {.plugin = "mysql_native_password", .family = AF_INET};
	const char *port_file = NULL;
	struct err e = {0};
	int c, listener;

	while ((c = getopt(argc, argv, "p:o:f:c:n6")) != -1) {
		if (c == 'p')
			port_file = optarg;
		else if (c == 'o')
			l.got = fopen(optarg, "a");
		else if (c == 'f' && file_read(optarg, PACKET, &l.text, &e) < 0)
			die(optarg);
		else if (c == 'c')
			l.tls = read_pem(optarg);
		else if (c == 'n')
			l.old = true;
		else if (c == '6')
			l.family = AF_INET6;
	}
	if (!port_file || !argv[optind])
		die("usage: myliar -p FILE LIE");
	l.lie = argv[optind];
	if (argv[optind + 1])
		l.plugin = argv[optind + 1];
	signal(SIGPIPE, SIG_IGN); /* of a client by TLS that went away */
	alarm(LIVES_S);
	listener = listen_on(port_file, l.family);
	while ((l.fd = accept(listener, NULL, NULL)) >= 0) {
		serve(&l);
		SSL_free(l.ssl);
		l.ssl = NULL;
		close(l.fd);
	}
	return 1;
}
