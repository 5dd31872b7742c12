#include "environment.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quote.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void put_default(struct env *env, const char *name, const char *value)
{
    if (env_find(env, name) == NULL)
        env_put(env, name, value, strlen(value));
}

/* A copy, so that what is in use and what is on disk can change apart from each other. */
static bool copy(const struct env *source, struct env *target)
{
    for (size_t i = 0; i < source->count; i++) {
        const struct var *var = source->vars[i];
        if (var->unread)
            continue;
        if (!env_append(target, var->name, strlen(var->name), var->value, var->length))
            return false;
        target->vars[target->count - 1]->filed = var->filed;
    }
    return true;
}

void environment_start(struct environment *environment, char *const *strings, struct log *log)
{
    size_t refused;
    if (!env_from_strings(&environment->vars, strings, &refused))
        log_error(log, "no memory for all of the environment");
    if (refused > 0)
        log_warn(log, "%zu strings of the environment have no '=' and are dropped", refused);

    struct env added = {0};
    if (!directory_read(environment->directory, &environment->on_disk, log) && errno != ENOENT)
        log_warn_once(log, "%s cannot be read: %s", environment->directory, strerror(errno));
    if (!copy(&environment->on_disk, &added) || !env_add_missing(&environment->vars, &added))
        log_error(log, "no memory for all of %s", environment->directory);
    env_free(&added);

    put_default(&environment->vars, "PATH", DEFAULT_PATH);
    put_default(&environment->vars, "HOME", environment->root ? "/root" : "/");
    environment_dump(environment, log);
}

static bool is_same(const struct var *a, const struct var *b)
{
    return a->length == b->length && memcmp(a->value, b->value, a->length) == 0;
}

/* A personal variable is not dumped to the directory, and another may not have fitted onto the disk:
   a file of that name that was there before says nothing new. Only one that a script has written or
   changed since counts. */
static bool is_old_news(const struct var *found, const struct env *before)
{
    const struct var *old = env_find(before, found->name);
    return old != NULL && !old->unread && is_same(old, found);
}

/* What has no file in the directory cannot have been removed from it, so it stays. */
static void keep_unfiled(struct env *target, const struct env *source, const struct env *found,
                         const struct env *before)
{
    for (size_t i = 0; i < source->count; i++) {
        const struct var *var = source->vars[i];
        const struct var *file = env_find(found, var->name);
        bool personal = is_personal(var->name);
        bool gone = var->filed && !personal && file == NULL;
        bool changed = file != NULL && !file->unread && !is_old_news(file, before);
        if (!gone && !changed)
            env_append(target, var->name, strlen(var->name), var->value, var->length);
    }
    env_sort(target);
}

void environment_refresh(struct environment *environment, struct log *log)
{
    if (environment->parent == NULL)
        return;
    struct env found = {0};
    if (!directory_read(environment->directory, &found, log)) {
        log_warn_once(log, "%s cannot be read again: %s; the environment stays as it was",
                      environment->directory, strerror(errno));
        env_free(&environment->on_disk);
        environment_dump(environment, log);
        return;
    }
    struct env next = {0};
    struct env added = {0};
    keep_unfiled(&next, &environment->vars, &found, &environment->on_disk);
    if (!copy(&found, &added) || !env_add_missing(&next, &added))
        log_error(log, "no memory for all of %s", environment->directory);
    env_free(&added);
    env_free(&environment->vars);
    env_free(&environment->on_disk);
    environment->vars = next;
    environment->on_disk = found;
    put_default(&environment->vars, "PATH", DEFAULT_PATH);
    environment_dump(environment, log);
}

/* "5", "0.5", ".5" and "5.", as sleep(1) takes them. False: it is no number of seconds. */
static bool read_seconds(const char *text, int64_t *milliseconds)
{
    const int64_t most = 365 * 24 * 3600;
    const char *at = text;
    int64_t whole = 0;
    int64_t thousandths = 0;
    bool number = isdigit((unsigned char)at[*at == '.']) != 0;
    for (; isdigit((unsigned char)*at); at++)
        whole = whole < most ? whole * 10 + (*at - '0') : most;
    if (*at == '.') {
        int64_t unit = 100;
        for (at++; isdigit((unsigned char)*at); at++, unit /= 10)
            thousandths += unit * (*at - '0');
    }
    *milliseconds = (whole < most ? whole : most) * 1000 + thousandths;
    return number && *at == '\0';
}

int64_t environment_seconds(const struct environment *environment, const char *name,
                            unsigned fallback, struct log *log)
{
    const char *text = env_get(&environment->vars, name);
    int64_t milliseconds;
    if (text != NULL && read_seconds(text, &milliseconds))
        return milliseconds;
    if (text != NULL)
        log_warn_once(log, "%s is \"%s\", which is no number of seconds: %u is used", name, text,
                      fallback);
    return (int64_t)fallback * 1000;
}

bool environment_has_seconds(const struct environment *environment, const char *name)
{
    const char *text = env_get(&environment->vars, name);
    int64_t milliseconds;
    return text != NULL && read_seconds(text, &milliseconds);
}

void environment_free(struct environment *environment)
{
    env_free(&environment->vars);
    env_free(&environment->on_disk);
}
