/* Fuzzes import, dump, quoting and re-import of the environment, against a model of what the
   contract says (ENV-1 to ENV-6).
     FUZZ_SECONDS  how long (10)
     FUZZ_SEED     the first seed, to repeat a failure */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

#include "check.h"
#include "environment.h"
#include "files.h"
#include "fuzz.h"
#include "quote.h"

enum { MOST_VARIABLES = 30, SHELL_EVERY = 8 };

static unsigned long seed;
static char directory[512];
static char parent[512];

_Noreturn void fuzz_fail(const char *what, const char *name)
{
    printf("fuzz: %s: \"%s\"; repeat it with FUZZ_SEED=%lu\n", what, name, seed);
    exit(1);
}

static const char *in(const char *place, const char *name)
{
    static char turning[4][1024];
    static size_t turn;
    char *text = turning[turn++ % 4];
    snprintf(text, sizeof turning[0], "%s/%s", place, name);
    return text;
}

static bool is_entry_name(const char *name)
{
    return *name != '\0' && strlen(name) <= NAME_MAX && strchr(name, '/') == NULL &&
           strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool is_filed(const struct var *var, const struct env *blocked)
{
    return is_entry_name(var->name) && !is_personal(var->name) &&
           strncmp(var->name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) != 0 &&
           env_find(blocked, var->name) == NULL;
}

static void put(struct env *env, const char *name, const char *value, size_t length)
{
    if (!env_put(env, name, value, length))
        abort();
}

static void put_all(struct env *env, const struct env *other)
{
    for (size_t i = 0; i < other->count; i++)
        put(env, other->vars[i]->name, other->vars[i]->value, other->vars[i]->length);
}

static void drop(struct env *env, const char *name)
{
    for (size_t i = 0; i < env->count; i++) {
        if (strcmp(env->vars[i]->name, name) != 0)
            continue;
        free(env->vars[i]);
        env->count--;
        memmove(env->vars + i, env->vars + i + 1, (env->count - i) * sizeof *env->vars);
        return;
    }
}

static void note_file(struct env *files, const char *name, const char *content, size_t length)
{
    if (length > 0 && content[length - 1] == '\n')
        length--;
    if (strchr(name, '=') == NULL && memchr(content, '\0', length) == NULL &&
        strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) != 0)
        put(files, name, content, length);
}

/* What startup scripts, image authors and Kubernetes leave in the directory. */
static void scribble(struct env *files, struct env *blocked)
{
    struct buffer name = {0};
    struct buffer content = {0};
    for (size_t left = fuzz_below(MOST_VARIABLES); left > 0; left--) {
        fuzz_name(&name);
        if (!is_entry_name(name.data))
            continue;
        if (fuzz_below(30) == 0)
            name.data[fuzz_below(name.length - 1)] = '=';
        const char *file = in(directory, name.data);
        if (unlink(file) == -1 && errno != ENOENT && rmdir(file) == -1)
            abort();
        drop(files, name.data);
        drop(blocked, name.data);
        fuzz_value(&content, fuzz_below(20) == 0);
        size_t length = content.length - 1;
        int made = 0;
        switch (fuzz_below(12)) {
        case 0:
            break;
        case 1:
            made = mkdir(file, 0755);
            put(blocked, name.data, "", 0);
            break;
        case 2:
            made = symlink("/nowhere", file);
            break;
        case 3:
            made = mkfifo(file, 0600);
            break;
        default:
            write_file(file, content.data, length);
            note_file(files, name.data, content.data, length);
            break;
        }
        if (made == -1)
            abort();
    }
    buffer_free(&name);
    buffer_free(&content);
}

static char **make_strings(struct env *expected)
{
    struct buffer name = {0};
    struct buffer value = {0};
    size_t count = fuzz_below(MOST_VARIABLES);
    char **strings = calloc(count + 1, sizeof *strings);
    for (size_t i = 0; strings != NULL && i < count; i++) {
        fuzz_name(&name);
        fuzz_value(&value, false);
        size_t size = name.length + value.length;
        strings[i] = malloc(size);
        if (strings[i] == NULL)
            abort();
        bool lame = fuzz_below(50) == 0;
        snprintf(strings[i], size, "%s%s%s", name.data, lame ? "" : "=", lame ? "" : value.data);
        if (!lame && env_find(expected, name.data) == NULL)
            put(expected, name.data, value.data, value.length - 1);
    }
    buffer_free(&name);
    buffer_free(&value);
    return strings;
}

static void put_missing(struct env *env, const struct env *other)
{
    for (size_t i = 0; i < other->count; i++)
        if (env_find(env, other->vars[i]->name) == NULL)
            put(env, other->vars[i]->name, other->vars[i]->value, other->vars[i]->length);
}

static void put_default(struct env *env, const char *name, const char *value)
{
    if (env_find(env, name) == NULL)
        put(env, name, value, strlen(value));
}

static bool is_same(const struct var *a, const struct var *b)
{
    return a != NULL && b != NULL && a->length == b->length &&
           memcmp(a->value, b->value, a->length) == 0;
}

static void expect_variables(const struct env *expected, const struct env *got)
{
    for (size_t i = 0; i < expected->count; i++)
        if (!is_same(expected->vars[i], env_find(got, expected->vars[i]->name)))
            fuzz_fail("a variable is missing or another", expected->vars[i]->name);
    for (size_t i = 0; i < got->count; i++)
        if (env_find(expected, got->vars[i]->name) == NULL)
            fuzz_fail("a variable too many", got->vars[i]->name);
}

/* Whoever reads the directory takes one newline off. */
static void expect_files(const struct env *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct var *var = files->vars[i];
        size_t length;
        char *content = read_file(in(directory, var->name), &length);
        if (content != NULL && length > 0 && content[length - 1] == '\n')
            length--;
        if (content == NULL || length != var->length || memcmp(content, var->value, length) != 0)
            fuzz_fail("another file in the directory", var->name);
        free(content);
    }
}

static size_t count_entries(const char *place)
{
    size_t count = 0;
    DIR *stream = opendir(place);
    if (stream == NULL)
        abort();
    while (readdir(stream) != NULL)
        count++;
    closedir(stream);
    return count;
}

static void expect_all(const struct env *expected, const struct environment *environment,
                       struct env *files, const struct env *blocked, bool by_shell)
{
    expect_variables(expected, &environment->vars);
    for (size_t i = 0; i < expected->count; i++)
        if (is_filed(expected->vars[i], blocked))
            put(files, expected->vars[i]->name, expected->vars[i]->value,
                expected->vars[i]->length);
    expect_files(files);
    expect_shell(in(parent, "container_environment.sh"), expected, by_shell);
    expect_json(in(parent, "container_environment.json"), expected);
    if (count_entries(parent) != 5)
        fuzz_fail("something else was written beside the dumps", parent);
}

/* ENV-4: what had a file follows it; the rest stays, unless a file has come or changed. */
static void model_refresh(struct env *expected, const struct env *before, const struct env *after,
                          const struct env *were_blocked)
{
    struct env next = {0};
    for (size_t i = 0; i < expected->count; i++) {
        const struct var *var = expected->vars[i];
        const struct var *now = env_find(after, var->name);
        bool unchanged = is_personal(var->name) && is_same(now, env_find(before, var->name));
        if (now != NULL && !unchanged)
            put(&next, now->name, now->value, now->length);
        else if (unchanged || !is_filed(var, were_blocked))
            put(&next, var->name, var->value, var->length);
    }
    put_missing(&next, after);
    put_default(&next, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env_free(expected);
    *expected = next;
}

static void empty_directory(void)
{
    DIR *stream = opendir(directory);
    if (stream == NULL)
        abort();
    for (const struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
        const char *file = in(directory, entry->d_name);
        if (entry->d_name[0] == '.' && !is_entry_name(entry->d_name))
            continue;
        if (unlink(file) == -1 && rmdir(file) == -1)
            abort();
    }
    closedir(stream);
}

static void run_once(void)
{
    struct log log = {0};
    struct env expected = {0};
    struct env files = {0};
    struct env blocked = {0};
    struct environment environment = {
        .directory = directory, .parent = parent, .group_file = "/nowhere", .root = geteuid() == 0};
    fuzz_seed(seed);
    bool by_shell = fuzz_below(SHELL_EVERY) == 0;
    char **strings = make_strings(&expected);
    scribble(&files, &blocked);
    put_missing(&expected, &files);
    put_default(&expected, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    put_default(&expected, "HOME", environment.root ? "/root" : "/");
    environment_start(&environment, strings, &log);
    expect_all(&expected, &environment, &files, &blocked, by_shell);
    for (size_t scripts = fuzz_below(3); scripts > 0; scripts--) {
        struct env before = {0};
        struct env were_blocked = {0};
        put_all(&before, &files);
        put_all(&were_blocked, &blocked);
        scribble(&files, &blocked);
        model_refresh(&expected, &before, &files, &were_blocked);
        environment_refresh(&environment, &log);
        expect_all(&expected, &environment, &files, &blocked, by_shell);
        env_free(&before);
        env_free(&were_blocked);
    }
    char **list = env_strings(&environment.vars, &log);
    free(list);
    for (char **at = strings; *at != NULL; at++)
        free(*at);
    free(strings);
    env_free(&expected);
    env_free(&files);
    env_free(&blocked);
    environment_free(&environment);
    log_free(&log);
    empty_directory();
}

static unsigned long number(const char *name, unsigned long fallback)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? strtoul(text, NULL, 10) : fallback;
}

int main(void)
{
    unsigned long seconds = number("FUZZ_SECONDS", 10);
    seed = number("FUZZ_SEED", (unsigned long)time(NULL) * 1000);
    printf("fuzz: %lu seconds from FUZZ_SEED=%lu\n", seconds, seed);
    fflush(stdout);
#ifdef __SANITIZE_ADDRESS__
    /* Standard error is the log's; a sanitizer's last words must not get lost in it. */
    __sanitizer_set_report_fd((void *)(intptr_t)dup(STDERR_FILENO));
#endif
    make_directory(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    snprintf(parent, sizeof parent, "%s", path("etc"));
    snprintf(directory, sizeof directory, "%s", path("etc/container_environment"));
    if (mkdir(parent, 0755) == -1 || mkdir(directory, 0700) == -1)
        abort();
    time_t end = time(NULL) + (time_t)seconds;
    unsigned long runs = 0;
    do {
        capture_start();
        run_once();
        fuzz_readers();
        free(capture_end());
        seed++;
        runs++;
    } while (time(NULL) < end);
    printf("fuzz: %lu environments, each imported, dumped and read back\n", runs);
    return remove_directory() ? 0 : 1;
}
