/* Starting children. */
#ifndef SPAWN_H
#define SPAWN_H

#include <stdbool.h>

#include "env.h"
#include "loop.h"

struct program {
    const char *file;       /* NULL: find arguments[0] in PATH */
    char *const *arguments;
    const char *directory;  /* is in the program's PATH, at the end if need be; or NULL */
    bool apart;             /* its own session, nothing on stdin, stdout is stderr */
    bool foreground;        /* its own process group, which gets the terminal */
    bool *unstarted;        /* shared with the child, which sets it when it cannot become the
                               program and has said why; or NULL */
};

/* False: it could not be started; a message says why. */
bool spawn(struct loop *loop, struct child *child, const struct program *program,
           const struct env *env);

/* Whether my_init was started in the foreground of a terminal that it can hand on. */
bool has_terminal(void);

#endif
