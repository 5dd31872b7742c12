/* The end: in order, and within a known time. */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format.h"
#include "my_init.h"
#include "processes.h"

enum { LOOK_MS = 5, LONGEST_STOP_MS = 9000, SERVICES_SHARE_MS = 1000 };

#define BEFORE "/etc/my_init.pre_shutdown.d"
#define AFTER "/etc/my_init.post_shutdown.d"

static int64_t all_timeout(struct my_init *init)
{
    return environment_seconds(&init->environment, "KILL_ALL_PROCESSES_TIMEOUT", 3, &init->log);
}

int64_t last_moment(const struct my_init *init)
{
    if (init->loop.stop == 0 ||
        environment_has_seconds(&init->environment, "KILL_PROCESS_TIMEOUT") ||
        environment_has_seconds(&init->environment, "KILL_ALL_PROCESSES_TIMEOUT"))
        return FOREVER;
    return init->loop.stop_at + LONGEST_STOP_MS;
}

/* However long others take, services that end well must not be killed for it. */
int64_t services_moment(const struct my_init *init)
{
    int64_t last = last_moment(init);
    return last == FOREVER || !init->runit.watched ? last : last - SERVICES_SHARE_MS;
}

/* An interactive shell ignores TERM and would cost the whole timeout; the hang-up of its terminal
   is what it understands. */
static void hang_up(const struct my_init *init)
{
    if (init->loop.restore_terminal && process_ignores(init->command.pid, SIGTERM))
        kill(init->command.pid, SIGHUP);
}

static void stop_command(struct my_init *init, int64_t deadline)
{
    struct child *command = &init->command;
    if (!command->watched || command->done)
        return;
    kill(command->pid, SIGTERM);
    kill(command->pid, SIGCONT);
    hang_up(init);
    loop_wait_for(&init->loop, command, deadline);
    if (command->done)
        return;
    log_warn(&init->log, "%s did not end after TERM in time: it is killed",
             init->options.command[0]);
    kill(command->pid, SIGKILL);
    loop_wait_for(&init->loop, command, now_ms() + LAST_WAIT_MS);
}

/* The same for those of docker exec -t. */
static void hang_up_shells(void)
{
    struct processes processes = {0};
    if (processes_read(&processes))
        for (size_t i = 0; i < processes.count; i++)
            if (processes.list[i].has_terminal && process_ignores(processes.list[i].pid, SIGTERM))
                kill(processes.list[i].pid, SIGHUP);
    processes_free(&processes);
}

/* Only as process 1 are all processes ours. */
static bool signal_all(int number)
{
    if (getpid() == 1)
        return kill(-1, number) == 0;
    return signal_descendants(number) > 0;
}

/* What docker exec has started is no child of process 1, and nothing tells of its end. */
static bool all_gone(const struct my_init *init)
{
    return init->loop.childless && (getpid() != 1 || kill(-1, 0) == -1);
}

static void wait_for_all(struct my_init *init, int64_t deadline)
{
    while (!all_gone(init) && now_ms() < deadline)
        loop_wait(&init->loop, init->loop.childless ? earlier(now_ms() + LOOK_MS, deadline)
                                                    : deadline);
}

/* Those that have been given less time than they may have. */
static void name_the_rest(struct my_init *init)
{
    char names[512] = "";
    size_t length = 0;
    struct processes processes = {0};
    if (getpid() != 1 || !processes_read(&processes))
        return;
    for (size_t i = 0; i < processes.count && length < sizeof names; i++) {
        const struct process *process = &processes.list[i];
        if (process->pid != 1 && process->state != 'Z')
            length += format(names + length, sizeof names - length, "%s%s (PID %ld)",
                             length > 0 ? ", " : "", process->name, (long)process->pid);
    }
    processes_free(&processes);
    if (length > 0)
        log_warn(&init->log, "the time for the stop is up: killed are %s%s", names,
                 length < sizeof names ? "" : "...");
}

static void kill_all(struct my_init *init, int64_t deadline)
{
    log_info(&init->log, "Killing all processes...");
    loop_wait(&init->loop, 0);
    if (!signal_all(SIGTERM))
        return;
    signal_all(SIGCONT);
    if (getpid() == 1)
        hang_up_shells();
    wait_for_all(init, deadline);
    if (!all_gone(init) && now_ms() >= last_moment(init))
        name_the_rest(init);
    int64_t end = now_ms() + LAST_WAIT_MS;
    while (!all_gone(init) && now_ms() < end && signal_all(SIGKILL))
        loop_wait(&init->loop, now_ms() + LOOK_MS);
}

/* The status of what the container lived for. */
static int exit_code(const struct my_init *init)
{
    if (init->failed)
        return init->code;
    if (init->command.watched)
        return init->command.done ? status_code(init->command.status) : 128 + SIGKILL;
    if (init->loop.stop != 0)
        return init->options.command != NULL ? 128 + init->loop.stop : 0;
    return init->code;
}

int shut_down(struct my_init *init)
{
    run_shutdown_files(init, BEFORE, services_moment(init));

    int64_t for_one = process_timeout(init);
    int64_t for_all = all_timeout(init);
    int64_t deadline = now_ms() + for_one + for_all;
    stop_command(init, earlier(now_ms() + for_one, services_moment(init)));
    stop_services(init, for_one, earlier(deadline, last_moment(init)));

    /* What is logged from now on would be lost: it goes to stderr. */
    if (init->runit.watched && init->early.socket == -1)
        open_early_log(init);
    int64_t before = now_ms();
    run_shutdown_files(init, AFTER, last_moment(init));
    deadline = earlier(deadline + now_ms() - before, last_moment(init));

    if (init->options.kill_all_on_exit)
        kill_all(init, earlier(now_ms() + for_all, deadline));
    early_log_close(&init->early, &init->log, later(deadline, now_ms() + LAST_WAIT_MS));
    return exit_code(init);
}
