/* mytype.h - maps the types of MySQL's columns to kinds of values.
 *
 * Floor 2 (query). myvalue.h writes the values.
 */
#ifndef QUERY_MYSQL_MYTYPE_H
#define QUERY_MYSQL_MYTYPE_H

#include "query/mysql/myvalue.h"
#include "query/rows.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* Returns the kind of a column's values, and fills in *head; its name is
 * borrowed from f.
 */
enum myvalue mytype_find(const MYSQL_FIELD *f, struct rows_column *head);

/* The same for a timestamp that mymoment.h reads as seconds; sets no name. */
enum myvalue mytype_moment(struct rows_column *head);

/* The type in which libmariadb is asked for values of this kind. */
enum enum_field_types mytype_bind(enum myvalue kind);

#endif
#endif
