/* terminal.h - reads keys from a terminal, and draws its screen.
 *
 * Floor 2 (map). The terminal is /dev/tty, so that rows can come by standard
 * input and a result can go to standard output. It is set back however the
 * command ends, but by SIGKILL.
 */
#ifndef MAP_SCREEN_TERMINAL_H
#define MAP_SCREEN_TERMINAL_H

#include <signal.h>
#include <termios.h>

#include "core/buf.h"
#include "core/err.h"

enum { TERMINAL_KEY_MAX = 8 };

enum terminal_key {
	TERMINAL_TEXT, /* a character: in text */
	TERMINAL_UP,
	TERMINAL_DOWN,
	TERMINAL_PAGE_UP,
	TERMINAL_PAGE_DOWN,
	TERMINAL_HOME,
	TERMINAL_END,
	TERMINAL_ENTER,
	TERMINAL_ESCAPE,
	TERMINAL_BACK,    /* the key that deletes */
	TERMINAL_CLOSED,  /* ^D, or the terminal was closed */
	TERMINAL_RESIZED, /* or continued after a stop: draw again */
	TERMINAL_OTHER,
};

struct terminal {
	int fd, signals;
	struct termios was;
	sigset_t mask;
	bool taken;           /* the screen is ours */
	size_t rows, columns; /* of it */
	char text[TERMINAL_KEY_MAX];
	size_t n;
};

/* Takes the terminal: ERR_INPUT if there is no terminal. */
int terminal_open(struct terminal *t, struct err *e) MUST_USE;

/* Sets it back. Once, after terminal_open has returned 0. */
void terminal_close(struct terminal *t);

/* The next key. A signal that ends the process does so, with the terminal set
 * back; one that stops it is obeyed likewise.
 */
enum terminal_key terminal_next(struct terminal *t);

/* Draws a screen: lines with LF, of which those that do not fit must have been
 * cut. Best effort.
 */
void terminal_draw(struct terminal *t, const struct buf *screen);

#endif
