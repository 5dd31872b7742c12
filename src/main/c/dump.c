#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts.h"
#include "environment.h"
#include "files.h"
#include "quote.h"

enum { DOCKER_ENV_GID = 8377 };

#define SHELL_DUMP "container_environment.sh"
#define JSON_DUMP "container_environment.json"

static gid_t docker_env_group(const char *group_file)
{
    gid_t found;
    return group_find(group_file, "docker_env", &found) ? found : DOCKER_ENV_GID;
}

/* access, not faccessat with a flag: older engines' system call filters refuse what that uses. */
static bool is_writable(const char *path)
{
    return access(path, W_OK) == 0;
}

/* What an earlier life of the container has left is not the author's wish, and would come back with
   the first look at the directory. Only process 1 begins a life. */
static void empty(const char *path)
{
    DIR *directory = getpid() == 1 ? opendir(path) : NULL;
    if (directory == NULL)
        return;
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory))
        if (can_be_filed(entry->d_name))
            (void)unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
}

/* Sets errno where it says no. */
static bool is_there(const char *directory)
{
    return (mkdir(directory, 0700) == 0 || errno == EEXIST) && is_writable(directory);
}

/* On a read-only root everything moves to /run together, so that one line tells where it is; of a read-only mount on
   the directory alone, the two files beside it know nothing. */
static bool find_place(struct environment *environment, struct log *log)
{
    if (environment->parent == NULL)
        return false;
    const char *wanted = environment->parent;
    bool beside = is_writable(wanted);
    if (beside) {
        if (is_there(environment->directory))
            return true;
        wanted = environment->directory;
    }
    int problem = errno;
    if (!environment->root) {
        log_warn_once(log, "not root: the environment is not dumped to %s", environment->parent);
        environment->parent = NULL;
        return false;
    }
    if (!is_there("/run/container_environment") || !is_writable("/run")) {
        log_warn_once(log, "%s cannot be written (%s) and neither can /run (%s): the environment "
                      "is not dumped", wanted, strerror(problem), strerror(errno));
        environment->parent = NULL;
        return false;
    }
    log_warn_once(log, "%s cannot be written (%s): the environment is dumped to "
                  "/run/container_environment, .sh and .json %s", wanted, strerror(problem),
                  beside ? "stay where they are" : "beside it");
    environment->directory = "/run/container_environment";
    if (!beside)
        environment->parent = "/run";
    empty(environment->directory);
    env_free(&environment->on_disk);
    return true;
}

static bool is_on_disk(const struct environment *environment, const struct var *var)
{
    const struct var *old = env_find(&environment->on_disk, var->name);
    return old != NULL && !old->unread && old->length == var->length &&
           memcmp(old->value, var->value, var->length) == 0;
}

/* A reader takes one trailing newline off, so a value that ends in one gets another. */
static bool write_variable(int directory, const struct var *var, const struct look *look)
{
    if (var->length == 0 || var->value[var->length - 1] != '\n')
        return replace_file(directory, var->name, var->value, var->length, look);
    struct buffer content = {0};
    buffer_add(&content, var->value, var->length);
    buffer_byte(&content, '\n');
    if (content.failed)
        errno = ENOMEM;
    bool written = !content.failed &&
                   replace_file(directory, var->name, content.data, content.length, look);
    int problem = errno;
    buffer_free(&content);
    errno = problem;
    return written;
}

/* Writes what the directory does not hold yet. A file that cannot be written leaves its variable
   without one: it lives on in memory. */
static void dump_directory(struct environment *environment, struct log *log)
{
    int directory = open(environment->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory == -1) {
        log_warn_once(log, "%s cannot be opened: %s", environment->directory, strerror(errno));
        return;
    }
    /* The directory's own mode keeps strangers out; whoever opens it opens the files. */
    const struct look look = {0644, geteuid(), getegid()};
    for (size_t i = 0; i < environment->vars.count; i++) {
        struct var *var = environment->vars.vars[i];
        if (is_personal(var->name) || !can_be_filed(var->name))
            continue;
        var->filed = is_on_disk(environment, var);
        if (var->filed)
            continue;
        var->filed = write_variable(directory, var, &look);
        if (!var->filed)
            log_warn_once(log, "%s/%s cannot be written: %s", environment->directory, var->name,
                          strerror(errno));
        else
            env_put(&environment->on_disk, var->name, var->value, var->length);
    }
    close(directory);
}

static void dump_file(const struct environment *environment, int parent, const char *name,
                      void (*write)(struct buffer *, const struct env *), struct log *log)
{
    struct stat status;
    struct look look = {0640, geteuid(), getegid()};
    /* Looking the group up is left out where the file is there and keeps what it has. */
    if (fstatat(parent, name, &status, 0) == -1 && environment->root)
        look.group = docker_env_group(environment->group_file);
    struct buffer content = {0};
    write(&content, &environment->vars);
    if (content.failed)
        errno = ENOMEM;
    if (content.failed || !replace_file(parent, name, content.data != NULL ? content.data : "",
                                        content.length, &look))
        log_warn_once(log, "%s/%s cannot be written: %s", environment->parent, name,
                      strerror(errno));
    buffer_free(&content);
}

static void name_the_odd(const struct env *env, struct log *log)
{
    for (size_t i = 0; i < env->count; i++) {
        const char *name = env->vars[i]->name;
        if (!is_shell_name(name))
            log_warn_once(log, "variable \"%s\" is no name for a shell: it is left out of %s",
                          name, SHELL_DUMP);
        else if (belongs_to_shell(name))
            log_warn_once(log, "variable %s belongs to the shell itself: it is left out of %s", name,
                          SHELL_DUMP);
    }
}

void environment_dump(struct environment *environment, struct log *log)
{
    if (!find_place(environment, log))
        return;
    dump_directory(environment, log);
    int parent = open(environment->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent == -1) {
        log_warn_once(log, "%s cannot be opened: %s", environment->parent, strerror(errno));
        return;
    }
    dump_file(environment, parent, SHELL_DUMP, write_shell, log);
    dump_file(environment, parent, JSON_DUMP, write_json, log);
    close(parent);
    name_the_odd(&environment->vars, log);
}
