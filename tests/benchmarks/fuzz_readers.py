"""Spoils real files at random and reads them: nothing may fail, hang, or come out unsound.

    python tests/benchmarks/fuzz_readers.py FORMAT --seconds 60 [--seed 1] [--keep FOLDER]
    python tests/benchmarks/fuzz_readers.py FORMAT --seed 1 --only 4711

FORMAT is a reader of the program, `prose`, `detect`, or `bytes` for files of no known format and encoding. The input
number N of a seed is always the same, so `--only N` shows a finding again. Checked are: no exception but ReadError,
which names the file; time; no letter lost from text; elements that are valid; every writer writes them (PDF: one in
twenty), and Fountain, FDX, HTML and JSON read back the same. With `--keep`, each input that fails is kept as a file,
and so is the one that is read when the process dies.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz_checks import check
from fuzz_mutations import mutated, seeds_of

READERS = ("fountain", "text", "fdx", "html", "json", "pdf", "bytes", "prose", "detect")
_PDF_EVERY = 20
_HANG_S = 300


def input_of(reader: str, seed: int, number: int) -> str | bytes:
    """The input of this number."""
    return mutated(random.Random(f"{reader} {seed} {number}"), reader, seeds_of(reader))


def _signature(error: BaseException) -> str:
    """Where and what, without what differs between inputs."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    text = str(error).partition(":")[0][:60]
    return f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}: {text}"


def main() -> None:
    """Fuzz one reader, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=READERS)
    parser.add_argument("--seconds", type=float, default=60.0, help="time on the clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="N", help="read one input, and let its failure through")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where inputs that fail are put")
    arguments = parser.parse_args()
    reader: str = arguments.format
    if arguments.only is not None:
        data = input_of(reader, arguments.seed, arguments.only)
        print(repr(data))
        print(check(reader, data, with_pdf=True))
        return
    keep: Path | None = arguments.keep
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    found: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    number = 0
    started, cpu = time.monotonic(), time.process_time()
    while time.monotonic() - started < arguments.seconds:
        data = input_of(reader, arguments.seed, number)
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        if keep is not None:
            (keep / f"{reader}-{arguments.seed}-running").write_bytes(raw)
        faulthandler.dump_traceback_later(_HANG_S, exit=True)
        try:
            outcomes[check(reader, data, with_pdf=number % _PDF_EVERY == 0)] += 1
        except Exception as error:
            outcomes["failed"] += 1
            signature = _signature(error)
            found[signature] += 1
            if found[signature] == 1:
                print(
                    f"{reader} --seed {arguments.seed} --only {number}: {signature}: {str(error)[:300]!r}", flush=True
                )
                if keep is not None:
                    (keep / f"{reader}-{arguments.seed}-{number}").write_bytes(raw)
        finally:
            faulthandler.cancel_dump_traceback_later()
        number += 1
    kinds = ", ".join(f"{count} {what}" for what, count in sorted(outcomes.items()))
    print(
        f"{reader}: {number} inputs ({kinds}) in {time.monotonic() - started:.0f} s on the clock, "
        f"{time.process_time() - cpu:.0f} s of processor time; {len(found)} kinds of failures"
    )
    for signature, count in found.most_common():
        print(f"  {count:>6}  {signature}")
    if keep is not None:
        (keep / f"{reader}-{arguments.seed}-running").unlink(missing_ok=True)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
