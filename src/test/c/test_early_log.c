#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "early_log.h"

static struct sockaddr_un address(const char *file)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "%s", file);
    return name;
}

static int new_sender(const char *file)
{
    struct sockaddr_un name = address(file);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    CHECK(fd != -1 && connect(fd, (struct sockaddr *)&name, sizeof name) == 0);
    return fd;
}

static int new_daemon(const char *file)
{
    struct sockaddr_un name = address(file);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    unlink(file);
    CHECK(fd != -1 && bind(fd, (struct sockaddr *)&name, sizeof name) == 0);
    return fd;
}

static int new_stream_daemon(const char *file)
{
    struct sockaddr_un name = address(file);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    unlink(file);
    CHECK(fd != -1 && bind(fd, (struct sockaddr *)&name, sizeof name) == 0 && listen(fd, 5) == 0);
    return fd;
}

static struct early_log new_early(void)
{
    static char directory[512];
    static char file[520];
    snprintf(directory, sizeof directory, "%s", path("dev"));
    snprintf(file, sizeof file, "%s/log", directory);
    mkdir(directory, 0755);
    unlink(file);
    return (struct early_log){
        .path = file, .directory = directory, .socket = -1, .notify = -1, .daemon = -1};
}

static void handOverKeepsOrderAndLosesNothing(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    CHECK(early.socket != -1);
    struct stat status;
    CHECK(stat(early.path, &status) == 0 && (status.st_mode & 0777) == 0666);

    int sender = new_sender(early.path);
    char text[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "<13>line %d", i);
        CHECK(send(sender, text, strlen(text), 0) == (ssize_t)strlen(text));
        early_log_step(&early, &log);
    }
    int daemon = new_daemon(early.path);
    CHECK(send(sender, "<13>line 1000", 13, 0) == 13);
    int next = 0;
    for (int round = 0; round < 10000 && next < 1001; round++) {
        early_log_step(&early, &log);
        ssize_t got = recv(daemon, text, sizeof text - 1, 0);
        if (got <= 0)
            continue;
        text[got] = '\0';
        char expected[32];
        snprintf(expected, sizeof expected, "<13>line %d", next++);
        CHECK_TEXT(expected, text);
    }
    CHECK(next == 1001);
    early_log_step(&early, &log);
    CHECK(early.socket == -1 && early.daemon == -1 && early.notify == -1);
    CHECK(send(sender, "x", 1, MSG_NOSIGNAL) == -1);
    CHECK(access(early.path, F_OK) == 0);
    close(sender);
    close(daemon);
    early_log_close(&early, &log, FOREVER);
}

/* What may stay in a stream's buffer is less than what is sent here. */
static void handOverToAStreamLosesNothing(void)
{
    enum { MESSAGES = 40, SIZE = 20000 };
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    static char text[SIZE];
    for (int i = 0; i < MESSAGES; i++) {
        memset(text, 'a' + i % 26, sizeof text);
        CHECK(send(sender, text, sizeof text, 0) == SIZE);
        early_log_step(&early, &log);
    }
    int listener = new_stream_daemon(early.path);
    early_log_step(&early, &log);
    CHECK(early.daemon != -1);
    int daemon = accept(listener, NULL, NULL);
    CHECK(daemon != -1);
    size_t received = 0;
    bool same = true;
    while (received < (size_t)MESSAGES * (SIZE + 1)) {
        early_log_step(&early, &log);
        ssize_t got = recv(daemon, text, sizeof text, MSG_DONTWAIT);
        CHECK(got > 0);
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got; i++, received++) {
            char letter = (char)('a' + received / (SIZE + 1) % 26);
            same = same && text[i] == (received % (SIZE + 1) == SIZE ? '\0' : letter);
        }
    }
    CHECK(same);
    early_log_step(&early, &log);
    CHECK(early.socket == -1 && early.dropped == 0);
    CHECK(recv(daemon, text, sizeof text, MSG_DONTWAIT) == 0);
    close(daemon);
    close(listener);
    close(sender);
}

/* A daemon that ends in the middle of a message: the next one gets all of it. */
static void streamThatBreaksIsBegunAnew(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    static char text[60000];
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 8; i++) {
        CHECK(send(sender, text, sizeof text, 0) == (ssize_t)sizeof text);
        early_log_step(&early, &log);
    }
    int listener = new_stream_daemon(early.path);
    early_log_step(&early, &log);
    CHECK(early.socket != -1 && early.part > 0);
    close(listener);
    early_log_step(&early, &log);
    CHECK(early.socket != -1 && early.daemon == -1 && early.part == 0);
    int daemon = new_daemon(early.path);
    early_log_step(&early, &log);
    CHECK(recv(daemon, text, sizeof text, MSG_TRUNC) == (ssize_t)sizeof text);
    close(daemon);
    close(sender);
    capture_start();
    early_log_close(&early, &log, FOREVER);
    free(capture_end());
}

static void closePrintsWhatNobodyTook(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    CHECK(send(sender, "<13>Nov 20 10:00:00 one\n", 24, 0) == 24);
    CHECK(send(sender, "", 0, 0) == 0);
    CHECK(send(sender, "two", 3, 0) == 3);
    capture_start();
    early_log_close(&early, &log, FOREVER);
    char *said = capture_end();
    CHECK_TEXT("*** WARNING: no syslog service took these messages over:\n"
               "Nov 20 10:00:00 one\ntwo\n", said);
    free(said);
    CHECK(access(early.path, F_OK) == -1);
    close(sender);
}

static void storeIsBounded(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    char *text = calloc(1, 50000);
    if (text == NULL)
        abort();
    memset(text, 'x', 50000);
    for (int i = 0; i < 100; i++) {
        CHECK(send(sender, text, 50000, 0) == 50000);
        early_log_step(&early, &log);
    }
    CHECK(early.kept.length < (1 << 20) + 70000);
    CHECK(early.dropped > 70);
    capture_start();
    early_log_close(&early, &log, FOREVER);
    char *said = capture_end();
    CHECK(strstr(said, "messages did not fit into memory and are lost") != NULL);
    free(said);
    free(text);
    close(sender);
}

static void whatIsHandedOverIsForgotten(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    static char text[10000];
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 90; i++) {
        CHECK(send(sender, text, sizeof text, 0) == (ssize_t)sizeof text);
        early_log_step(&early, &log);
    }
    int daemon = new_daemon(early.path);
    char byte;
    size_t received = 0;
    for (int i = 0; i < 1000; i++) {
        early_log_step(&early, &log);
        received += recv(daemon, &byte, 1, 0) == 1;
        if (received < 200 && send(sender, text, sizeof text, 0) == (ssize_t)sizeof text)
            CHECK(early.kept.length < 1800000);
    }
    CHECK(received > 200);
    CHECK(early.dropped == 0);
    close(daemon);
    close(sender);
    early_log_close(&early, &log, FOREVER);
}

static void closeHasADeadline(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    for (int i = 0; i < 50; i++) {
        CHECK(send(sender, "line", 4, 0) == 4);
        early_log_step(&early, &log);
    }
    capture_start();
    early_log_close(&early, &log, now_ms());
    char *said = capture_end();
    CHECK(strstr(said, "50 of them were not printed") != NULL);
    free(said);
    close(sender);
}

static void leftoversGoAndTheLivingStay(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    close(new_daemon(early.path));
    early_log_open(&early, &log);
    CHECK(early.socket != -1);
    early_log_close(&early, &log, FOREVER);

    CHECK(symlink("/nowhere/log", early.path) == 0);
    early = new_early();
    CHECK(symlink("/nowhere/log", early.path) == 0);
    early_log_open(&early, &log);
    CHECK(early.socket != -1);
    early_log_close(&early, &log, FOREVER);

    early = new_early();
    int daemon = new_daemon(early.path);
    early_log_open(&early, &log);
    CHECK(early.socket == -1);
    early_log_step(&early, &log);
    early_log_close(&early, &log, FOREVER);
    CHECK(access(early.path, F_OK) == 0);
    close(daemon);
}

static void daemonThatGoesAgainIsWaitedFor(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int sender = new_sender(early.path);
    CHECK(send(sender, "one", 3, 0) == 3);
    close(new_daemon(early.path));
    early_log_step(&early, &log);
    CHECK(early.socket != -1 && early.daemon == -1);
    int daemon = new_daemon(early.path);
    early_log_step(&early, &log);
    char text[8] = "";
    CHECK(recv(daemon, text, sizeof text, 0) == 3);
    CHECK(early.socket == -1);
    close(daemon);
    close(sender);
    early_log_close(&early, &log, FOREVER);
}

static void openedAgainItIsListenedToAgain(void)
{
    struct log log = {0};
    struct early_log early = new_early();
    early_log_open(&early, &log);
    int daemon = new_daemon(early.path);
    early_log_step(&early, &log);
    CHECK(early.socket == -1);
    close(daemon);
    early_log_open(&early, &log);
    CHECK(early.socket != -1);
    struct pollfd fds[EARLY_LOG_FDS];
    CHECK(early_log_poll(&early, fds) > 0 && fds[0].fd == early.socket);
    int sender = new_sender(early.path);
    CHECK(send(sender, "", 0, 0) == 0 && send(sender, "<13>late", 8, 0) == 8);
    early_log_step(&early, &log);
    CHECK(early.kept.length == sizeof(size_t) + 8 + 1);
    capture_start();
    early_log_close(&early, &log, FOREVER);
    free(capture_end());
    close(sender);
}

void test_early_log(void)
{
    openedAgainItIsListenedToAgain();
    handOverKeepsOrderAndLosesNothing();
    handOverToAStreamLosesNothing();
    streamThatBreaksIsBegunAnew();
    closePrintsWhatNobodyTook();
    storeIsBounded();
    whatIsHandedOverIsForgotten();
    closeHasADeadline();
    leftoversGoAndTheLivingStay();
    daemonThatGoesAgainIsWaitedFor();
}
