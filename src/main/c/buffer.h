/* A growing run of bytes. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    bool failed; /* memory ran out; the content is not to be used */
};

bool buffer_reserve(struct buffer *buffer, size_t extra);
void buffer_add(struct buffer *buffer, const char *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_byte(struct buffer *buffer, char byte);
void buffer_free(struct buffer *buffer);

#endif
