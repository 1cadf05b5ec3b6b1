#include "map/screen/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/linux.h"
#include "core/writer.h"

/* switch to the alternate screen, hide the cursor, and turn off line wrap: the
 * terminal may compute the width of a text differently
 */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

enum { ESCAPE_MS = 50, ROWS = 24, COLUMNS = 80, LEAST = 20 };

static const int signals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,
			      SIGTSTP, SIGCONT, SIGWINCH};

static void put(const struct terminal *t, const char *text, size_t n)
{
	struct err ignored;

	if (writer_all(t->fd, text, n, &ignored) < 0)
		return; /* the terminal is closed; the next read of a key
			   reports that */
}

static void set_raw(struct terminal *t)
{
	struct termios raw = t->was;

	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_iflag &= ~(tcflag_t)(IXON);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(t->fd, TCSADRAIN, &raw);
	if (!t->taken)
		put(t, ENTER, strlen(ENTER));
	t->taken = true;
}

static void set_back(struct terminal *t)
{
	put(t, LEAVE, strlen(LEAVE));
	tcsetattr(t->fd, TCSADRAIN, &t->was);
	t->taken = false;
}

static void measure(struct terminal *t)
{
	struct winsize size = {0};

	if (ioctl(t->fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 ||
	    size.ws_col == 0) {
		size.ws_row = ROWS;
		size.ws_col = COLUMNS;
	}
	t->rows = size.ws_row;
	t->columns = size.ws_col < LEAST ? LEAST : size.ws_col;
}

int terminal_open(struct terminal *t, struct err *e)
{
	sigset_t set;

	*t = (struct terminal){.fd = open("/dev/tty", O_RDWR | O_CLOEXEC)};
	if (t->fd < 0 || tcgetattr(t->fd, &t->was) < 0) {
		err_sys(e, ERR_INPUT, "no terminal");
		if (t->fd >= 0)
			close(t->fd);
		return -1;
	}
	sigemptyset(&set);
	for (size_t i = 0; i < COUNT_OF(signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, &t->mask);
	t->signals = linux_signals(&set);
	measure(t);
	set_raw(t);
	return 0;
}

void terminal_close(struct terminal *t)
{
	set_back(t);
	close(t->fd);
	if (t->signals >= 0)
		close(t->signals);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

/* Runs the default action of the signal: ends the process, or stops it until it
 * is continued (an orphaned process is not stopped).
 */
static void default_action(int signo)
{
	sigset_t set;

	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	raise(signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Handles a signal: ends, stops and continues, or reads the new size. The
 * terminal is set up again each time, because SIGSTOP, which cannot be caught,
 * lets the shell change it.
 */
static void handle_signal(struct terminal *t)
{
	int signal = linux_signal(t->signals);

	if (signal == 0)
		return;
	if (signal != SIGWINCH && signal != SIGCONT) {
		set_back(t);
		default_action(signal);
	}
	if (signal != SIGWINCH)
		set_raw(t);
	measure(t);
}

/* Reads one byte: 1; 0 if none arrives within wait_ms; -1 at end of file or on
 * error.
 */
static int next_byte(const struct terminal *t, int wait_ms, char *c)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	ssize_t got;

	if (wait_ms >= 0 && poll(&p, 1, wait_ms) <= 0)
		return 0;
	do
		got = read(t->fd, c, 1);
	while (got < 0 && errno == EINTR);
	return got == 1 ? 1 : -1;
}

/* Reads the rest of an escape sequence: "[A", "OA", "[5~", "[H". ESC alone is
 * the key itself.
 */
static enum terminal_key sequence(const struct terminal *t)
{
	static const struct {
		const char *text;
		enum terminal_key key;
	} known[] = {
		{"A", TERMINAL_UP},       {"B", TERMINAL_DOWN},
		{"5~", TERMINAL_PAGE_UP}, {"6~", TERMINAL_PAGE_DOWN},
		{"H", TERMINAL_HOME},     {"F", TERMINAL_END},
		{"1~", TERMINAL_HOME},    {"4~", TERMINAL_END},
	};
	char c, got[TERMINAL_KEY_MAX] = {0};
	size_t n = 0;

	if (next_byte(t, ESCAPE_MS, &c) <= 0)
		return TERMINAL_ESCAPE;
	if (c != '[' && c != 'O')
		return TERMINAL_OTHER;
	while (n < sizeof(got) - 1 && next_byte(t, ESCAPE_MS, &c) > 0) {
		got[n++] = c;
		if (c >= '@') /* letters and ~ end it */
			break;
	}
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (strcmp(got, known[i].text) == 0)
			return known[i].key;
	}
	return TERMINAL_OTHER;
}

/* Reads the rest of a UTF-8 character after its first byte. */
static enum terminal_key character(struct terminal *t, char first)
{
	unsigned char c = (unsigned char)first;
	size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	t->text[0] = first;
	t->n = 1;
	while (t->n < n && next_byte(t, ESCAPE_MS, &t->text[t->n]) > 0)
		t->n++;
	return c < ' ' || (c >= 0x80 && c < 0xc2) || t->n < n ? TERMINAL_OTHER
							      : TERMINAL_TEXT;
}

enum terminal_key terminal_next(struct terminal *t)
{
	struct pollfd p[] = {{.fd = t->fd, .events = POLLIN},
			     {.fd = t->signals, .events = POLLIN}};
	char c;

	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	if (p[1].revents) {
		handle_signal(t);
		return TERMINAL_RESIZED;
	}
	if (next_byte(t, -1, &c) < 0)
		return TERMINAL_CLOSED;
	switch (c) {
	case '\r':
	case '\n':
		return TERMINAL_ENTER;
	case '\033':
		return sequence(t);
	case 0x7f:
	case '\b':
		return TERMINAL_BACK;
	case 4: /* ^D */
		return TERMINAL_CLOSED;
	default:
		return character(t, c);
	}
}

/* Clears the rest of each line after its text, and everything below the last
 * line.
 */
void terminal_draw(struct terminal *t, const struct buf *screen)
{
	struct buf b = {0};

	buf_str(&b, "\033[H");
	for (size_t i = 0; i < screen->n; i++) {
		if (screen->p[i] == '\n')
			buf_str(&b, "\033[K\n");
		else
			buf_char(&b, screen->p[i]);
	}
	buf_str(&b, "\033[J");
	put(t, b.p, b.n);
	buf_clear(&b);
}
