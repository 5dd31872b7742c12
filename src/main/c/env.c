#include "env.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* The analyzer loses sight of a pointer that is stored in an array of unknown length, and calls it
   leaked. The unit tests run under LeakSanitizer instead. */
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"

/* The kernel takes no single string longer than 32 pages of 4 KiB, its end included. */
enum { LONGEST_STRING = 131072 };

static bool make_room(struct env *env, size_t extra)
{
    if (env->count + extra <= env->capacity)
        return true;
    size_t capacity = env->capacity > 0 ? env->capacity : 64;
    while (capacity < env->count + extra)
        capacity *= 2;
    struct var **vars = realloc(env->vars, capacity * sizeof *vars);
    if (vars == NULL)
        return false;
    env->vars = vars;
    env->capacity = capacity;
    return true;
}

static struct var *new_var(const char *name, size_t name_length, const char *value, size_t length)
{
    struct var *var = malloc(sizeof *var + 2 * name_length + length + 3);
    if (var == NULL)
        return NULL;
    char *copy = (char *)(var + 1);
    char *text = copy + name_length + 1;
    memcpy(copy, name, name_length);
    copy[name_length] = '\0';
    memcpy(text, name, name_length);
    text[name_length] = '=';
    memcpy(text + name_length + 1, value, length);
    text[name_length + 1 + length] = '\0';
    *var = (struct var){
        .name = copy, .text = text, .value = text + name_length + 1, .length = length};
    return var;
}

bool env_append(struct env *env, const char *name, size_t name_length, const char *value,
                size_t length)
{
    if (!make_room(env, 1))
        return false;
    struct var *var = new_var(name, name_length, value, length);
    if (var == NULL)
        return false;
    size_t at = env->count;
    var->order = at;
    env->vars[at] = var;
    env->count = at + 1;
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct var *a = *(struct var *const *)left;
    const struct var *b = *(struct var *const *)right;
    int names = strcmp(a->name, b->name);
    if (names != 0)
        return names;
    return a->order < b->order ? -1 : a->order > b->order;
}

void env_sort(struct env *env)
{
    if (env->count == 0)
        return;
    qsort(env->vars, env->count, sizeof *env->vars, compare);
    size_t kept = 1;
    for (size_t i = 1; i < env->count; i++) {
        if (strcmp(env->vars[i]->name, env->vars[kept - 1]->name) == 0)
            free(env->vars[i]);
        else
            env->vars[kept++] = env->vars[i];
    }
    env->count = kept;
}

/* The place of the name, or where it would stand. */
static size_t place(const struct env *env, const char *name)
{
    size_t low = 0;
    size_t high = env->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(env->vars[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct var *env_find(const struct env *env, const char *name)
{
    size_t at = place(env, name);
    if (at < env->count && strcmp(env->vars[at]->name, name) == 0)
        return env->vars[at];
    return NULL;
}

const char *env_get(const struct env *env, const char *name)
{
    const struct var *var = env_find(env, name);
    return var != NULL ? var->value : NULL;
}

bool env_put(struct env *env, const char *name, const char *value, size_t length)
{
    struct var *var = new_var(name, strlen(name), value, length);
    if (var == NULL)
        return false;
    size_t at = place(env, name);
    if (at < env->count && strcmp(env->vars[at]->name, name) == 0) {
        var->filed = env->vars[at]->filed;
        free(env->vars[at]);
        env->vars[at] = var;
        return true;
    }
    if (!make_room(env, 1)) {
        free(var);
        return false;
    }
    memmove(env->vars + at + 1, env->vars + at, (env->count - at) * sizeof *env->vars);
    env->vars[at] = var;
    env->count++;
    return true;
}

bool env_add_missing(struct env *target, struct env *source)
{
    if (!make_room(target, source->count))
        return false;
    for (size_t i = 0; i < target->count; i++)
        target->vars[i]->order = 0;
    for (size_t i = 0; i < source->count; i++) {
        source->vars[i]->order = 1;
        target->vars[target->count++] = source->vars[i];
    }
    free(source->vars);
    *source = (struct env){0};
    env_sort(target);
    return true;
}

bool env_from_strings(struct env *env, char *const *strings, size_t *refused)
{
    bool complete = true;
    *refused = 0;
    for (; *strings != NULL; strings++) {
        const char *equals = strchr(*strings, '=');
        if (equals == NULL)
            ++*refused;
        else if (!env_append(env, *strings, (size_t)(equals - *strings), equals + 1,
                             strlen(equals + 1)))
            complete = false;
    }
    env_sort(env);
    return complete;
}

/* What a new program may be handed: a quarter of the stack limit, but at most three quarters of
   8 MiB and at least a longest string. One of those, or half of all, is kept free for the arguments. */
static size_t space_for_strings(void)
{
    size_t most = (size_t)6 << 20;
    struct rlimit stack;
    if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur != RLIM_INFINITY &&
        stack.rlim_cur / 4 < most)
        most = (size_t)(stack.rlim_cur / 4);
    if (most < LONGEST_STRING)
        most = LONGEST_STRING;
    return most > 2 * LONGEST_STRING ? most - LONGEST_STRING : most / 2;
}

static size_t cost(const char *text)
{
    return strlen(text) + 1 + sizeof(char *);
}

static int longest_first(const void *left, const void *right)
{
    size_t a = strlen(*(char *const *)left);
    size_t b = strlen(*(char *const *)right);
    return a > b ? -1 : a < b;
}

/* Takes away the largest until the rest fits. */
static void shrink(char **strings, size_t *count, size_t total, struct log *log)
{
    size_t space = space_for_strings();
    if (total <= space)
        return;
    qsort(strings, *count, sizeof *strings, longest_first);
    size_t gone = 0;
    for (; total > space && gone < *count; gone++) {
        log_warn_once(log,
                      "the environment is larger than the kernel takes: %.*s is kept in the "
                      "dumps and left out of programs",
                      (int)strcspn(strings[gone], "="), strings[gone]);
        total -= cost(strings[gone]);
    }
    *count -= gone;
    memmove(strings, strings + gone, *count * sizeof *strings);
}

char **env_strings(const struct env *env, struct log *log)
{
    char **strings = malloc((env->count + 1) * sizeof *strings);
    if (strings == NULL)
        return NULL;
    size_t count = 0;
    size_t total = 0;
    for (size_t i = 0; i < env->count; i++) {
        const struct var *var = env->vars[i];
        if (strlen(var->text) + 1 > LONGEST_STRING) {
            log_warn_once(log,
                          "variable %s is longer than the 128 KiB that the kernel takes: it is "
                          "kept in the dumps and left out of programs",
                          var->name);
            continue;
        }
        total += cost(var->text);
        strings[count++] = (char *)(uintptr_t)var->text;
    }
    shrink(strings, &count, total, log);
    strings[count] = NULL;
    return strings;
}

void env_free(struct env *env)
{
    for (size_t i = 0; i < env->count; i++)
        free(env->vars[i]);
    free(env->vars);
    *env = (struct env){0};
}
