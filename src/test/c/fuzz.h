/* The fuzzer of the environment: what it makes up, and what it expects of the dumps. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "env.h"

/* Numbers that follow from the seed alone. */
void fuzz_seed(unsigned long seed);
size_t fuzz_below(size_t limit);

/* A name (no '=', no NUL) and a value (no NUL unless it may hold one), each with a NUL behind it. */
void fuzz_name(struct buffer *out);
void fuzz_value(struct buffer *out, bool nul);

/* Accounts, /proc/PID/stat and runsv's status, of made-up content. */
void fuzz_readers(void);

/* Ends the run with a message about the seed. */
_Noreturn void fuzz_fail(const char *what, const char *name);

/* The .sh by a strict parser of "export NAME='...'" lines, and by a shell of this machine. */
void expect_shell(const char *file, const struct env *vars, bool by_shell);

/* The .json by a strict parser (RFC 8259), which allows no odd byte and no second value. */
void expect_json(const char *file, const struct env *vars);

#endif
