/* Starting a program, and saying exactly why it does not start. */
#ifndef EXEC_H
#define EXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

enum { CANNOT_RUN = 126, NOT_FOUND = 127 };

/* Finds name in the directories of path, as execvp does. False: errno tells, EACCES for a file that
   is there and may not be run. */
bool find_program(const char *name, const char *path, char *found, size_t size);

/* Becomes the program file, or its script under /bin/sh if it has no interpreter line. It comes
   back only if that fails, with a message written and the exit status to use. */
int become(const char *file, char *const *arguments, char *const *environment, struct log *log);

/* After a script ended with a failure: its usual reason as ": ...", or "". */
void explain_status(const char *file, const char *path, int code, char *reason, size_t size);

#endif
