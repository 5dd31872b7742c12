/* The environment as a list of variables in byte order of their names. */
#ifndef ENV_H
#define ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

struct var {
    const char *name;
    const char *text; /* NAME=value, as execve takes it */
    const char *value;
    size_t length; /* of the value */
    size_t order;  /* of its arrival, to tell the first of two equals */
    bool filed;    /* a file in the environment directory holds it */
    bool unread;   /* ... that could not be read: the value is not known */
};

struct env {
    struct var **vars;
    size_t count;
    size_t capacity;
};

/* Adds at the end; env_sort must follow before anything is looked up. */
bool env_append(struct env *env, const char *name, size_t name_length, const char *value,
                size_t length);

/* Puts the list in order; of variables with one name the first that arrived stays. */
void env_sort(struct env *env);

struct var *env_find(const struct env *env, const char *name);
const char *env_get(const struct env *env, const char *name);
bool env_put(struct env *env, const char *name, const char *value, size_t length);

/* Moves into target each variable of source that target lacks. Both must be sorted. */
bool env_add_missing(struct env *target, struct env *source);

/* Reads what execve handed over; strings without '=' are no variables and are counted. */
bool env_from_strings(struct env *env, char *const *strings, size_t *refused);

/* The list that execve takes, without what the kernel would refuse; free() it. */
char **env_strings(const struct env *env, struct log *log);

void env_free(struct env *env);

#endif
