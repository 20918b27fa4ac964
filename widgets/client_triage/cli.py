"""The command ``client-triage``: reads the arguments and calls the rooms.

Exit 0: done. 1: a fault in the user's input, one line a fault on stderr. 2: wrong usage.
"""

import argparse
import gc
import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from client_triage.faults import FaultyFileError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv
        Arguments without the command's name; those of the process by default.

    Returns
    -------
    int
        The exit code.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        if problem := _unknown_language(arguments):
            parser.error(problem)
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            warnings.simplefilter("always", UserWarning)
            code: int = arguments.run(arguments)
            sys.stdout.flush()
    except FaultyFileError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader has seen enough (| head); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="client-triage", description="Which clients to keep, fix, or part ways with."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    tally = commands.add_parser("tally", help="tally a portfolio file")
    tally.add_argument("portfolio", type=Path, metavar="PORTFOLIO.json")
    tally.add_argument("--format", choices=("text", "json", "csv"), default="text")
    tally.add_argument("--lang", metavar="LANGUAGE", help="by default the portfolio's own")
    tally.set_defaults(run=_tally)

    content = commands.add_parser("content", help="look after the content").add_subparsers(
        required=True, metavar="COMMAND"
    )
    check = content.add_parser("check", help="report every fault in a content folder")
    check.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    check.set_defaults(run=_content_check)

    notebooks = commands.add_parser("notebooks", help="make the notebooks").add_subparsers(
        required=True, metavar="COMMAND"
    )
    for name, run, purpose in (
        ("build", _notebooks_build, "write the notebooks from the content"),
        ("check", _notebooks_check, "say which notebooks differ from what the content gives"),
    ):
        command = notebooks.add_parser(name, help=purpose)
        command.add_argument("folder", type=Path, nargs="?", metavar="DIR")
        command.set_defaults(run=run)

    serve = commands.add_parser("serve", help="serve the page (Voilà)")
    serve.add_argument("--lang", metavar="LANGUAGE", help="by default the visitor's own")
    serve.add_argument("--port", type=int, default=8866)
    serve.add_argument("--public", action="store_true", help="answer other machines as well")
    serve.set_defaults(run=_serve)
    return parser


def _unknown_language(arguments: argparse.Namespace) -> str:
    from client_triage.content import load_content

    language = getattr(arguments, "lang", None)
    if language is None or language in (known := load_content().languages):
        return ""
    return f"argument --lang: unknown language {language!r} (choose from {', '.join(known)})"


def _tally(arguments: argparse.Namespace) -> int:
    from client_triage.content import load_content
    from client_triage.domain.tally import tally
    from client_triage.store import Portfolio, exports
    from client_triage.words import words_in

    gc.disable()  # everything read here is used until the end: there is no garbage to look for
    try:
        portfolio = Portfolio.load(arguments.portfolio)
        counted = tally(portfolio, load_content().scenarios)
    finally:
        gc.enable()
    words = words_in(arguments.lang or portfolio.language)
    if arguments.format == "json":
        print(json.dumps(exports.as_json(counted, words), ensure_ascii=False))
    elif arguments.format == "csv":
        print(exports.as_csv(counted, words), end="")
    else:
        print(exports.as_text(counted, words), end="")
    return 0


def _content_check(arguments: argparse.Namespace) -> int:
    from client_triage import content

    faults = content.check(arguments.folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _notebooks_build(arguments: argparse.Namespace) -> int:
    from client_triage import notebooks

    for path in notebooks.build(arguments.folder):
        print(path)
    return 0


def _notebooks_check(arguments: argparse.Namespace) -> int:
    from client_triage import notebooks

    faults = notebooks.check(arguments.folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _serve(arguments: argparse.Namespace) -> int:
    from client_triage.serve import serve

    return serve(arguments.lang, arguments.port, public=arguments.public)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"warning: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
