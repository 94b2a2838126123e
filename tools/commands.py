"""The commands of the Makefile: which module does which, and how each ends."""

import importlib
import os
import sys

from tools import say
from tools.say import Refusal

# command -> (module, function); the modules of other rooms may not be there yet.
COMMANDS = {
    "run": ("tools.run", "run"),
    "dev": ("tools.run", "dev"),
    "shell": ("tools.shell", "shell"),
    "audit": ("tools.audit", "audit"),
    "upgrade": ("tools.upgrade", "upgrade"),
    "stop": ("tools.stop", "stop"),
    "clean": ("tools.stop", "clean"),
    "nfc-bridge": ("tools.bridge", "bridge"),
    "test": ("tools.testing", "main"),
    "soak": ("tools.testing", "soak"),
    "lint": ("tools.lint", "main"),
    "bench": ("tools.bench", "main"),
    "simulate": ("tools.simulate", "main"),
}


def run(words):
    """Run one command and return its exit code; a refusal is one sentence and code 2."""
    os.umask(0o022)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)
    try:
        return _dispatch(words)
    except Refusal as refusal:
        sys.stdout.flush()
        print(refusal, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _dispatch(words):
    if not words or words[0] not in COMMANDS:
        raise Refusal(f"Commands: {', '.join(COMMANDS)}.")
    module_name, function = COMMANDS[words[0]]
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as missing:
        if missing.name != module_name:
            raise
        raise Refusal(f"`make {words[0]}` is not part of this version yet.") from None
    if words[0] == "shell":
        say.to_stderr()
    return getattr(module, function)(words[1:]) or 0
