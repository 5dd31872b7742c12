/* The environment as shell commands and as JSON. */
#ifndef QUOTE_H
#define QUOTE_H

#include <stdbool.h>

#include "buffer.h"
#include "env.h"

/* HOME USER GROUP UID GID SHELL: they belong to the user at hand, not to the container. */
bool is_personal(const char *name);

/* A name that any POSIX shell takes in an assignment. */
bool is_shell_name(const char *name);

/* Names that a shell holds read-only, or reads as a number: an assignment to one could end the
   script that sources it, and bash would run commands that are in such a number. */
bool belongs_to_shell(const char *name);

void quote_shell(struct buffer *out, const char *value, size_t length);

/* A JSON string. Bytes that are not UTF-8 become U+FFFD, one for each. */
void quote_json(struct buffer *out, const char *value, size_t length);

void write_shell(struct buffer *out, const struct env *env);
void write_json(struct buffer *out, const struct env *env);

#endif
