/* terminal.h - reads keys from a terminal, and draws its screen.
 *
 * Floor 2 (map). The terminal is /dev/tty, because standard input may be rows
 * and standard output a result. The terminal's settings are restored however
 * the command ends, except by SIGKILL.
 */
#ifndef MAP_SCREEN_TERMINAL_H
#define MAP_SCREEN_TERMINAL_H

#include <signal.h>
#include <termios.h>

#include "core/buf.h"
#include "core/err.h"

enum { TERMINAL_KEY_MAX = 8 };

enum terminal_key {
	TERMINAL_TEXT, /* a character, in terminal.text */
	TERMINAL_UP,
	TERMINAL_DOWN,
	TERMINAL_PAGE_UP,
	TERMINAL_PAGE_DOWN,
	TERMINAL_HOME,
	TERMINAL_END,
	TERMINAL_ENTER,
	TERMINAL_ESCAPE,
	TERMINAL_BACK,    /* Backspace */
	TERMINAL_CLOSED,  /* ^D, or the terminal was closed */
	TERMINAL_RESIZED, /* resized, or continued after a stop: draw again */
	TERMINAL_OTHER,
};

struct terminal {
	int fd, signals;
	struct termios was;
	sigset_t mask;
	bool taken;           /* the screen is switched to ours */
	size_t rows, columns; /* size of the screen */
	char text[TERMINAL_KEY_MAX];
	size_t n;
};

/* Opens the terminal and switches its screen and settings. ERR_INPUT if there
 * is no terminal.
 */
int terminal_open(struct terminal *t, struct err *e) MUST_USE;

/* Restores the terminal. Call it once after terminal_open returned 0. */
void terminal_close(struct terminal *t);

/* Returns the next key. A signal that ends or stops the process takes effect
 * here, after the terminal is restored.
 */
enum terminal_key terminal_next(struct terminal *t);

/* Draws a screen: lines with LF, which the caller has truncated to fit. Write
 * errors are ignored.
 */
void terminal_draw(struct terminal *t, const struct buf *screen);

#endif
