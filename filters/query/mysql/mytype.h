/* mytype.h - the types of MySQL's columns: which value comes, and its words.
 *
 * Floor 2 (query). myvalue.h writes the values themselves.
 */
#ifndef QUERY_MYSQL_MYTYPE_H
#define QUERY_MYSQL_MYTYPE_H

#include "query/mysql/myvalue.h"
#include "query/rows.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* What the values of a column are; fills in the column, whose name is borrowed
 * from f.
 */
enum myvalue mytype_find(const MYSQL_FIELD *f, struct rows_column *head);

/* The same for a timestamp that mymoment.h asks for as seconds. */
enum myvalue mytype_moment(struct rows_column *head);

/* The type as which libmariadb gives such a value. */
enum enum_field_types mytype_bind(enum myvalue kind);

#endif
#endif
