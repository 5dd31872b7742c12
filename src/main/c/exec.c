#include "exec.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "format.h"

enum { LINE_SIZE = 256 };

static bool is_program(const char *file)
{
    struct stat status;
    if (stat(file, &status) == -1)
        return false;
    if (S_ISREG(status.st_mode) && access(file, X_OK) == 0)
        return true;
    errno = EACCES;
    return false;
}

bool find_program(const char *name, const char *path, char *found, size_t size)
{
    char forbidden[PATH_MAX] = "";
    if (*name == '\0') {
        errno = ENOENT;
        return false;
    }
    if (strchr(name, '/') != NULL) {
        if (format(found, size, "%s", name) >= size) {
            errno = ENAMETOOLONG;
            return false;
        }
        return is_program(found);
    }
    for (const char *at = path; at != NULL;) {
        size_t length = strcspn(at, ":");
        size_t written = length > 0 ? format(found, size, "%.*s/%s", (int)length, at, name)
                                    : format(found, size, "./%s", name);
        if (written < size) {
            if (is_program(found))
                return true;
            if (errno == EACCES && forbidden[0] == '\0')
                format(forbidden, sizeof forbidden, "%s", found);
        }
        at = at[length] == ':' ? at + length + 1 : NULL;
    }
    format(found, size, "%s", forbidden);
    errno = forbidden[0] != '\0' ? EACCES : ENOENT;
    return false;
}

/* The interpreter that a "#!" line names; its argument, if any, follows in *argument. */
static const char *interpreter(char *line, char **argument)
{
    char *name = line + 2 + strspn(line + 2, " \t");
    char *end = name + strcspn(name, " \t");
    *argument = end + strspn(end, " \t");
    *end = '\0';
    return name;
}

#define CRLF "has CRLF line ends, which make part of the first line's names: save it with LF line ends"

static bool has_crlf(const char *line)
{
    size_t length = strlen(line);
    return length > 0 && line[length - 1] == '\r';
}

static bool is_elf(const char *line)
{
    return strncmp(line, "\177ELF", 4) == 0;
}

static int explain_missing(const char *file, struct log *log)
{
    char line[LINE_SIZE];
    char *argument;
    if (access(file, F_OK) == -1) {
        log_error(log, "%s: not found", file);
        return NOT_FOUND;
    }
    first_line(file, line, sizeof line);
    if (is_elf(line))
        log_error(log, "%s: the dynamic loader that it was linked for is not there", file);
    else if (has_crlf(line))
        log_error(log, "%s " CRLF, file);
    else
        log_error(log, "%s: interpreter %s not found", file,
                  strncmp(line, "#!", 2) == 0 ? interpreter(line, &argument) : "of its format");
    return NOT_FOUND;
}

static int explain_forbidden(const char *file, struct log *log)
{
    char line[LINE_SIZE];
    char *argument;
    struct stat status;
    if (stat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
        log_error(log, "%s: is a directory", file);
        return CANNOT_RUN;
    }
    if (access(file, X_OK) == -1) {
        log_error(log, "%s: not executable (%s)", file, strerror(errno));
        return CANNOT_RUN;
    }
    first_line(file, line, sizeof line);
    if (strncmp(line, "#!", 2) == 0)
        log_error(log, "%s: interpreter %s may not be executed", file,
                  interpreter(line, &argument));
    else
        log_error(log, "%s: %s", file, strerror(EACCES));
    return CANNOT_RUN;
}

static int explain(const char *file, int problem, struct log *log)
{
    switch (problem) {
    case ENOENT:
    case ENOTDIR:
        return explain_missing(file, log);
    case EACCES:
        return explain_forbidden(file, log);
    case ENOEXEC:
        log_error(log, "%s: a program for another kind of machine, or a broken one", file);
        return CANNOT_RUN;
    default:
        log_error(log, "%s: %s", file, strerror(problem));
        return CANNOT_RUN;
    }
}

static void run_by_shell(const char *file, char *const *arguments, char *const *environment)
{
    size_t count = 0;
    while (arguments[count] != NULL)
        count++;
    char **with_shell = calloc(count + 2, sizeof *with_shell);
    if (with_shell == NULL)
        return;
    char name[] = "/bin/sh";
    char script[PATH_MAX];
    format(script, sizeof script, "%s", file);
    with_shell[0] = name;
    with_shell[1] = script;
    for (size_t i = 1; i < count; i++)
        with_shell[i + 1] = arguments[i];
    execve(name, with_shell, environment);
    free(with_shell);
}

int become(const char *file, char *const *arguments, char *const *environment, struct log *log)
{
    execve(file, arguments, environment);
    int problem = errno;
    if (problem == ENOEXEC) {
        char line[LINE_SIZE];
        first_line(file, line, sizeof line);
        if (!is_elf(line)) {
            log_warn(log, "%s has no interpreter line (#!): /bin/sh runs it", file);
            run_by_shell(file, arguments, environment);
            problem = errno;
        }
    }
    return explain(file, problem, log);
}

void explain_status(const char *file, const char *path, int code, char *reason, size_t size)
{
    char line[LINE_SIZE];
    char found[PATH_MAX];
    char *argument;
    reason[0] = '\0';
    first_line(file, line, sizeof line);
    if (is_elf(line))
        return;
    if (has_crlf(line)) {
        format(reason, size, ": it " CRLF);
        return;
    }
    if (code != NOT_FOUND || strncmp(line, "#!", 2) != 0)
        return;
    const char *program = interpreter(line, &argument);
    const char *base = strrchr(program, '/');
    argument[strcspn(argument, " \t")] = '\0';
    if (strcmp(base != NULL ? base + 1 : program, "env") == 0 && *argument != '\0' &&
        *argument != '-' && !find_program(argument, path, found, sizeof found))
        format(reason, size, ": interpreter %s not found (by way of %s)", argument, program);
}
