#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/err.h"

static mem_end_fn *at_end; /* set once, by tool_start */

void mem_at_end(mem_end_fn *fn)
{
	at_end = fn;
}

static NO_RETURN void die(size_t size)
{
	struct err e;

	(void)err_names(&e, ERR_OS, "out of memory (cannot allocate %zu bytes)",
			size);
	fprintf(stderr, "rudder: %s\n", e.text);
	exit(at_end ? at_end(&e) : err_status(e.kind));
}

void *mem_resize(void *p, size_t size)
{
	void *q = realloc(p, size > 0 ? size : 1);

	if (!q)
		die(size);
	return q;
}

void *mem_zero(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (!p)
		die(size);
	return p;
}

void *mem_table(size_t size)
{
	void *p = NULL;

	if (size < 2 * MEM_HUGE)
		return mem_zero(size);
	if (posix_memalign(&p, MEM_HUGE, size) != 0)
		die(size);
	madvise(p, size, MADV_HUGEPAGE);
	memset(p, 0, size);
	return p;
}

/* Maps MEM_HUGE bytes more, to start at the boundary of a huge page, and unmaps
 * the rest.
 */
void *mem_huge(size_t size)
{
	char *p = mmap(NULL, size + MEM_HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (p == MAP_FAILED)
		die(size);
	before = (MEM_HUGE - (uintptr_t)p % MEM_HUGE) % MEM_HUGE;
	if (before > 0)
		munmap(p, before);
	munmap(p + before + size, MEM_HUGE - before);
	madvise(p + before, size, MADV_HUGEPAGE);
	return p + before;
}

void mem_huge_free(void *p, size_t size)
{
	if (p)
		munmap(p, size);
}

char *mem_copy(const char *p, size_t n)
{
	char *q = mem_resize(NULL, n + 1);

	if (n > 0)
		memcpy(q, p, n);
	q[n] = '\0';
	return q;
}
