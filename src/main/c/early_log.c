#include "early_log.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop.h"
#include "syslog_socket.h"

enum {
    LARGEST_MESSAGE = 65536,
    LARGEST_STORE = 1 << 20,
    MOST_AT_ONCE = 1000,
    BLIND_POLL_MS = 10,
    LONGEST_PAUSE_MS = 1000,
};

void early_log_open(struct early_log *early, struct log *log)
{
    *early = (struct early_log){.path = early->path, .directory = early->directory, .socket = -1,
                                .notify = -1, .daemon = -1, .look_again = FOREVER};
    /* Somebody listens: a socket of the host, or of a my_init that started before this one. */
    int taken = syslog_connect(early->path);
    if (taken != -1 || errno == EPROTOTYPE) {
        if (taken != -1)
            close(taken);
        return;
    }
    if (unlink(early->path) == -1 && errno != ENOENT) {
        log_warn(log, "%s cannot be replaced: %s", early->path, strerror(errno));
        return;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct stat status;
    if (fd == -1 || !syslog_bind(fd, early->path) || lstat(early->path, &status) == -1) {
        log_warn(log, "%s cannot be opened before the syslog service starts: %s", early->path,
                 strerror(errno));
        if (fd != -1)
            close(fd);
        return;
    }
    early->socket = fd;
    early->device = status.st_dev;
    early->inode = status.st_ino;
    early->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (early->notify != -1 &&
        inotify_add_watch(early->notify, early->directory, IN_CREATE | IN_MOVED_TO) == -1) {
        close(early->notify);
        early->notify = -1;
    }
    if (early->notify == -1)
        early->look_again = now_ms() + BLIND_POLL_MS;
}

nfds_t early_log_poll(const struct early_log *early, struct pollfd *fds)
{
    nfds_t count = 0;
    if (early->socket == -1)
        return 0;
    if (!early->closing)
        fds[count++] = (struct pollfd){.fd = early->socket, .events = POLLIN};
    if (early->notify != -1)
        fds[count++] = (struct pollfd){.fd = early->notify, .events = POLLIN};
    if (early->daemon != -1)
        fds[count++] = (struct pollfd){.fd = early->daemon, .events = POLLOUT};
    return count;
}

bool early_log_is_handing_over(const struct early_log *early)
{
    return early->socket != -1 && early->daemon != -1;
}

int64_t early_log_deadline(const struct early_log *early)
{
    return early->socket == -1 ? FOREVER : early->look_again;
}

/* Tries again after a moment, and after longer moments if nothing changes. */
static void look_later(struct early_log *early)
{
    early->pause = early->pause == 0 ? 1 : earlier(2 * early->pause, LONGEST_PAUSE_MS);
    early->look_again = now_ms() + early->pause;
}

static void keep(struct early_log *early, size_t length)
{
    /* The message lies behind the space for its length, at the end of what is kept. */
    memcpy(early->kept.data + early->kept.length, &length, sizeof length);
    early->kept.length += sizeof length + length;
    buffer_byte(&early->kept, '\0');
}

/* Takes what is queued, so that no sender waits; not more at once than lets process 1 do its other
   work, unless nothing new comes in. */
static void collect(struct early_log *early)
{
    for (int count = 0; count < MOST_AT_ONCE || early->closing; count++) {
        bool full = early->kept.length - early->sent > LARGEST_STORE;
        if (full || !buffer_reserve(&early->kept, sizeof(size_t) + LARGEST_MESSAGE + 1)) {
            char lost;
            early->kept.failed = false;
            if (recv(early->socket, &lost, sizeof lost, MSG_TRUNC) <= 0)
                return;
            early->dropped++;
            continue;
        }
        ssize_t got = recv(early->socket, early->kept.data + early->kept.length + sizeof(size_t),
                           LARGEST_MESSAGE, 0);
        if (got < 0 && errno == EINTR)
            continue;
        /* Empty messages do not exist in syslog; behind a shutdown, 0 is the end. */
        if (got < 0 || (got == 0 && early->closing))
            return;
        if (got > 0)
            keep(early, (size_t)got);
    }
}

/* The next message; false: there is none. */
static bool next(const struct early_log *early, const char **text, size_t *length)
{
    if (early->sent >= early->kept.length)
        return false;
    memcpy(length, early->kept.data + early->sent, sizeof *length);
    *text = early->kept.data + early->sent + sizeof *length;
    return true;
}

static void step_over(struct early_log *early, size_t length)
{
    early->sent += sizeof length + length + 1;
    early->part = 0;
}

/* What is handed over makes room for what comes. */
static void forget_sent(struct early_log *early)
{
    early->kept.length -= early->sent;
    memmove(early->kept.data, early->kept.data + early->sent, early->kept.length);
    early->sent = 0;
}

/* False: the daemon takes no more for now, or has gone. */
static bool hand_over(struct early_log *early)
{
    const char *text;
    size_t length;
    while (next(early, &text, &length)) {
        ssize_t taken = send(early->daemon, text + early->part,
                             length + early->mark - early->part, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken == -1) {
            if (errno == EINTR)
                continue;
            if (errno == EAGAIN || errno == ENOBUFS)
                return false;
            if (errno == ECONNREFUSED || errno == ECONNRESET || errno == ENOTCONN ||
                errno == EPIPE) {
                close(early->daemon);
                early->daemon = -1;
                early->part = 0;
                look_later(early);
                return false;
            }
            early->dropped++;
        } else if ((early->part += (size_t)taken) < length + early->mark) {
            continue;
        }
        step_over(early, length);
        if (early->sent > LARGEST_STORE / 2)
            forget_sent(early);
    }
    return true;
}

static void give_up(struct early_log *early)
{
    if (early->daemon != -1)
        close(early->daemon);
    if (early->notify != -1)
        close(early->notify);
    close(early->socket);
    early->socket = early->notify = early->daemon = -1;
    buffer_free(&early->kept);
    early->sent = early->dropped = 0;
}

static bool is_ours(const struct early_log *early)
{
    struct stat status;
    return lstat(early->path, &status) == 0 && status.st_dev == early->device &&
           status.st_ino == early->inode;
}

/* False: what stands there speaks another protocol. */
static bool look_for_daemon(struct early_log *early)
{
    char events[4096];
    while (early->notify != -1 && read(early->notify, events, sizeof events) > 0)
        continue;
    struct stat status;
    if (stat(early->path, &status) == -1 || is_ours(early)) {
        early->look_again = early->notify == -1 ? now_ms() + BLIND_POLL_MS : FOREVER;
        return true;
    }
    early->daemon = syslog_connect(early->path);
    early->look_again = FOREVER;
    if (early->daemon != -1) {
        early->mark = syslog_mark(early->daemon);
        return true;
    }
    if (errno == EPROTOTYPE)
        return false;
    /* Its name is there a moment before it listens. */
    look_later(early);
    return true;
}

static void end_input(struct early_log *early)
{
    collect(early);
    early->closing = true;
    shutdown(early->socket, SHUT_RD);
    collect(early);
}

void early_log_step(struct early_log *early, struct log *log)
{
    if (early->socket == -1)
        return;
    collect(early);
    if (early->daemon == -1 && !look_for_daemon(early)) {
        early_log_close(early, log, now_ms() + LAST_WAIT_MS);
        return;
    }
    if (early->daemon == -1 || !hand_over(early))
        return;
    /* Who is still connected to the old socket is told so from now on and turns to the new one;
       what it has sent before is still there to be read. */
    end_input(early);
    if (!hand_over(early))
        return;
    if (early->dropped > 0)
        log_warn(log, "%zu syslog messages of the boot did not fit into memory and are lost",
                 early->dropped);
    give_up(early);
}

/* Without the leading <PRI>. False: nobody reads it. */
static bool print(const char *text, size_t length)
{
    const char *end = length > 2 && text[0] == '<' ? memchr(text, '>', length < 6 ? length : 6)
                                                   : NULL;
    if (end != NULL) {
        length -= (size_t)(end + 1 - text);
        text = end + 1;
    }
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\0'))
        length--;
    return log_line(text, length);
}

void early_log_close(struct early_log *early, struct log *log, int64_t deadline)
{
    if (early->socket == -1)
        return;
    bool ours = is_ours(early);
    end_input(early);
    const char *text;
    size_t length;
    if (next(early, &text, &length))
        log_warn(log, "no syslog service took these messages over:");
    size_t unread = 0;
    for (; next(early, &text, &length); step_over(early, length))
        if (now_ms() >= deadline || !print(text, length))
            unread++;
    if (unread > 0)
        log_warn(log, "%zu of them were not printed: nobody reads them in time", unread);
    if (early->dropped > 0)
        log_warn(log, "%zu syslog messages did not fit into memory and are lost", early->dropped);
    if (ours)
        unlink(early->path);
    give_up(early);
}
