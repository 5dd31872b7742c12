#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t passed_count;
size_t failed_count;
static char root[64];
static int real_stderr = -1;

void check(bool passed, const char *file, int line, const char *text)
{
    if (passed) {
        passed_count++;
        return;
    }
    failed_count++;
    printf("%s:%d: %s\n", file, line, text);
}

void check_text(const char *expected, const char *got, const char *file, int line)
{
    bool same = got != NULL && strcmp(expected, got) == 0;
    check(same, file, line, "texts differ");
    if (!same)
        printf("  expected: %s\n  got:      %s\n", expected, got != NULL ? got : "(nothing)");
}

const char *path(const char *name)
{
    static char turning[8][512];
    static size_t turn;
    char *text = turning[turn++ % 8];
    snprintf(text, sizeof turning[0], "%s/%s", root, name);
    return text;
}

void write_file(const char *file, const char *content, size_t length)
{
    FILE *stream = fopen(file, "w");
    if (stream == NULL || fwrite(content, 1, length, stream) != length || fclose(stream) != 0)
        abort();
}

char *read_file(const char *file, size_t *length)
{
    struct stat status;
    FILE *stream = fopen(file, "r");
    if (stream == NULL)
        return NULL;
    if (fstat(fileno(stream), &status) == -1)
        abort();
    char *content = calloc((size_t)status.st_size + 1, 1);
    if (content == NULL)
        abort();
    size_t got = fread(content, 1, (size_t)status.st_size, stream);
    if (length != NULL)
        *length = got;
    fclose(stream);
    return content;
}

void capture_start(void)
{
    fflush(stderr);
    real_stderr = dup(STDERR_FILENO);
    int fd = open(path("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (real_stderr == -1 || fd == -1 || dup2(fd, STDERR_FILENO) == -1)
        abort();
    close(fd);
}

char *capture_end(void)
{
    if (dup2(real_stderr, STDERR_FILENO) == -1)
        abort();
    close(real_stderr);
    return read_file(path("stderr"), NULL);
}

void make_directory(const char *where)
{
    snprintf(root, sizeof root, "%s/my_init_test.XXXXXX", where);
    if (mkdtemp(root) == NULL)
        abort();
}

bool remove_directory(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command) == 0;
}
