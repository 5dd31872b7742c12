#include "runsv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "early_log.h"
#include "format.h"
#include "processes.h"
#include "supervise.h"

/* One that is still on its way to being runsv has no name yet. */
static void read_name(pid_t pid, char *name, size_t size)
{
    if (!runsv_name(pid, name, size))
        format(name, size, "with runsv %ld", (long)pid);
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
