/* fuzz.h - what the fuzz targets share
 *
 * Each fuzz_X.c has one LLVMFuzzerTestOneInput with a property of X. It is
 * linked with libFuzzer (make fuzz) and with replay.c (make unit).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must be true of every input. */
#define HOLDS(it)                                                              \
	do {                                                                   \
		if (!(it))                                                     \
			abort();                                               \
	} while (0)

/* Bytes as reader_next gives a line: LF and the pad behind them, no more. */
static inline char *fuzz_line(const void *p, size_t n)
{
	char *line = mem_zero(n + READER_PAD);

	if (n > 0)
		memcpy(line, p, n);
	line[n] = '\n';
	return line;
}

/* The read end of a pipe with these bytes, at most 64 KiB, and then EOF. */
static inline int fuzz_pipe(const void *p, size_t n)
{
	int fd[2];

	HOLDS(pipe(fd) == 0 && write(fd[1], p, n) == (ssize_t)n);
	close(fd[1]);
	return fd[0];
}

#endif
