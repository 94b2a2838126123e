"""Figures of printed tickets: how many a second, and five thousand in one file.

Run as a program it prints five thousand by the clock's own job and says what that took: a process
of its own has a memory of its own.
"""

import io
import json
import resource
import subprocess
import sys
import time

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from reportlab import rl_config
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tests.concurrency import gates
from tests.support.database import Database
from tools.testing.layout import ROOT

from .figure import Figure

TICKETS = 1000
MANY = 5000
MOST_SECONDS, MOST_MB = 60, 500
LINES = 12  # of words on a page


def bare(texts):
    """The same codes and some words by reportlab and qrcode alone; tickets a second."""
    rl_config.useA85 = 0
    started = time.perf_counter()
    canvas = Canvas(io.BytesIO(), pagesize=A6, pageCompression=1)
    for text in texts:
        code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=2, border=4)
        code.add_data(text, optimize=0)
        code.make(fit=True)
        side = 41 * mm / len(code.modules)
        parts = [f"q {side:.4f} 0 0 {side:.4f} 20 200 cm"]
        for y, row in enumerate(code.modules):
            start = None
            for x, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = x
                elif not dark and start is not None:
                    parts.append(f"{start} {-y} {x - start} 1 re")
                    start = None
        canvas.addLiteral("\n".join([*parts, "f Q"]))
        for rank in range(LINES):
            canvas.setFont("Helvetica", 8)
            canvas.drawString(20, 20 + 9 * rank, text[:30])
        canvas.showPage()
    canvas.save()
    return len(texts) / (time.perf_counter() - started)


def pdf(database):
    """Tickets a second on A6 in one process, beside the two libraries alone."""
    base = Database(database)
    with base.env() as env:
        people = env["event.registration"].browse(gates.gate_evening(env, TICKETS)["people"])
        tickets, left_out = people._tibillet_printable()
        if left_out:
            raise AssertionError(f"not printed: {list(left_out)}")
        texts = tickets.mapped("tibillet_ticket_text")
        tickets[:10]._tibillet_draw("a6")
        limits, rates = [], []
        for _round in range(2):
            limits.append(bare(texts))
            started = time.perf_counter()
            tickets._tibillet_draw("a6")
            rates.append(TICKETS / (time.perf_counter() - started))
        env.cr.commit()
    base.close()
    line = [sys.executable, "-m", "tools.bench.prints", database]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    extra = json.loads(done.stdout.splitlines()[-1])
    if extra["job_seconds"] > MOST_SECONDS or extra["job_mb"] > MOST_MB:
        raise AssertionError(f"{MANY} tickets: {extra}")
    extra["bare"] = [round(one, 1) for one in limits]
    return Figure(sum(rates) / 2, "tickets/s", "reportlab and qrcode alone", sum(limits) / 2, extra)


def many(database):
    """Five thousand tickets by the clock's job: seconds, the process's largest memory, bytes."""
    base = Database(database)
    with base.env() as env:
        people = env["event.registration"].browse(gates.gate_evening(env, MANY)["people"])
        job = env["tibillet.ticket.print"].browse(people.action_tibillet_print()["res_id"])
        job.action_print()
        env.cr.commit()
        env.invalidate_all()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        env["tibillet.ticket.print"]._cron_print()
        took = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if (job.state, job.done) != ("done", MANY):
            raise AssertionError(f"{job.state}: {job.done} {job.left_out}")
        size = len(job.with_context(bin_size=False).file) * 3 // 4
    base.close()
    return {
        "job_tickets": MANY,
        "job_seconds": round(took, 1),
        "job_mb": after // 1024,
        "job_mb_before": before // 1024,
        "file_mb": round(size / 1e6, 1),
    }


FIGURES = {"ticket.pdf": pdf}

if __name__ == "__main__":
    print(json.dumps(many(sys.argv[1])))
