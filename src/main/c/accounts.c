#include "accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

enum { LARGEST_FILE = 16 << 20 };

static bool read_file(const char *file, struct buffer *content)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd == -1)
        return false;
    bool read = read_all(fd, LARGEST_FILE, content);
    int problem = errno;
    close(fd);
    buffer_byte(content, '\0');
    errno = content->failed ? ENOMEM : problem;
    return read && !content->failed;
}

/* Cuts off what stands before the next mark, or all that is left. NULL: nothing is left. */
static char *cut(char **rest, char mark)
{
    char *start = *rest;
    char *end = start != NULL ? strchr(start, mark) : NULL;
    if (end != NULL)
        *end++ = '\0';
    *rest = end;
    return start;
}

/* The largest of all numbers means "none" to the kernel. */
static bool read_id(const char *text, uint32_t *id)
{
    uint64_t number = 0;
    if (text == NULL || *text == '\0')
        return false;
    for (; *text >= '0' && *text <= '9' && number < UINT32_MAX; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    *id = (uint32_t)number;
    return *text == '\0' && number < UINT32_MAX;
}

/* name:password:user:group:about:home:shell */
static bool parse_user(char *line, struct account *account)
{
    account->name = cut(&line, ':');
    (void)cut(&line, ':');
    bool numbers = read_id(cut(&line, ':'), &account->user);
    numbers = read_id(cut(&line, ':'), &account->group) && numbers;
    (void)cut(&line, ':');
    account->home = cut(&line, ':');
    return numbers && *account->name != '\0' && account->home != NULL;
}

bool account_find(const char *file, const char *wanted, struct account *account)
{
    struct account best = {0};
    struct account found = {0};
    uint32_t number;
    bool is_number = read_id(wanted, &number);
    *account = (struct account){0};
    if (!read_file(file, &account->content))
        return false;
    errno = 0;
    char *rest = account->content.data;
    for (char *line = cut(&rest, '\n'); line != NULL; line = cut(&rest, '\n')) {
        bool good = parse_user(line, &found);
        if (good && strcmp(found.name, wanted) == 0) {
            best = found;
            break;
        }
        if (good && is_number && found.user == number && best.name == NULL)
            best = found;
    }
    best.content = account->content;
    *account = best;
    return best.name != NULL;
}

static void add(struct buffer *groups, gid_t group)
{
    for (size_t at = 0; at < groups->length; at += sizeof group)
        if (memcmp(groups->data + at, &group, sizeof group) == 0)
            return;
    buffer_add(groups, (const char *)&group, sizeof group);
}

static bool lists(char *members, const char *name)
{
    for (char *member = cut(&members, ','); member != NULL; member = cut(&members, ','))
        if (strcmp(member, name) == 0)
            return true;
    return false;
}

bool account_groups(const char *file, const struct account *account, struct buffer *groups)
{
    struct buffer content = {0};
    bool read = read_file(file, &content) || errno == ENOENT;
    int problem = errno;
    char *rest = read ? content.data : NULL;
    add(groups, account->group);
    /* name:password:group:members */
    for (char *line = cut(&rest, '\n'); line != NULL; line = cut(&rest, '\n')) {
        gid_t group;
        (void)cut(&line, ':');
        (void)cut(&line, ':');
        if (read_id(cut(&line, ':'), &group) && lists(line, account->name))
            add(groups, group);
    }
    buffer_free(&content);
    errno = groups->failed ? ENOMEM : problem;
    return read && !groups->failed;
}

bool group_find(const char *file, const char *name, gid_t *group)
{
    struct buffer content = {0};
    char *rest = read_file(file, &content) ? content.data : NULL;
    bool found = false;
    for (char *line = cut(&rest, '\n'); line != NULL && !found; line = cut(&rest, '\n')) {
        found = strcmp(cut(&line, ':'), name) == 0;
        (void)cut(&line, ':');
        found = found && read_id(cut(&line, ':'), group);
    }
    buffer_free(&content);
    return found;
}
