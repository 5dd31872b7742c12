#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exec.h"
#include "format.h"

bool has_terminal(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* Stdout belongs to the main command alone, and so does the terminal. */
static bool set_apart(void)
{
    if (setsid() == -1 || dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
        return false;
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return nothing != -1 && dup2(nothing, STDIN_FILENO) != -1;
}

/* Without a process group of its own in the foreground, a shell could do no job control, and
   Ctrl-C would reach process 1, too. */
static bool take_terminal(void)
{
    return setpgid(0, 0) == 0 && tcsetpgrp(STDIN_FILENO, getpid()) == 0;
}

static bool has_directory(const char *path, const char *directory, size_t length)
{
    for (;;) {
        size_t part = strcspn(path, ":");
        if (part == length && strncmp(path, directory, length) == 0)
            return true;
        if (path[part] == '\0')
            return false;
        path += part + 1;
    }
}

/* For a program that finds others of its own only there. In the child: nothing is freed. */
static void add_to_path(char **strings, const char *directory)
{
    while (*strings != NULL && strncmp(*strings, "PATH=", 5) != 0)
        strings++;
    if (*strings == NULL || has_directory(*strings + 5, directory, strlen(directory)))
        return;
    size_t size = strlen(*strings) + strlen(directory) + 2;
    char *longer = malloc(size);
    if (longer == NULL)
        return;
    format(longer, size, "%s%s%s", *strings, (*strings)[5] != '\0' ? ":" : "", directory);
    *strings = longer;
}

static int become_program(const struct loop *loop, const struct program *program, char **strings,
                          const char *path)
{
    const char *name = program->file != NULL ? program->file : program->arguments[0];
    if (program->apart && !set_apart()) {
        log_error(loop->log, "%s cannot be given its own session and standard files: %s", name,
                  strerror(errno));
        return CANNOT_RUN;
    }
    if (program->foreground && !take_terminal())
        log_warn(loop->log, "%s: %s", name, strerror(errno));
    char found[PATH_MAX];
    if (program->file == NULL && strchr(name, '/') == NULL) {
        if (!find_program(name, path, found, sizeof found) && errno != EACCES) {
            log_error(loop->log, "%s: command not found", name);
            return NOT_FOUND;
        }
        name = found;
    }
    if (program->directory != NULL)
        add_to_path(strings, program->directory);
    loop_release_signals(loop);
    return become(name, program->arguments, strings, loop->log);
}

static int start(const struct loop *loop, const struct program *program, char **strings,
                 const char *path)
{
    int code = become_program(loop, program, strings, path);
    if (program->unstarted != NULL)
        *program->unstarted = true;
    return code;
}

bool spawn(struct loop *loop, struct child *child, const struct program *program,
           const struct env *env)
{
    const char *name = program->file != NULL ? program->file : program->arguments[0];
    char **strings = env_strings(env, loop->log);
    pid_t pid = strings != NULL ? fork() : -1;
    if (pid == 0)
        _exit(start(loop, program, strings, env_get(env, "PATH")));
    int problem = errno;
    free(strings);
    if (pid == -1) {
        log_error(loop->log, "%s cannot be started: %s", name, strerror(problem));
        return false;
    }
    loop_watch(loop, child, pid);
    loop->childless = false;
    return true;
}
