#!/bin/sh
# What only an engine can show: docker stop, terminals, restarts, hardened runs.
#   engine.sh IMAGE DIRECTORY
set -u
image=$1 directory=$2
passed=0 failed=0

is() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1: expected '$2', got '$3'"
    fi
}
below() {
    if [ "$3" -lt "$2" ]; then is '' '' ''; else is "$1" "below $2" "$3"; fi
}
# holds NAME TEXT PATTERN...
holds() {
    name=$1 text=$2
    shift 2
    for pattern; do
        case $text in
        *"$pattern"*) is '' '' '' ;;
        *) is "$name" "...$pattern..." "$text" ;;
        esac
    done
}
now() { echo $(($(date +%s%N) / 1000000)); }
run() {
    docker run -v "$directory/my_init:/sbin/my_init:ro" -v "$directory/setuser:/sbin/setuser:ro" "$@"
}
# A prelude for `sh -c`: the syslog service of the test image.
syslog='mkdir -p /etc/service/syslog; cp /usr/share/drive/syslog.run /etc/service/syslog/run
    touch /etc/service/syslog/provides-dev-log'

# timed_stop NAME LIMIT CONTAINER
timed_stop() {
    sleep 1.5
    start=$(now)
    docker stop "$3" >/dev/null
    took=$(($(now) - start))
    echo "     $1: $took ms"
    below "$1, ms" "$2" "$took"
    is "$1" 0 "$(docker inspect -f '{{.State.ExitCode}}' "$3")"
    docker rm "$3" >/dev/null
}

timed_stop 'STOP idle without services' 500 "$(run -d "$image")"
timed_stop 'STOP with syslog' 800 "$(run -d "$image" sh -c "$syslog; exec my_init --quiet")"

# LOG-4: the second life finds what the first, killed, has left.
container=$(run -d "$image" sh -c "$syslog
    printf '#!/bin/sh\nlogger life.\n' >/etc/my_init.d/1; chmod 755 /etc/my_init.d/1; exec my_init")
# lives NUMBER: waits until so many lives have logged
lives() {
    end=$(($(now) + 10000))
    while [ "$(now)" -lt $end ] && [ "$(docker exec "$container" grep -c life. /var/log/syslog 2>&1)" != "$1" ]; do sleep 0.1; done
    docker exec "$container" grep -c life. /var/log/syslog
}
is 'LOG-4 first life' 1 "$(lives 1)"
docker kill "$container" >/dev/null
docker start "$container" >/dev/null
is 'LOG-4 docker restart' 2 "$(lives 2)"
docker rm -f "$container" >/dev/null

for signal in INT TERM; do
    container=$(run -d "$image" my_init -- sleep 1000)
    sleep 1
    docker kill -s $signal "$container" >/dev/null
    is "PID1-4 $signal" 143 "$(docker wait "$container")"
    docker rm "$container" >/dev/null
done

# A one-shot on stdout and stderr apart, with a daemon that runs and logs.
is 'SVC-5' only "$(run --rm "$image" sh -c "$syslog; exec my_init --quiet -- sh -c 'logger x; echo only'" 2>/dev/null)"

text=$(run --rm -e X=y --read-only --tmpfs /run --tmpfs /tmp --tmpfs /var/log "$image" \
    my_init -- sh -c 'cat /run/container_environment.sh; stat -c %a:%n /run/container_environment*; cat /run/container_environment/X' 2>&1)
holds HARD-1 "$text" "export X='y'" '700:/run/container_environment' \
    '640:/run/container_environment.sh' 'is dumped to /run/container_environment'
is 'HARD-1 one warning' 1 "$(echo "$text" | grep -c WARNING)"
# What an earlier life has left in /run stays there with a volume; only the new environment counts.
volume=$(docker volume create)
run --rm -v "$volume:/run" "$image" sh -c 'mkdir -m 700 /run/container_environment; cd /run/container_environment; echo old >STALE; echo old >HOME; echo old >X; mkdir D'
# shellcheck disable=SC2016
text=$(run --rm -e X=y --read-only -v "$volume:/run" --tmpfs /etc/my_init.d:exec "$image" \
    sh -c 'printf "#!/bin/sh\n" >/etc/my_init.d/1; chmod 755 /etc/my_init.d/1; exec my_init -- sh -c "echo \$X,\$STALE,\$HOME; ls /run/container_environment"' 2>&1)
holds 'HARD-1 a second life' "$text" 'y,,/root'
is 'HARD-1 a second life, old files' 0 "$(echo "$text" | grep -cx STALE)"
docker volume rm "$volume" >/dev/null
text=$(run --rm --read-only "$image" my_init -- echo finished 2>&1)
holds 'HARD-1 no /run either' "$text" 'is not dumped' finished
# runsv needs a place for its state: a link into /run gives it one, whose parents are made.
made=$(docker build -q - 2>/dev/null <<D
FROM $image
RUN mkdir -p /etc/service/a && printf '#!/bin/sh\ntouch /tmp/up; exec sleep 1000\n' >/etc/service/a/run && chmod 755 /etc/service/a/run && ln -s /run/runit/supervise/a /etc/service/a/supervise
D
)
# shellcheck disable=SC2016
text=$(run --rm --read-only --tmpfs /run --tmpfs /tmp "${made##*
}" my_init -- sh -c 'i=0; until [ -e /tmp/up ] || [ $i -gt 100 ]; do sleep 0.05; i=$((i + 1)); done; ls /tmp; sv status a' 2>&1)
holds 'HARD-1 services' "$text" up 'run: a:'
docker rmi "${made##*
}" >/dev/null

text=$(run --rm --user 1000 "$image" my_init -- sh -c 'id -u; exit 3' 2>&1)
is 'HARD-2 status' 3 "$(run --rm --user 1000 "$image" my_init -- sh -c 'exit 3' >/dev/null 2>&1; echo $?)"
holds HARD-2 "$text" 1000 'not root'

# No process can be had but process 1.
start=$(now)
text=$(run --rm --pids-limit 1 "$image" my_init -- echo never 2>&1; echo "status $?")
holds 'no more processes' "$text" 'cannot be started: Resource temporarily unavailable' 'status 1'
below 'no more processes, ms' 4000 $(($(now) - start))

container=$(run -d --cap-drop ALL --security-opt no-new-privileges "$image" sh -c "$syslog; exec my_init")
sleep 2
docker exec "$container" logger hardened
sleep 0.5
is 'HARD-3 logs' 1 "$(docker exec "$container" grep -c hardened /var/log/syslog)"
timed_stop 'HARD-3 stops' 800 "$container"

# A terminal: Python plays the user.
text=$(python3 - "$image" "$directory" <<'P'
import os, pty, re, select, subprocess, sys, time
image, directory = sys.argv[1:]

def session(*command, name):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp("docker", ["docker", "run", "--name", name, "-ti", "-v", directory + "/my_init:/sbin/my_init:ro", image, *command])
    return pid, fd

def read_until(fd, pattern, seconds=8):
    text, end = "", time.time() + seconds
    while time.time() < end:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            text += data.decode(errors="replace")
            if re.search(pattern, text):
                break
    return text

def send(fd, text):
    os.write(fd, text.encode())

def docker(*arguments):
    return subprocess.run(["docker", *arguments], capture_output=True, text=True).stdout.strip()

name = "drive-terminal-%d" % os.getpid()
pid, fd = session("my_init", "--", "bash", "-l", name=name)
first = read_until(fd, r"[#$] $")
print("job control warning:", "cannot set terminal" in first or "no job control" in first)
send(fd, "sleep 500\r"); time.sleep(0.5)
send(fd, "\x03"); send(fd, "echo after-$((40+2))\r")
print("Ctrl-C ends the job only:", "after-42" in read_until(fd, "after-42"))
send(fd, "sleep 501\r"); time.sleep(0.5)
send(fd, "\x1a"); read_until(fd, "Stopped")
send(fd, "bg\r"); read_until(fd, "sleep 501 &"); send(fd, "jobs\r")
print("bg:", "Running" in read_until(fd, "Running"))
send(fd, "fg\r"); time.sleep(0.3); send(fd, "\x03"); send(fd, "echo back-$((40+3))\r")
print("fg:", "back-43" in read_until(fd, "back-43"))
send(fd, "ps -o pgid=,tpgid=,sid=,comm= -p 1,$$\r"); read_until(fd, "bash")
start = time.time()
docker("stop", name); print("docker stop of a shell, quick:", time.time() - start < 1.5)
print("status:", docker("inspect", "-f", "{{.State.ExitCode}}", name))
docker("rm", "-f", name); os.waitpid(pid, 0)

pid, fd = session("my_init", "--", "bash", "-l", name=name)
read_until(fd, r"[#$] $"); send(fd, "exit 7\r"); read_until(fd, "Killing all")
print("exit:", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])); docker("rm", "-f", name)

pid, fd = session("my_init", "--", "cat", name=name)
read_until(fd, "Running cat"); time.sleep(0.3); send(fd, "\x1a"); time.sleep(0.2); send(fd, "hello\r")
print("Ctrl-Z without a shell:", read_until(fd, "hello\r\nhello").count("hello") >= 2)
send(fd, "\x03")
print("Ctrl-C without a shell:", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])); docker("rm", "-f", name)

pid, fd = session("my_init", "--", "sh", "-c", "trap 'echo caught' INT; echo ready; while :; do read x && echo got-$x; done", name=name)
read_until(fd, r"\nready"); send(fd, "\x03"); read_until(fd, "caught"); send(fd, "z\r")
print("Ctrl-C is the command's:", "got-z" in read_until(fd, "got-z"))
docker("rm", "-f", name); os.waitpid(pid, 0)

pid, fd = session("my_init", name=name)
read_until(fd, "Runit started"); time.sleep(0.3); send(fd, "\x03")
print("Ctrl-C without a command:", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])); docker("rm", "-f", name)
P
)
# A shell of docker exec, which ignores TERM and is no child of process 1.
container=$(run -d "$image")
sleep 1
text=$text$(python3 - "$container" <<'P'
import os, pty, subprocess, sys, time
container = sys.argv[1]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("docker", ["docker", "exec", "-ti", container, "bash"])
seen = ""
while not seen.rstrip(" \x1b[?2004lh").endswith(("#", "$")):
    seen += os.read(fd, 65536).decode(errors="replace")
start = time.time()
subprocess.run(["docker", "stop", container], capture_output=True)
took = time.time() - start
print("\ndocker stop with a shell of docker exec, quick:", took < 1.5, round(took, 2))
P
)
is 'STOP with a shell of docker exec' 0 "$(docker inspect -f '{{.State.ExitCode}}' "$container")"
docker rm -f "$container" >/dev/null

for line in 'docker stop with a shell of docker exec, quick: True' 'job control warning: False' 'Ctrl-C ends the job only: True' 'bg: True' 'fg: True' \
    'docker stop of a shell, quick: True' 'exit: 7' 'Ctrl-Z without a shell: True' \
    'Ctrl-C without a shell: 130' "Ctrl-C is the command's: True" 'Ctrl-C without a command: 0'; do
    holds 'SVC-4 terminal' "$text" "$line"
done
echo "     $(echo "$text" | grep status:)"
echo "counts $passed $failed"
