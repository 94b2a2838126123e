"""`make audit`: sweep the ledger's rules, export it, and check the export without Odoo."""

import json
import subprocess
import sys
import time

from tools import paths, say
from tools.say import Refusal
from tools.shell import ready

EXPORTS = paths.DATA / "exports"

SCRIPT = """
import gzip, json, os
ledger = env["tibillet.ledger"]
with gzip.open(os.environ["TIBILLET_EXPORT"], "wb") as file:
    ledger._export(file.write)
broken = ledger._audit() | ledger._audit_books()
sentences = env["tibillet.audit.finding"]._sentences()
print("@@" + json.dumps({rule: [sentences[rule], ids] for rule, ids in broken.items()}))
"""


def audit(_words):
    """Run the command: 0 when every rule holds, 1 when one is broken."""
    EXPORTS.mkdir(parents=True, exist_ok=True)
    EXPORTS.chmod(0o700)
    target = EXPORTS / f"ledger-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.jsonl.gz"
    part = target.with_suffix(".part")
    with say.step("audit"), ready() as (command, env):
        done = subprocess.run(
            command,
            env={**env, "TIBILLET_EXPORT": str(part)},
            cwd=paths.ROOT,
            input=SCRIPT,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout.rpartition("@@")
        if done.returncode or not said[1]:
            part.unlink(missing_ok=True)
            reason = (done.stderr.strip().splitlines() or ["Odoo's shell ended"])[-1]
            raise Refusal(f"The ledger could not be read: {reason[:300]}.")
        part.rename(target)
        broken = json.loads(said[2].splitlines()[0])
        for rule, (sentence, rows) in broken.items():
            shown = ", ".join(map(str, rows[:10]))
            say.detail(f"{rule}: {sentence} {len(rows)} found: {shown}")
        say.detail(f"exported to {target.relative_to(paths.ROOT)}")
    sys.stdout.flush()
    verifier = paths.ROOT / "tools" / "verify_ledger.py"
    # -I: nothing of Odoo, of this project or of the machine's settings helps it.
    checked = subprocess.run([sys.executable, "-I", str(verifier), str(target)], check=False)
    return 1 if broken or checked.returncode else 0
