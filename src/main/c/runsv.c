#include "runsv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "early_log.h"
#include "format.h"
#include "processes.h"

/* How runsv writes supervise/status: the fields that matter here. */
enum { STATUS_SIZE = 20, STATUS_PID = 12, STATUS_WANT = 17, STATUS_STATE = 19 };
struct status read_status(int directory, const char *path)
{
    unsigned char bytes[STATUS_SIZE];
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1)
        return (struct status){0};
    ssize_t got = read(fd, bytes, sizeof bytes);
    close(fd);
    if (got != STATUS_SIZE)
        return (struct status){0};
    unsigned pid = 0;
    for (int i = 3; i >= 0; i--)
        pid = pid << 8 | bytes[STATUS_PID + i];
    return (struct status){true, (pid_t)pid, (char)bytes[STATUS_WANT], bytes[STATUS_STATE]};
}

/* runsv was started as "runsv NAME"; one that is still on its way to that has no name yet. */
static void read_name(pid_t pid, char *name, size_t size)
{
    char path[32];
    char text[256];
    format(name, size, "with runsv %ld", (long)pid);
    format(path, sizeof path, "/proc/%ld/cmdline", (long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0)
        return;
    text[got] = '\0';
    size_t first = strlen(text) + 1;
    if (first < (size_t)got && strcmp(text, "runsv") == 0)
        format(name, size, "%s", text + first);
}

static int open_directory(pid_t runsv)
{
    char path[32];
    format(path, sizeof path, "/proc/%ld/cwd", (long)runsv);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void note_service(struct loop *loop, struct service *service, pid_t pid)
{
    service->directory = open_directory(pid);
    service->syslog = service->directory != -1 &&
                      faccessat(service->directory, PROVIDES_LOG, F_OK, 0) == 0;
    read_name(pid, service->name, sizeof service->name);
    loop_watch(loop, &service->runsv, pid);
}

void look_again(struct service *service)
{
    if (read_status(service->directory, "supervise/status").known)
        return;
    if (service->directory != -1)
        close(service->directory);
    service->directory = open_directory(service->runsv.pid);
    read_name(service->runsv.pid, service->name, sizeof service->name);
}

static bool is_runsv(const struct process *process, pid_t runsvdir)
{
    if (process->state == 'Z')
        return false;
    return (runsvdir > 0 && process->parent == runsvdir) ||
           (process->parent == getpid() && strcmp(process->name, "runsv") == 0);
}

bool find_services(struct loop *loop, pid_t runsvdir, struct services *services)
{
    struct processes processes = {0};
    bool read = processes_read(&processes);
    services->count = 0;
    services->list = calloc(processes.count + 1, sizeof *services->list);
    if (services->list != NULL)
        for (size_t i = 0; i < processes.count; i++)
            if (is_runsv(&processes.list[i], runsvdir))
                note_service(loop, &services->list[services->count++], processes.list[i].pid);
    processes_free(&processes);
    return read && services->list != NULL;
}

void forget_services(struct loop *loop, struct services *services)
{
    for (size_t i = 0; i < services->count; i++) {
        loop_unwatch(loop, &services->list[i].runsv);
        loop_unwatch(loop, &services->list[i].logger);
        if (services->list[i].directory != -1)
            close(services->list[i].directory);
    }
    free(services->list);
    *services = (struct services){0};
}
