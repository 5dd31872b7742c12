/* container-ready: whether every service that should be up is up. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "checks.h"
#include "clock.h"
#include "early_log.h"
#include "format.h"
#include "message.h"
#include "processes.h"
#include "supervise.h"
#include "syslog_socket.h"

#define SERVICES "/etc/service"

/* A first start may be younger than a restart: runsv starts again no sooner than a second after the
   last time, so whoever fails at once again and again never comes of age. */
enum { FIRST_START_MS = 500, FIRST_AGE_MS = 30, AGE_MS = 1000 };

enum { LOG_MS = 500, LOOK_MS = 2 };

enum { READY, NOT_READY, USAGE };

static const char help[] =
    "Usage: container-ready\n"
    "\n"
    "Tell whether every service that should be up is up, for a Kubernetes exec probe\n"
    "or HEALTHCHECK. Should be up: each directory of /etc/service that holds a run\n"
    "file and no down file, and its log service. Is up: runsv has it running, not\n"
    "paused, and not only just restarted (for less than 1 s); its check script, if\n"
    "there is one, ends with 0 within 5 s; and the syslog service itself, not my_init\n"
    "in its place, answers on /dev/log. Names on stdout those that are not.\n"
    "\n"
    "  -h, --help  print this text\n"
    "\n"
    "Exit status: 0 all are up; 1 some are not, or it cannot be seen (that takes\n"
    "root); 2 wrong usage.\n";

struct look {
    struct buffer down;   /* names, each behind a space */
    struct checks checks; /* those that are running */
    bool provides_log;    /* a service that is up should answer on the syslog socket */
    int problem;          /* errno of what could not be seen, or 0 */
};

/* A link to nothing counts as a run file, which fails, but not as a down file: so does runsv. */
static bool is_there(int directory, const char *name)
{
    struct stat status;
    return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool exists(int directory, const char *name)
{
    struct stat status;
    return fstatat(directory, name, &status, 0) == 0;
}

static bool should_be_up(int directory, const char *run, const char *down)
{
    return is_there(directory, run) && !exists(directory, down);
}

static void note_down(struct look *look, const char *name)
{
    buffer_byte(&look->down, ' ');
    buffer_text(&look->down, name);
}

static int64_t start_ms(const struct process *process)
{
    return (int64_t)process->start * 10;
}

/* The state on disk may be that of an earlier life of the container, so the process must be there
   and be the child of this service's runsv. */
static bool is_running(const struct status *status, const char *name)
{
    struct process process;
    struct process runsv;
    char supervised[NAME_MAX + 1];
    if (!status->known || status->state != STATE_RUN || status->paused ||
        !process_read(status->pid, &process) || process.state == 'Z' ||
        !process_read(process.parent, &runsv) ||
        !runsv_name(process.parent, supervised, sizeof supervised) ||
        strcmp(supervised, name) != 0)
        return false;
    bool first = start_ms(&process) - start_ms(&runsv) < FIRST_START_MS;
    return clock_ms(CLOCK_BOOTTIME) - start_ms(&process) >= (first ? FIRST_AGE_MS : AGE_MS);
}

static bool is_up(struct look *look, int directory, const char *path, const char *name)
{
    struct status status = read_status(directory, path);
    if (!status.known && errno != ENOENT)
        look->problem = errno;
    return is_running(&status, name);
}

static void look_at(struct look *look, int directory, const char *name)
{
    char logger[NAME_MAX + 8];
    if (should_be_up(directory, "run", "down")) {
        if (!is_up(look, directory, "supervise/status", name)) {
            note_down(look, name);
        } else {
            look->provides_log = look->provides_log || exists(directory, PROVIDES_LOG);
            if (is_there(directory, "check") && !checks_start(&look->checks, directory, name))
                note_down(look, name);
        }
    }
    format(logger, sizeof logger, "%s/log", name);
    if (should_be_up(directory, "log/run", "log/down") &&
        !is_up(look, directory, "log/supervise/status", name))
        note_down(look, logger);
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

/* Files and links to nothing are no services: runsvdir passes them over. */
static void look_at_services(struct look *look)
{
    struct dirent **entries;
    int count = scandir(SERVICES, &entries, NULL, by_bytes);
    int services = open(SERVICES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if ((count == -1 || services == -1) && errno != ENOENT)
        look->problem = errno;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        int directory = name[0] != '.'
                            ? openat(services, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (directory != -1)
            look_at(look, directory, name);
        else if (name[0] != '.' && errno == EACCES)
            look->problem = errno;
        if (directory != -1)
            close(directory);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    if (services != -1)
        close(services);
}

static bool is_supervised(void)
{
    struct processes processes = {0};
    bool found = false;
    (void)processes_read(&processes);
    for (size_t i = 0; i < processes.count; i++)
        found = found || strcmp(processes.list[i].name, "runsvdir") == 0;
    processes_free(&processes);
    return found;
}

/* An empty message that is read tells that the daemon is alive. */
static bool log_answers(void)
{
    if (syslog_is_early(LOG_SOCKET))
        return false;
    int fd = syslog_connect(LOG_SOCKET);
    if (fd == -1)
        return false;
    int64_t end = now_ms() + LOG_MS;
    bool asked = false;
    bool read = false;
    while (!(read = syslog_has_read(fd, &asked)) && now_ms() < end) {
        const struct timespec moment = {.tv_nsec = LOOK_MS * 1000000};
        nanosleep(&moment, NULL);
    }
    close(fd);
    return read && asked;
}

static int report(struct look *look)
{
    if (look->problem != 0) {
        struct log log = {0};
        log_error(&log, "container-ready: the state of the services cannot be read: %s%s",
                  strerror(look->problem), geteuid() == 0 ? "" : " (only root can)");
        return NOT_READY;
    }
    if (look->down.length == 0 && !look->down.failed)
        return READY;
    for (size_t i = 0; i < look->down.length; i++)
        if ((unsigned char)look->down.data[i] < ' ' || look->down.data[i] == 0x7f)
            look->down.data[i] = '?';
    static const char head[] = "not up:";
    buffer_byte(&look->down, '\n');
    (void)(write(STDOUT_FILENO, head, strlen(head)) == -1 || look->down.failed ||
           write(STDOUT_FILENO, look->down.data, look->down.length) == -1);
    return NOT_READY;
}

int main(int argc, char **argv)
{
    struct look look = {0};
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return write(STDOUT_FILENO, help, sizeof help - 1) == -1;
    if (argc > 1) {
        (void)write(STDERR_FILENO, help, sizeof help - 1);
        return USAGE;
    }
    /* Whoever ignores SIGCHLD is told nothing of its children. */
    signal(SIGCHLD, SIG_DFL);
    if (!is_supervised())
        note_down(&look, "runsvdir");
    look_at_services(&look);
    char failed[NAME_MAX + 1];
    while (checks_next_failed(&look.checks, failed))
        note_down(&look, failed);
    if (look.provides_log && !log_answers())
        note_down(&look, LOG_SOCKET);
    int code = report(&look);
    buffer_free(&look.down);
    return code;
}
