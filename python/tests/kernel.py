"""Runs code in a Jupyter kernel, as a front end does, and prints what it sent to the cell:

    python kernel.py CODE watched|unwatched

writes a JSON list of what arrived on sys.stdout, message by message. A front end that nobody
watches tells the kernel that nobody answers input().
"""

import json
import sys

from jupyter_client.manager import start_new_kernel


def main():
    code, watched = sys.argv[1], sys.argv[2] == "watched"
    manager, client = start_new_kernel()
    texts = []

    def receive(message):
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            texts.append(content["text"])
        elif message["msg_type"] == "error":
            sys.exit("\n".join(content["traceback"]))
    try:
        client.execute_interactive(code, allow_stdin=watched, output_hook=receive, timeout=120)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(json.dumps(texts))


if __name__ == "__main__":
    main()
