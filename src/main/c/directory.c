#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "environment.h"
#include "files.h"

enum { LARGEST_VALUE = 16 << 20 };

bool can_be_filed(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= NAME_MAX && strchr(name, '/') == NULL &&
           strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
           strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) != 0;
}

static void refuse(struct log *log, const char *path, const char *name, const char *why)
{
    log_warn_once(log, "%s/%s is not taken as a variable: %s", path, name, why);
}

/* What cannot be read for a moment has not been removed. */
static void refuse_unread(struct log *log, const char *path, const char *name, struct env *out)
{
    int problem = errno;
    refuse(log, path, name, strerror(problem));
    if (problem != ENOENT && problem != ENOTDIR && problem != ELOOP && problem != EFBIG &&
        env_append(out, name, strlen(name), "", 0))
        out->vars[out->count - 1]->unread = true;
}

/* The value without one trailing newline. */
static void take(const struct buffer *content, const char *path, const char *name,
                 struct env *out, struct log *log)
{
    size_t length = content->length;
    if (length > 0 && content->data[length - 1] == '\n')
        length--;
    if (length > 0 && memchr(content->data, '\0', length) != NULL)
        refuse(log, path, name, "it holds a NUL byte");
    else if (!env_append(out, name, strlen(name), length > 0 ? content->data : "", length))
        refuse(log, path, name, strerror(ENOMEM));
}

static void read_entry(int directory, const char *path, const char *name, struct buffer *content,
                       struct env *out, struct log *log)
{
    struct stat status;
    if (fstatat(directory, name, &status, 0) == -1) {
        /* A dangling link is no mistake of the user's: Kubernetes leaves such behind. */
        if (errno != ENOENT)
            refuse_unread(log, path, name, out);
        return;
    }
    if (!S_ISREG(status.st_mode))
        return;
    if (strchr(name, '=') != NULL) {
        refuse(log, path, name, "its name holds a '='");
        return;
    }
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd == -1) {
        refuse_unread(log, path, name, out);
        return;
    }
    content->length = 0;
    if (read_all(fd, LARGEST_VALUE, content))
        take(content, path, name, out, log);
    else
        refuse_unread(log, path, name, out);
    close(fd);
    if (content->failed)
        buffer_free(content);
}

bool directory_read(const char *path, struct env *out, struct log *log)
{
    DIR *directory = opendir(path);
    if (directory == NULL)
        return false;
    struct buffer content = {0};
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (entry == NULL)
            break;
        if (can_be_filed(entry->d_name))
            read_entry(dirfd(directory), path, entry->d_name, &content, out, log);
    }
    int problem = errno;
    closedir(directory);
    buffer_free(&content);
    env_sort(out);
    for (size_t i = 0; i < out->count; i++)
        out->vars[i]->filed = true;
    errno = problem;
    return problem == 0;
}
