"""The command: `python -m benchmarks`, or `make bench`. A missed aim is said, never an error."""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import scale, search, throughput, webhooks, writes
from benchmarks.cores import load_core, pin, server_core
from benchmarks.machine import describe
from benchmarks.report import aims, aims_text, save, table
from benchmarks.rounds import Plan, Result

FULL = Plan(rounds=5, seconds=4)
QUICK = Plan(rounds=3, seconds=1)


def main() -> None:
    """Measure, and print what came of it."""
    options = _options()
    pin(load_core())  # everything that is started from here shares it, but the servers
    plan = QUICK if options.quick else FULL
    about = describe()
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as name:
        if options.writes:
            print(f"\n{writes.text(writes.run(plan, Path(name)))}\n")
            return
        if options.webhooks:
            print(f"\n{webhooks.text(webhooks.run(plan, Path(name)))}\n")
            return
        results = [] if options.scale else throughput.run(plan, Path(name))
        if not options.quick or options.scale:
            results += scale.run(plan, Path(name)) + search.run(plan, Path(name))
            about["making"] = f"1,000,000 customers were made in {scale.making():.0f} s"
    _show(about, plan, results)
    if options.json:
        save(options.json, about, results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds, without the million")
    parser.add_argument("--scale", action="store_true", help="only 10,000 against 1,000,000")
    parser.add_argument("--writes", action="store_true", help="only what writing costs")
    parser.add_argument("--webhooks", action="store_true", help="only what telling of it costs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


def _show(about: Mapping[str, str], plan: Plan, results: Sequence[Result]) -> None:
    shared = " (the same core: the ratios mean little)" * (load_core() == server_core())
    print(f"\n{table(results)}\n\n{aims_text(aims(results))}\n")
    print(f"{'rounds':<10}medians of {plan.rounds} rounds of {plan.seconds} s, in turns")
    print(f"{'cores':<10}server {server_core()}, all else {load_core()}{shared}")
    for name, text in about.items():
        print(f"{name:<10}{text}")


if __name__ == "__main__":
    main()
