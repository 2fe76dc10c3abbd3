"""Takes jobs from queue/todo, writes results to queue/done, until SIGTERM or, where
WORKER_IDLE_EXIT is set to a number of seconds, until there was nothing to do for so long."""
import json
import os
import signal
import time
from pathlib import Path

from .jobs import run

QUEUE = Path("queue")
stopping = False


def stop(signum, frame):
    global stopping
    print("stopping after this job")
    stopping = True


def work_off():
    """Does what is there; tells how many jobs that were."""
    jobs = sorted((QUEUE / "todo").glob("*.json"))
    for job in jobs:
        result = run(json.loads(job.read_text()))
        (QUEUE / "done").mkdir(exist_ok=True)
        (QUEUE / "done" / job.name).write_text(json.dumps(result))
        job.unlink()
        print(f"{job.stem}: {result}")
        if stopping:
            break
    return len(jobs)


def main():
    signal.signal(signal.SIGTERM, stop)
    idle = float(os.environ.get("WORKER_IDLE_EXIT", "2"))
    last = time.monotonic()
    while not stopping:
        if work_off():
            last = time.monotonic()
        elif idle and time.monotonic() - last > idle:
            print("nothing left to do")
            break
        else:
            time.sleep(0.2)


main()
