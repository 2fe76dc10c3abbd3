"""Counts how often it was started, and keeps the count beside the code."""
import json
import logging
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
STATE = HOME / "state"

(HOME / "log").mkdir(exist_ok=True)
logging.basicConfig(filename="log/counter.log", level=logging.INFO)


def main():
    STATE.mkdir(exist_ok=True)
    file = STATE / "count.json"
    count = json.loads(file.read_text())["count"] if file.exists() else 0
    file.write_text(json.dumps({"count": count + 1}))
    logging.info("count %d", count + 1)
    print(f"started {count + 1} times")


main()
