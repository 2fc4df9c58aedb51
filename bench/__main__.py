"""Runs the benchmarks named on the command line, or all of them, and prints a table."""

import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from bench import accepting, pages, stepping
from bench.figure import Figure

BENCHMARKS: dict[str, Callable[[], Sequence[Figure]]] = {
    "steps": stepping.run,
    "accept": accepting.run,
    "pages": pages.run,
}


def main(names: Sequence[str]) -> int:
    """Run benchmarks; returns the exit status."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    table = Table("benchmark", "figure", "limit of this machine", "ratio", "target")
    for name in names or BENCHMARKS:
        for figure in BENCHMARKS[name]():
            table.add_row(figure.name, figure.value, figure.limit, figure.ratio, figure.target)
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
