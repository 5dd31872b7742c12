/* setuser USER COMMAND...: run a command as another user, for good. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts.h"
#include "exec.h"
#include "format.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char help[] =
    "Usage: setuser USER COMMAND [ARGUMENT]...\n"
    "\n"
    "Run COMMAND with the user id, group id and supplementary groups of USER (a name\n"
    "or a number that /etc/passwd knows), with USER, HOME and UID set and the rest of\n"
    "the environment as it is. The command takes the place of setuser.\n"
    "\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit status: COMMAND's; 1 there is no COMMAND, or the user is unknown or cannot be\n"
    "changed to, 126 COMMAND cannot be run, 127 COMMAND is not found.\n";

extern char **environ;

static bool is_already(const struct account *user)
{
    return getuid() != 0 && getuid() == user->user && geteuid() == user->user &&
           getgid() == user->group && getegid() == user->group;
}

/* Groups, then group, then user: each step needs what the next gives away. */
static bool change(const struct account *user, struct log *log)
{
    if (is_already(user))
        return true;
    struct buffer groups = {0};
    if (!account_groups("/etc/group", user, &groups) ||
        setgroups(groups.length / sizeof(gid_t), (const gid_t *)(const void *)groups.data) == -1 ||
        setresgid(user->group, user->group, user->group) == -1 ||
        setresuid(user->user, user->user, user->user) == -1) {
        log_error(log, "setuser: cannot become %s: %s%s", user->name, strerror(errno),
                  geteuid() == 0 ? "" : " (only root can)");
        return false;
    }
    buffer_free(&groups);
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;
    bool changed = getresuid(&real, &effective, &saved) == 0 && real == user->user &&
                   effective == user->user && saved == user->user &&
                   getresgid(&group, &effective_group, &saved_group) == 0 &&
                   group == user->group && effective_group == user->group &&
                   saved_group == user->group;
    if (changed && (user->user == 0 || setuid(0) == -1))
        return true;
    log_error(log, "setuser: %s could become root again: nothing is run", user->name);
    return false;
}

static bool set_variables(const struct account *user, struct log *log)
{
    char number[24];
    format(number, sizeof number, "%lu", (unsigned long)user->user);
    if (setenv("USER", user->name, 1) == 0 && setenv("HOME", user->home, 1) == 0 &&
        setenv("UID", number, 1) == 0)
        return true;
    log_error(log, "setuser: %s", strerror(errno));
    return false;
}

static int run(char *const *arguments, struct log *log)
{
    char found[PATH_MAX];
    const char *file = arguments[0];
    if (strchr(file, '/') == NULL) {
        const char *path = getenv("PATH");
        if (!find_program(file, path != NULL ? path : DEFAULT_PATH, found, sizeof found) &&
            errno != EACCES) {
            log_error(log, "setuser: %s: command not found", file);
            return NOT_FOUND;
        }
        file = found;
    }
    return become(file, arguments, environ, log);
}

int main(int argc, char **argv)
{
    struct log log = {0};
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return write(STDOUT_FILENO, help, sizeof help - 1) == -1;
    if (argc < 3) {
        log_error(&log, "setuser: no %s given; see setuser --help",
                  argc < 2 ? "user and command" : "command");
        return 1;
    }
    struct account user;
    if (!account_find("/etc/passwd", argv[1], &user)) {
        log_error(&log, "setuser: unknown user %s%s%s", argv[1], errno != 0 ? ": /etc/passwd: " : "",
                  errno != 0 ? strerror(errno) : "");
        return 1;
    }
    if (!change(&user, &log) || !set_variables(&user, &log))
        return 1;
    return run(argv + 2, &log);
}
