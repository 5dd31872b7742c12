#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "environment.h"
#include "files.h"

static void put_file(const char *directory, const char *name, const char *content)
{
    char file[600];
    snprintf(file, sizeof file, "%s/%s", directory, name);
    write_file(file, content, strlen(content));
}

/* A place of its own for each test. */
static struct environment new_environment(const char *name)
{
    static char parents[16][512];
    static char directories[16][600];
    static size_t used;
    char *parent = parents[used];
    char *directory = directories[used++];
    snprintf(parent, sizeof parents[0], "%s", path(name));
    snprintf(directory, sizeof directories[0], "%s/container_environment", parent);
    CHECK(mkdir(parent, 0755) == 0 && mkdir(directory, 0700) == 0);
    return (struct environment){
        .directory = directory, .parent = parent, .group_file = "/nowhere", .root = geteuid() == 0};
}

static const char *get(const struct environment *environment, const char *name)
{
    return env_get(&environment->vars, name);
}

static void startWhenBothGiveAValueTakesTheOneFromOutside(void)
{
    struct log log = {0};
    struct environment environment = new_environment("both");
    put_file(environment.directory, "BOTH", "file");
    put_file(environment.directory, "FILE", "two\n\n");
    put_file(environment.directory, "CRLF", "x\r\n");
    put_file(environment.directory, "EMPTY", "");
    put_file(environment.directory, TEMPORARY_PREFIX "1", "left over");
    char *strings[] = {(char[]){"BOTH=outside"}, (char[]){"A=1"}, (char[]){"A=2"}, NULL};
    environment_start(&environment, strings, &log);
    CHECK_TEXT("outside", get(&environment, "BOTH"));
    CHECK_TEXT("two\n", get(&environment, "FILE"));
    CHECK_TEXT("x\r", get(&environment, "CRLF"));
    CHECK_TEXT("", get(&environment, "EMPTY"));
    CHECK_TEXT("1", get(&environment, "A"));
    CHECK(get(&environment, TEMPORARY_PREFIX "1") == NULL);
    CHECK(get(&environment, "PATH") != NULL && get(&environment, "HOME") != NULL);
    char file[700];
    snprintf(file, sizeof file, "%s/BOTH", environment.directory);
    char *content = read_file(file, NULL);
    CHECK_TEXT("outside", content);
    free(content);
    environment_free(&environment);
    log_free(&log);
}

static void refreshTakesWhatScriptsChange(void)
{
    struct log log = {0};
    struct environment environment = new_environment("refresh");
    put_file(environment.directory, "SHELL", "/bin/old");
    char *strings[] = {(char[]){"HOME=/h"}, (char[]){"GONE=1"}, (char[]){"odd/name=1"},
                       (char[]){"SHELL=/bin/given"}, (char[]){"USER=u"}, NULL};
    capture_start();
    environment_start(&environment, strings, &log);
    char file[700];
    snprintf(file, sizeof file, "%s/GONE", environment.directory);
    CHECK(unlink(file) == 0);
    put_file(environment.directory, "NEW", "n\n");
    environment_refresh(&environment, &log);
    CHECK(get(&environment, "GONE") == NULL);
    CHECK_TEXT("n", get(&environment, "NEW"));
    CHECK_TEXT("/h", get(&environment, "HOME"));
    CHECK_TEXT("u", get(&environment, "USER"));
    CHECK_TEXT("1", get(&environment, "odd/name"));
    CHECK_TEXT("/bin/given", get(&environment, "SHELL"));
    put_file(environment.directory, "SHELL", "/bin/new");
    environment_refresh(&environment, &log);
    CHECK_TEXT("/bin/new", get(&environment, "SHELL"));
    environment_refresh(&environment, &log);
    CHECK_TEXT("/bin/new", get(&environment, "SHELL"));
    char *said = capture_end();
    CHECK_TEXT("*** WARNING: variable \"odd/name\" is no name for a shell: it is left out of "
               "container_environment.sh\n", said);
    free(said);
    environment_free(&environment);
    log_free(&log);
}

/* A full disk, played by a limit on the size of files. */
static void whatCannotBeWrittenStaysAsItWasGiven(void)
{
    struct log log = {0};
    struct environment environment = new_environment("full");
    put_file(environment.directory, "BOTH", "file");
    char *strings[] = {(char[]){"BOTH=outside"}, NULL};
    struct rlimit given;
    CHECK(getrlimit(RLIMIT_FSIZE, &given) == 0);
    capture_start();
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, given.rlim_max}) == 0);
    environment_start(&environment, strings, &log);
    CHECK(setrlimit(RLIMIT_FSIZE, &given) == 0);
    signal(SIGXFSZ, SIG_DFL);
    free(capture_end());
    CHECK_TEXT("outside", get(&environment, "BOTH"));
    environment_refresh(&environment, &log);
    CHECK_TEXT("outside", get(&environment, "BOTH"));
    char file[700];
    snprintf(file, sizeof file, "%s/BOTH", environment.directory);
    char *content = read_file(file, NULL);
    CHECK_TEXT("outside", content);
    free(content);
    put_file(environment.directory, "BOTH", "script");
    environment_refresh(&environment, &log);
    CHECK_TEXT("script", get(&environment, "BOTH"));
    environment_free(&environment);
    log_free(&log);
}

static void dumpKeepsModesAndWritesNothingOutside(void)
{
    struct log log = {0};
    struct environment environment = new_environment("modes");
    put_file(environment.parent, "container_environment.sh", "old");
    char file[700];
    snprintf(file, sizeof file, "%s/container_environment.sh", environment.parent);
    CHECK(chmod(file, 0604) == 0);
    char *strings[] = {(char[]){"../outside=1"}, (char[]){"..=1"}, (char[]){"=1"}, NULL};
    capture_start();
    environment_start(&environment, strings, &log);
    free(capture_end());
    struct stat status;
    CHECK(stat(file, &status) == 0 && (status.st_mode & 07777) == 0604);
    snprintf(file, sizeof file, "%s/container_environment.json", environment.parent);
    CHECK(stat(file, &status) == 0 && (status.st_mode & 07777) == 0640);
    CHECK(geteuid() != 0 || status.st_gid == 8377);
    snprintf(file, sizeof file, "%s/outside", environment.parent);
    CHECK(access(file, F_OK) == -1 && errno == ENOENT);
    environment_free(&environment);
    log_free(&log);
}

static void tenThousandVariablesAndAMegabyteAreQuick(void)
{
    struct log log = {0};
    struct environment environment = new_environment("many");
    char name[32];
    for (int i = 0; i < 10000; i++) {
        snprintf(name, sizeof name, "VAR_%d", i);
        put_file(environment.directory, name, name);
    }
    char *large = malloc(1000001);
    if (large == NULL)
        abort();
    memset(large, 'x', 1000000);
    large[1000000] = '\0';
    put_file(environment.directory, "LARGE", large);
    free(large);
    char *strings[] = {NULL};
    clock_t start = clock();
    capture_start();
    environment_start(&environment, strings, &log);
    char **list = env_strings(&environment.vars, &log);
    free(list);
    char *said = capture_end();
    CHECK(strstr(said, "variable LARGE is longer") != NULL);
    free(said);
    CHECK(environment.vars.count == 10003);
    CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 3);
    environment_refresh(&environment, &log);
    CHECK(environment.vars.count == 10003);
    environment_free(&environment);
    log_free(&log);
}

static void moreThanTheKernelTakesIsShrunkQuickly(void)
{
    struct log log = {0};
    struct env env = {0};
    char *value = malloc(2000);
    if (value == NULL)
        abort();
    memset(value, 'x', 2000);
    char name[16];
    for (size_t i = 0; i < 12000; i++) {
        int length = snprintf(name, sizeof name, "odd.%zu", i);
        CHECK(env_append(&env, name, (size_t)length, value, i == 7 ? 10 : 1000 + i % 100));
    }
    env_sort(&env);
    clock_t start = clock();
    capture_start();
    char **list = env_strings(&env, &log);
    char *said = capture_end();
    CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 3);
    size_t total = 0;
    size_t count = 0;
    bool small = false;
    for (; list[count] != NULL; count++) {
        total += strlen(list[count]) + 1 + sizeof(char *);
        small = small || strncmp(list[count], "odd.7=", 6) == 0;
    }
    CHECK(small && count > 50 && count < 12000 && total <= (size_t)6 << 20);
    CHECK(strstr(said, "is kept in the dumps and left out of programs") != NULL);
    free(said);
    free(list);
    free(value);
    env_free(&env);
    log_free(&log);
}

/* However small the stack may be, the kernel takes a longest string's worth, the arguments included. */
static void smallStackLeavesRoomForArguments(void)
{
    struct rlimit given;
    CHECK(getrlimit(RLIMIT_STACK, &given) == 0);
    struct rlimit small = {256 << 10, given.rlim_max};
    struct env env = {0};
    struct log log = {0};
    char name[16];
    char text[1000];
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "V%d", i);
        CHECK(env_put(&env, name, text, sizeof text));
    }
    static char argument[50000];
    memset(argument, 'a', sizeof argument - 1);
    char shell[] = "/bin/true";
    char *arguments[] = {shell, argument, NULL};
    capture_start();
    CHECK(setrlimit(RLIMIT_STACK, &small) == 0);
    char **list = env_strings(&env, &log);
    pid_t pid = fork();
    if (pid == 0) {
        execve(shell, arguments, list);
        _exit(9);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(setrlimit(RLIMIT_STACK, &given) == 0);
    free(capture_end());
    CHECK(status == 0);
    free(list);
    env_free(&env);
    log_free(&log);
}

/* No descriptor is left for the file: that says nothing of what it holds. */
static void variableOfAnUnreadableFileStays(void)
{
    struct log log = {0};
    struct environment environment = new_environment("unreadable");
    put_file(environment.directory, "A", "a");
    put_file(environment.directory, "B", "b");
    char *strings[] = {NULL};
    capture_start();
    environment_start(&environment, strings, &log);
    struct rlimit given;
    CHECK(getrlimit(RLIMIT_NOFILE, &given) == 0);
    int next = dup(STDIN_FILENO);
    CHECK(next != -1 && close(next) == 0);
    /* One for the directory, none for what is in it. */
    struct rlimit few = {(rlim_t)next + 1, given.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    environment_refresh(&environment, &log);
    CHECK(setrlimit(RLIMIT_NOFILE, &given) == 0);
    CHECK_TEXT("a", get(&environment, "A"));
    char file[700];
    snprintf(file, sizeof file, "%s/A", environment.directory);
    CHECK(unlink(file) == 0);
    environment_refresh(&environment, &log);
    CHECK_TEXT("b", get(&environment, "B"));
    environment_refresh(&environment, &log);
    put_file(environment.directory, "B", "new");
    environment_refresh(&environment, &log);
    CHECK_TEXT("new", get(&environment, "B"));
    free(capture_end());
    environment_free(&environment);
    log_free(&log);
}

static void secondsAreReadOrReplaced(void)
{
    static const struct {
        const char *text;
        int64_t milliseconds;
    } cases[] = {{"0", 0},       {"5", 5000},    {"007", 7000},          {"0.25", 250},
                 {"1.5009", 1500}, {"", 9000},   {"-1", 9000},           {"5s", 9000},
                 {" 5", 9000},   {".5", 500},    {"5.", 5000},           {".", 9000},
                 {"..5", 9000},  {"1.2.3", 9000}, {"99999999999999999999", 31536000000}};
    struct environment environment = {0};
    struct log log = {0};
    capture_start();
    CHECK(environment_seconds(&environment, "T", 9, &log) == 9000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(env_put(&environment.vars, "T", cases[i].text, strlen(cases[i].text)));
        CHECK(environment_seconds(&environment, "T", 9, &log) == cases[i].milliseconds);
    }
    free(capture_end());
    environment_free(&environment);
    log_free(&log);
}

static void namesThatAreNoFiles(void)
{
    char name[258];
    memset(name, 'n', sizeof name - 1);
    name[257] = '\0';
    CHECK(!can_be_filed("") && !can_be_filed(".") && !can_be_filed("..") && !can_be_filed("a/b"));
    CHECK(!can_be_filed(name) && !can_be_filed(TEMPORARY_PREFIX));
    CHECK(can_be_filed("A") && can_be_filed("..data") && can_be_filed(".x") &&
          can_be_filed("a b\n"));
}

static void listIsSortedAndFirstOfEqualsStays(void)
{
    struct env env = {0};
    CHECK(env_append(&env, "b", 1, "1", 1) && env_append(&env, "a", 1, "2", 1) &&
          env_append(&env, "b", 1, "3", 1));
    env_sort(&env);
    CHECK(env.count == 2);
    CHECK_TEXT("1", env_get(&env, "b"));
    CHECK(env_put(&env, "aa", "4", 1) && env_put(&env, "b", "5", 1));
    CHECK(env.count == 3);
    CHECK_TEXT("aa=4", env.vars[1]->text);
    CHECK_TEXT("5", env_get(&env, "b"));
    CHECK(env_get(&env, "c") == NULL);
    env_free(&env);
}

void test_environment(void)
{
    listIsSortedAndFirstOfEqualsStays();
    namesThatAreNoFiles();
    secondsAreReadOrReplaced();
    smallStackLeavesRoomForArguments();
    variableOfAnUnreadableFileStays();
    startWhenBothGiveAValueTakesTheOneFromOutside();
    refreshTakesWhatScriptsChange();
    dumpKeepsModesAndWritesNothingOutside();
    whatCannotBeWrittenStaysAsItWasGiven();
    moreThanTheKernelTakesIsShrunkQuickly();
    tenThousandVariablesAndAMegabyteAreQuick();
}
