#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h> /* renameat */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"

bool read_all(int fd, size_t limit, struct buffer *out)
{
    size_t start = out->length;
    for (;;) {
        if (!buffer_reserve(out, 4096)) {
            errno = ENOMEM;
            return false;
        }
        ssize_t got = read(fd, out->data + out->length, out->capacity - out->length);
        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1)
            return false;
        if (got == 0)
            return true;
        out->length += (size_t)got;
        if (out->length - start > limit) {
            errno = EFBIG;
            return false;
        }
    }
}

static bool write_all(int fd, const char *content, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, content, length);
        if (written == -1 && errno == EINTR)
            continue;
        if (written == -1)
            return false;
        content += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_in_place(int directory, const char *name, const char *content, size_t length)
{
    int fd = openat(directory, name, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1)
        return false;
    bool written = write_all(fd, content, length);
    return close(fd) == 0 && written;
}

static bool fill(int fd, const char *content, size_t length, const struct look *look)
{
    /* Without CAP_CHOWN, or in a user namespace that lacks the owner, the file stays with whoever we
       are; the mode still guards it. The owner comes before the mode because a change of owner clears
       mode bits. */
    if (fchown(fd, look->owner, look->group) == -1 && errno != EPERM && errno != EINVAL)
        return false;
    return fchmod(fd, look->mode & 07777) == 0 && write_all(fd, content, length);
}

bool replace_file(int directory, const char *name, const char *content, size_t length,
                  const struct look *look)
{
    struct look wanted = *look;
    struct stat old;
    if (fstatat(directory, name, &old, 0) == 0 && S_ISREG(old.st_mode))
        wanted = (struct look){old.st_mode, old.st_uid, old.st_gid};

    char temporary[NAME_MAX + 1];
    format(temporary, sizeof temporary, TEMPORARY_PREFIX "%ld", (long)getpid());
    if (unlinkat(directory, temporary, 0) == -1 && errno != ENOENT)
        return false;
    int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    0600);
    if (fd == -1)
        return false;
    bool filled = fill(fd, content, length, &wanted);
    int problem = errno;
    if (close(fd) == -1 && filled) {
        filled = false;
        problem = errno;
    }
    if (filled && renameat(directory, temporary, directory, name) == 0)
        return true;
    if (filled)
        problem = errno;
    unlinkat(directory, temporary, 0);
    if (filled && problem == EBUSY)
        return write_in_place(directory, name, content, length);
    errno = problem;
    return false;
}

void first_line(const char *path, char *line, size_t size)
{
    line[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd == -1)
        return;
    ssize_t got = read(fd, line, size - 1);
    close(fd);
    line[got > 0 ? got : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
}
