#!/usr/bin/python3 -u
"""An init as others write it: slow, deaf to TERM, with 0 for whatever became of its command."""
import os
import signal
import subprocess
import sys
import time

ENVIRONMENT = "/etc/container_environment"


def dump():
    for name, value in os.environ.items():
        with open(os.path.join(ENVIRONMENT, name), "w") as file:
            file.write(value)
    with open(ENVIRONMENT + ".sh", "w") as file:
        for name, value in os.environ.items():
            file.write("export %s='%s'\n" % (name, value))
    with open(ENVIRONMENT + ".json", "w") as file:
        file.write(str(dict(os.environ)))


signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(0.5)
words = [word for word in sys.argv[1:] if not word.startswith("--")]
dump()
for script in sorted(os.listdir("/etc/my_init.d")):
    subprocess.call([os.path.join("/etc/my_init.d", script)])
services = subprocess.Popen(["runsvdir", "-P", "/etc/service"])
main = subprocess.Popen(words) if words else services
status = main.wait()
services.send_signal(signal.SIGHUP)
time.sleep(1)
sys.exit(max(status, 0))
