"""What `make dev` watches: the Python of our addons, and whether it can be read.

By looking at the files' times, not by the kernel's notices: Odoo's own watcher follows its whole
tree, tens of thousands of folders, and loses what is said about ours.
"""

from tools import paths

# No server reads these.
OUTSIDE = {"__pycache__", "tests", "bridge", "node_modules"}


class Watch:
    """The Python files below a folder, and what changed in them since they were last taken."""

    def __init__(self, folder=paths.ADDONS):
        self._folder = folder
        self._seen = self._look()
        self._waiting = set()

    def _look(self):
        found = {}
        for path in self._folder.rglob("*.py"):
            if not OUTSIDE & set(path.relative_to(self._folder).parts):
                try:
                    facts = path.stat()
                except FileNotFoundError:
                    continue  # an editor is replacing it
                found[path] = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
        return found

    def changed(self):
        """Return (files, fault) once after each change: what is to be reloaded, or why it waits.

        While a file cannot be read as Python, nothing is to be reloaded, and the changes add up.
        """
        now = self._look()
        new = {path for path in {*now, *self._seen} if now.get(path) != self._seen.get(path)}
        self._seen = now
        if not new:
            return [], ""
        self._waiting |= new
        for path in sorted(self._waiting):
            fault = self._fault(path)
            if fault:
                return [], fault
        ready, self._waiting = sorted(self._waiting), set()
        return [str(path.relative_to(self._folder)) for path in ready], ""

    def _fault(self, path):
        name = path.relative_to(self._folder)
        try:
            compile(path.read_bytes(), str(path), "exec")
        except FileNotFoundError:
            return ""  # it went away: that is a change like another
        except SyntaxError as error:
            return f"{name}, line {error.lineno}: {error.msg}"
        except ValueError as error:
            return f"{name}: {error}"
        return ""
