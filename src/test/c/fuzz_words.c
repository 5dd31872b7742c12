#include "fuzz.h"

#include <stdint.h>
#include <string.h>

static uint64_t state;

void fuzz_seed(unsigned long seed)
{
    state = seed * 0x9e3779b97f4a7c15U + 1;
}

size_t fuzz_below(size_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)((state >> 11) % limit);
}

/* What shells, JSON, file systems and encodings hold dear. */
static const char *const pieces[] = {
    "'", "''", "'\\''", "\"", "\\", "\\\\", "$", "${x}", "$(id)", "`id`", "\n", "\n\n", "\r\n",
    "\t", " ", "  ", "!", "#", "&", ";", "|", "<", ">", "*", "?", "[", "]", "~", "=", "\001",
    "\033[0m", "\177", "\b", "\f", "/", "//", ".", "..", "../", "-", "--", "export A='b'", "\\n",
    "\\u0000", "{", "}", ",", ":", "null", "0", "x", "PATH", "\303\244", "\342\202\254",
    "\360\237\220\247", "\303", "\342\202", "\360\237\220", "\300\200", "\340\200\200",
    "\340\237\277", "\355\240\200", "\355\237\277", "\356\200\200", "\360\200\200\200",
    "\360\217\277\277", "\364\217\277\277", "\364\220\200\200", "\365", "\376", "\377", "\200",
    "\277", "\357\273\277", "\357\277\275", "\342\200\250",
};

/* Names that mean something to a shell, to my_init or to the file system. */
static const char *const names[] = {
    "A", "B", "C", "D", "E", "F", "_", "_1", "a.b", "a-b", "1a", "", " ", ".", "..", "..data",
    "../x", "a/b", "HOME", "USER", "GROUP", "UID", "GID", "SHELL", "PATH", "PWD", "OLDPWD", "IFS",
    "PS1", "PS2", "PS4", "ENV", "BASH_ENV", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO", "PPID",
    "EUID", "OPTIND", "OPTARG", "OPTERR", "LINENO", "RANDOM", "SRANDOM", "SECONDS", "SHLVL",
    "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID", "BASH_ARGV0", "BASH_COMPAT", "BASH_XTRACEFD",
    "BASH_SUBSHELL", "BASH_COMMAND", "BASH_VERSION", "BASH_SOURCE", "BASH_LINENO", "BASH_REMATCH",
    "BASH_ALIASES", "BASH_CMDS", "BASH_ARGC", "BASH_ARGV", "BASH_LOADABLES_PATH",
    "BASH_EXECUTION_STRING", "PIPESTATUS", "FUNCNAME", "FUNCNEST", "GROUPS", "DIRSTACK",
    "HISTCMD", "HISTCONTROL", "HISTFILE", "HISTSIZE", "HISTFILESIZE", "HISTIGNORE",
    "HISTTIMEFORMAT", "HOSTNAME", "HOSTFILE", "IGNOREEOF", "ignoreeof", "INPUTRC", "COLUMNS",
    "LINES", "LANG", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LANGUAGE", "TEXTDOMAIN", "MAIL",
    "MAILPATH", "MAILCHECK", "MACHTYPE", "OSTYPE", "POSIXLY_CORRECT", "GLOBIGNORE",
    "EXECIGNORE", "FIGNORE", "TERM", "TIMEFORMAT", "TMOUT", "TMPDIR", "TZ", "CDPATH", "CHILD_MAX",
    "COMP_WORDBREAKS", "COPROC", "EMACS", "INSIDE_EMACS", "FCEDIT", "READLINE_LINE",
    "READLINE_POINT", "REPLY", "MAPFILE", "PROMPT_COMMAND", "auto_resume", "histchars",
    "KILL_PROCESS_TIMEOUT", "container_environment.sh", ".my_init.new.1", "export", "local",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void mix(struct buffer *out, size_t longest, bool nul)
{
    for (size_t left = fuzz_below(longest + 1); left > 0; left--) {
        if (fuzz_below(3) > 0)
            buffer_text(out, pieces[fuzz_below(COUNT(pieces))]);
        else
            buffer_byte(out, (char)(nul ? fuzz_below(256) : 1 + fuzz_below(255)));
    }
}

void fuzz_name(struct buffer *out)
{
    out->length = 0;
    if (fuzz_below(4) > 0)
        buffer_text(out, names[fuzz_below(COUNT(names))]);
    else
        mix(out, fuzz_below(40) == 0 ? 300 : 4, false);
    for (size_t i = 0; i < out->length; i++)
        if (out->data[i] == '=')
            out->data[i] = '_';
    buffer_byte(out, '\0');
}

void fuzz_value(struct buffer *out, bool nul)
{
    static const size_t longest[] = {0, 1, 2, 4, 8, 16, 64, 256, 5000};
    out->length = 0;
    mix(out, longest[fuzz_below(fuzz_below(50) == 0 ? COUNT(longest) : COUNT(longest) - 2)], nul);
    buffer_byte(out, '\0');
}
