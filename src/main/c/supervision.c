/* Stopping runit's services, by way of the runsv process of each. */
#include <signal.h>
#include <unistd.h>

#include "my_init.h"
#include "processes.h"
#include "runsv.h"
#include "supervise.h"
#include "syslog_socket.h"

enum { REPEAT_MS = 50, LONGEST_LOOK_MS = 8, SYSLOG_SHARE_MS = 1000, DRAIN_MS = 300 };

/* Whether the service is down and runsv has no child but, perhaps, the log service. */
static bool is_idle(const struct service *service, const struct processes *processes,
                    pid_t *logger)
{
    struct status status = read_status(service->directory, "supervise/status");
    struct status log_status = read_status(service->directory, "log/supervise/status");
    *logger = 0;
    if (status.known && status.state != STATE_DOWN)
        return false;
    for (size_t i = 0; i < processes->count; i++) {
        const struct process *process = &processes->list[i];
        if (process->parent != service->runsv.pid || process->state == 'Z')
            continue;
        if (process->pid != log_status.pid)
            return false;
        *logger = process->pid;
    }
    return true;
}

/* After a short-lived service runsv sleeps a second before it heeds anything. Nobody waits for
   that: when its service is down, and it is frozen so that it can start nothing, it goes. With it
   goes its end of the pipe to the log service, which reads what is left and ends. */
static void end_if_idle(struct loop *loop, struct service *service, struct processes *processes)
{
    pid_t logger;
    pid_t pid = service->runsv.pid;
    if (!is_idle(service, processes, &logger))
        return;
    if (!process_freeze(pid) || !processes_read(processes) ||
        !is_idle(service, processes, &logger)) {
        kill(pid, SIGCONT);
        return;
    }
    if (logger > 0)
        loop_watch(loop, &service->logger, logger);
    kill(pid, SIGKILL);
}

static bool has_child(const struct processes *processes, pid_t parent, pid_t pid)
{
    for (size_t i = 0; i < processes->count; i++)
        if (processes->list[i].pid == pid)
            return processes->list[i].parent == parent;
    return false;
}

static void kill_children(const struct processes *processes, pid_t parent, pid_t except)
{
    for (size_t i = 0; i < processes->count; i++)
        if (processes->list[i].parent == parent && processes->list[i].pid != except)
            kill(processes->list[i].pid, SIGKILL);
}

static void say_late(struct service *service, const struct status *status, struct log *log)
{
    if (status->state == STATE_FINISH)
        log_warn(log, "the finish script of service %s did not end in time: it is killed",
                 service->name);
    else if (status->state == STATE_DOWN)
        log_warn(log, "the log service of %s did not end in time: it gets TERM", service->name);
    else
        log_warn(log, "service %s did not stop after TERM in time: it is killed", service->name);
}

/* The number of a child that was reaped may be another's by now. */
static void signal_child(const struct child *child, int number)
{
    if (child->watched && !child->done)
        kill(child->pid, number);
}

/* Its time is up. A killed service still has its finish script run. */
static void press(struct service *service, const struct processes *processes, struct log *log)
{
    struct status status = read_status(service->directory, "supervise/status");
    struct status logger = read_status(service->directory, "log/supervise/status");
    say_late(service, &status, log);
    service->out_of_time = true;
    if (service->logger.watched)
        signal_child(&service->logger, SIGTERM);
    else if (status.known && status.state == STATE_DOWN &&
             has_child(processes, service->runsv.pid, logger.pid))
        kill(logger.pid, SIGTERM);
    else
        kill_children(processes, service->runsv.pid, logger.pid);
}

static void end_by_force(struct service *service, const struct processes *processes)
{
    signal_child(&service->logger, SIGKILL);
    if (service->runsv.done)
        return;
    kill_children(processes, service->runsv.pid, 0);
    kill(service->runsv.pid, SIGKILL);
}

/* To runsv, TERM means: end the service, run its finish script, let its log service read to the
   end, and exit. One that was just being started may have missed it; telling it twice before it
   has heeded it is telling it once. */
static void tell(struct service *service, int64_t now)
{
    struct status status = read_status(service->directory, "supervise/status");
    if (service->told != 0 && status.known && status.want != 'u')
        return;
    kill(service->runsv.pid, SIGTERM);
    service->told = now;
}

static bool is_down(const struct service *service)
{
    return service->runsv.done && (!service->logger.watched || service->logger.done);
}

static bool all_down(const struct services *services, bool syslog)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->list[i].syslog == syslog && !is_down(&services->list[i]))
            return false;
    return true;
}

static void look_after(struct loop *loop, struct service *service, struct processes *processes,
                       int64_t kill_at, int64_t deadline)
{
    int64_t now = now_ms();
    if (now >= deadline && service->out_of_time) {
        end_by_force(service, processes);
        return;
    }
    if (now >= kill_at && !service->out_of_time)
        press(service, processes, loop->log);
    if (service->runsv.done)
        return;
    look_again(service);
    if (now >= service->told + REPEAT_MS)
        tell(service, now);
    end_if_idle(loop, service, processes);
}

/* Waits, but not long, until the daemon has read all that was sent before. */
static void drain_syslog(struct loop *loop, int64_t deadline)
{
    int64_t end = earlier(now_ms() + DRAIN_MS, deadline);
    /* What is being handed over to the daemon comes first. */
    while (loop->early != NULL && early_log_is_handing_over(loop->early) && now_ms() < end)
        loop_wait(loop, end);
    int fd = syslog_connect(LOG_SOCKET);
    if (fd == -1)
        return;
    bool asked = false;
    while (!syslog_has_read(fd, &asked) && now_ms() < end)
        loop_wait(loop, now_ms() + 1);
    close(fd);
}

static void stop_group(struct my_init *init, struct services *services, bool syslog,
                       int64_t kill_at, int64_t deadline)
{
    struct processes processes = {0};
    for (size_t i = 0; i < services->count; i++)
        if (services->list[i].syslog == syslog)
            tell(&services->list[i], now_ms());
    int64_t end = deadline + LAST_WAIT_MS;
    for (int64_t pause = 1; !all_down(services, syslog) && now_ms() < end;
         pause = earlier(2 * pause, LONGEST_LOOK_MS)) {
        loop_wait(&init->loop, now_ms() + pause);
        if (all_down(services, syslog) || !processes_read(&processes))
            continue;
        for (size_t i = 0; i < services->count; i++) {
            struct service *service = &services->list[i];
            if (service->syslog == syslog && !is_down(service))
                look_after(&init->loop, service, &processes, kill_at, deadline);
        }
    }
    processes_free(&processes);
}

/* Without a look at the processes runit must be trusted to end what it has started. */
static void stop_blindly(struct my_init *init, int64_t deadline)
{
    signal_child(&init->runit, SIGHUP);
    loop_wait_for(&init->loop, &init->runit, deadline);
}

void stop_services(struct my_init *init, int64_t kill_after, int64_t deadline)
{
    if (!init->runit.watched)
        return;
    log_info(&init->log, "Shutting down runit daemon (PID %ld)...", (long)init->runit.pid);
    pid_t runsvdir = init->runit.done ? 0 : init->runit.pid;
    if (runsvdir > 0)
        (void)process_freeze(runsvdir);
    struct services services;
    if (!find_services(&init->loop, runsvdir, &services)) {
        signal_child(&init->runit, SIGCONT);
        stop_blindly(init, deadline);
        forget_services(&init->loop, &services);
        return;
    }
    /* Killed while frozen, runsvdir starts nothing anew; it keeps no state that could be lost. */
    if (runsvdir > 0)
        kill(runsvdir, SIGKILL);
    loop_wait_for(&init->loop, &init->runit, now_ms() + LAST_WAIT_MS);

    int64_t start = now_ms();
    int64_t share = earlier(SYSLOG_SHARE_MS, (deadline - start) / 4);
    int64_t others = deadline - (share > 0 ? share : 0);
    stop_group(init, &services, false, earlier(start + kill_after, others), others);
    if (!all_down(&services, true)) {
        drain_syslog(&init->loop, deadline);
        stop_group(init, &services, true, earlier(now_ms() + kill_after, deadline), deadline);
    }
    forget_services(&init->loop, &services);
}
