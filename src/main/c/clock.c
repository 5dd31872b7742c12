#include "clock.h"

int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) == -1)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}
