"""The archive as a file: tables grow on disk while orders are read, then go into one zip.

The same orders make the same bytes: no time of making, no name of a machine, rows in order.
"""

import csv
import hashlib
import io
import json
import shutil
import tempfile
import zipfile

MANIFEST = "manifest.json"
#: The oldest day that a zip can name: the day of making would change the bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class Table:
    """One file of the archive, growing: rows, bytes and SHA-256 are counted as they come."""

    def __init__(self, name, columns=()):
        self.name, self.columns = name, columns
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the archive)
        self.digest, self.bytes, self.rows = hashlib.sha256(), 0, 0
        if columns:
            # The mark tells a spreadsheet that names are UTF-8.
            self._write(b"\xef\xbb\xbf" + self._csv(columns))

    def add(self, row):
        """Add a dictionary: a line of JSON, or the columns of a table."""
        self.rows += 1
        if self.columns:
            self._write(self._csv([row[name] for name in self.columns]))
        else:
            self._write(packed(row))

    def _csv(self, cells):
        out = io.StringIO()
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
        return out.getvalue().encode()

    def _write(self, data):
        self.file.write(data)
        self.digest.update(data)
        self.bytes += len(data)


class Archive:
    """Tables and what is said of them, packed at the end.

    :param tables: ``{file name: columns}``; without columns, lines of JSON
    """

    def __init__(self, tables):
        self.tables = {name: Table(name, columns) for name, columns in tables.items()}

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for table in self.tables.values():
            table.file.close()

    def add(self, name, row):
        """Add a row to a table."""
        self.tables[name].add(row)

    def pack(self, file, manifest):
        """Write the zip, its manifest first, with the checksum of every table.

        :param file: opened for writing, in bytes
        :param dict manifest: what is said of the whole
        """
        files = {
            name: {
                "sha256": table.digest.hexdigest(),
                "bytes": table.bytes,
                "rows": table.rows,
            }
            for name, table in self.tables.items()
        }
        text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1) + "\n"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packer:
            packer.writestr(_entry(MANIFEST), text.encode())
            for name, table in self.tables.items():
                table.file.seek(0)
                with packer.open(_entry(name), "w") as into:
                    shutil.copyfileobj(table.file, into)


def packed(row):
    """A dictionary as a line of JSON, keys in order."""
    text = json.dumps(row, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode()


def _entry(name):
    entry = zipfile.ZipInfo(name, NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry
