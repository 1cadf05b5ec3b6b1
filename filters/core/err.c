#include "core/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

static const int status[] = {
	[ERR_NONE] = 0,    [ERR_PARTIAL] = 1,   [ERR_BLOCKED] = 3,
	[ERR_EXPECT] = 4,  [ERR_USAGE] = 64,    [ERR_DATA] = 65,
	[ERR_INPUT] = 66,  [ERR_REFUSED] = 69,  [ERR_BUG] = 70,
	[ERR_OS] = 71,     [ERR_CREATE] = 73,   [ERR_IO] = 74,
	[ERR_TEMP] = 75,   [ERR_PROTOCOL] = 76, [ERR_DENIED] = 77,
	[ERR_CONFIG] = 78, [ERR_ABORT] = 65,
};

/* Truncates text that does not fit, at a character. */
static void truncate_text(struct err *e)
{
	if (strlen(e->text) < sizeof(e->text) - 1)
		return;
	e->text[text_whole(slice_str(e->text))] = '\0';
	e->named_end = 0;
}

static PRINTF_LIKE(3, 0) void fill(struct err *e, enum err_kind kind,
				   const char *fmt, va_list ap)
{
	e->kind = kind;
	e->of_output = false;
	e->no_reader = false;
	e->named = e->named_end = 0;
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	truncate_text(e);
	/* messages of libraries may have several lines */
	for (char *p = e->text; *p; p++) {
		if (*p == '\n' || *p == '\t' || *p == '\r')
			*p = ' ';
	}
}

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, fmt, ap);
	va_end(ap);
	return -1;
}

int err_names(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, fmt, ap);
	va_end(ap);
	e->named = (unsigned short)strlen(e->text);
	return -1;
}

int err_more(struct err *e, const char *fmt, ...)
{
	size_t n = strlen(e->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text + n, sizeof(e->text) - n, fmt, ap);
	va_end(ap);
	e->named_end = 0;
	truncate_text(e);
	return -1;
}

int err_more_names(struct err *e, const char *fmt, ...)
{
	size_t n = strlen(e->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text + n, sizeof(e->text) - n, fmt, ap);
	va_end(ap);
	e->named_end = (unsigned short)strlen(e->text + n);
	truncate_text(e);
	if (e->named == n)
		return err_all_names(e);
	return -1;
}

int err_all_names(struct err *e)
{
	e->named = (unsigned short)strlen(e->text);
	e->named_end = 0;
	return -1;
}

int err_sys(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	int saved = errno;
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", strerror(saved));
	truncate_text(e);
	e->named = (unsigned short)strlen(e->text);
	errno = saved;
	return -1;
}

int err_in(struct err *e, const char *fmt, ...)
{
	struct err was = *e;
	size_t n;
	va_list ap;

	if (e->of_output)
		return -1;
	va_start(ap, fmt);
	fill(e, was.kind, fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", was.text);
	e->named_end = was.named_end;
	truncate_text(e);
	n += 2 + was.named;
	e->named = (unsigned short)(n < strlen(e->text) ? n : strlen(e->text));
	return -1;
}

int err_status(enum err_kind kind)
{
	return status[kind];
}
