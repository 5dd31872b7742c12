/* setuser USER COMMAND...: run a command as another user, for good. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    "Exit status: COMMAND's; 1 the user is unknown or cannot be changed to,\n"
    "126 COMMAND cannot be run, 127 COMMAND is not found.\n";

extern char **environ;

/* A name first: a user may be called "1000". */
static const struct passwd *find_user(const char *wanted)
{
    const struct passwd *user = getpwnam(wanted);
    if (user != NULL || *wanted == '\0' || wanted[strspn(wanted, "0123456789")] != '\0')
        return user;
    errno = 0;
    unsigned long number = strtoul(wanted, NULL, 10);
    if (errno != 0 || number >= (uid_t)-1)
        return NULL;
    return getpwuid((uid_t)number);
}

static bool is_already(const struct passwd *user)
{
    return getuid() != 0 && getuid() == user->pw_uid && geteuid() == user->pw_uid &&
           getgid() == user->pw_gid && getegid() == user->pw_gid;
}

/* Groups, then group, then user: each step needs what the next gives away. */
static bool change(const struct passwd *user, struct log *log)
{
    if (is_already(user))
        return true;
    if (initgroups(user->pw_name, user->pw_gid) == -1 ||
        setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == -1 ||
        setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == -1) {
        log_error(log, "setuser: cannot become %s: %s%s", user->pw_name, strerror(errno),
                  geteuid() == 0 ? "" : " (only root can)");
        return false;
    }
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;
    bool changed = getresuid(&real, &effective, &saved) == 0 && real == user->pw_uid &&
                   effective == user->pw_uid && saved == user->pw_uid &&
                   getresgid(&group, &effective_group, &saved_group) == 0 &&
                   group == user->pw_gid && effective_group == user->pw_gid &&
                   saved_group == user->pw_gid;
    if (changed && (user->pw_uid == 0 || setuid(0) == -1))
        return true;
    log_error(log, "setuser: %s could become root again: nothing is run", user->pw_name);
    return false;
}

static bool set_variables(const struct passwd *user, struct log *log)
{
    char number[24];
    format(number, sizeof number, "%lu", (unsigned long)user->pw_uid);
    if (setenv("USER", user->pw_name, 1) == 0 && setenv("HOME", user->pw_dir, 1) == 0 &&
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
        (void)write(STDERR_FILENO, help, sizeof help - 1);
        return 1;
    }
    const struct passwd *user = find_user(argv[1]);
    if (user == NULL) {
        log_error(&log, "setuser: unknown user %s", argv[1]);
        return 1;
    }
    if (!change(user, &log) || !set_variables(user, &log))
        return 1;
    return run(argv + 2, &log);
}
