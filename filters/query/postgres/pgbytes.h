/* pgbytes.h - reads the big-endian integers of PostgreSQL's binary formats.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_POSTGRES_PGBYTES_H
#define QUERY_POSTGRES_PGBYTES_H

#include <endian.h>
#include <string.h>

static inline uint16_t pgbytes_16(const char *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return be16toh(v);
}

static inline uint32_t pgbytes_32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return be32toh(v);
}

static inline uint64_t pgbytes_64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

#endif
