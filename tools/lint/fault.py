"""What a lint rule finds."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to put right: the file, the line (0 = the whole file) and a sentence."""

    path: Path
    line: int
    message: str

    def text(self, root):
        """The fault as `file:line: sentence`, the path counted from the root."""
        path = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return f"{path}:{self.line}: {self.message}" if self.line else f"{path}: {self.message}"
