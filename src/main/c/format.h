/* Text by pattern: the part of printf that these programs use, at a tenth of its size. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Knows %s, %.*s, %c, %d, %u, %ld, %lu, %zu and %%. As vsnprintf, returns the length that the whole
   would have; what does not fit is cut off. */
__attribute__((format(printf, 3, 0))) size_t format_list(char *out, size_t size,
                                                         const char *pattern, va_list arguments);
__attribute__((format(printf, 3, 4))) size_t format(char *out, size_t size, const char *pattern,
                                                    ...);

#endif
