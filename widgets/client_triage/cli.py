"""The command ``client-triage``: reads the arguments and calls the rooms.

Exit 0: done. 1: a fault in the user's input, one line a fault on stderr. 2: wrong usage.
"""

import argparse
import gc
import json
import os
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from client_triage.faults import FaultyFileError

_MOST_PAGES = 1_000  # far more than one computer serves


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
    arguments = _parsed(parser, argv)
    try:
        if problem := _unknown_language(arguments) or _unknown_quiz(arguments):
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


def _parsed(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """Parse the arguments; argparse before Python 3.13 leaves a DIR over that follows an option."""
    arguments, rest = parser.parse_known_args(argv)
    if len(rest) == 1 and not rest[0].startswith("-") and vars(arguments).get("folder", "") is None:
        arguments.folder = Path(rest.pop())
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return arguments


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
    scenario = content.add_parser("new-scenario", help="make the files of a new scenario")
    scenario.add_argument("slug", metavar="SLUG", help="its id, such as 'scope-creep'")
    scenario.add_argument("--like", metavar="ID", help="start from this one, not the simplest")
    scenario.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    scenario.set_defaults(run=_new_scenario)
    language = content.add_parser("new-language", help="make the files of a new language")
    language.add_argument("tag", metavar="TAG", help="such as 'de' or 'pt-BR'")
    language.add_argument(
        "--from", dest="source", default="en", metavar="LANGUAGE", help="by default English"
    )
    language.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    language.set_defaults(run=_new_language)
    preview = content.add_parser("preview", help="see one scenario's page while you write it")
    preview.add_argument("scenario", metavar="SCENARIO")
    preview.add_argument("--lang", metavar="LANGUAGE", help="by default the browser's own")
    preview.add_argument("--port", type=int, default=8867)
    preview.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    preview.set_defaults(run=_content_preview)

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

    quiz = commands.add_parser("quiz", help="take the quizzes elsewhere").add_subparsers(
        required=True, metavar="COMMAND"
    )
    export = quiz.add_parser("export", help="write quiz items as another program's file")
    export.add_argument(
        "names", nargs="*", metavar="SCENARIO", help="a scenario or a lesson; by default all"
    )
    export.add_argument("--format", choices=("jupyterquiz", "gift", "anki"), required=True)
    export.add_argument("--lang", metavar="LANGUAGE", help="by default English")
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="by default the standard output"
    )
    export.set_defaults(run=_quiz_export)

    serve = commands.add_parser("serve", help="serve the page (Voilà)")
    serve.add_argument("--lang", metavar="LANGUAGE", help="by default the visitor's own")
    serve.add_argument("--port", type=int, default=8866)
    serve.add_argument("--public", action="store_true", help="answer other machines as well")
    serve.add_argument(
        "--host-name", metavar="NAME", type=_host_name, help="answer to this name, as behind nginx"
    )
    serve.add_argument(
        "--base-url", metavar="PATH", type=_base_url, default="/", help="serve below this path (/)"
    )
    serve.add_argument(
        "--ready", metavar="N", type=_count, default=1, help="how many pages are kept ready (1)"
    )
    serve.add_argument(
        "--most", metavar="N", type=_count, default=60, help="how many visitors at once (60)"
    )
    serve.set_defaults(run=_serve)
    return parser


def _host_name(text: str) -> str:
    """Read the name of a host, without a port."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", text):
        message = f"expected a name such as 'triage.example.org', got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return text


def _base_url(text: str) -> str:
    """Read a path, and end it with a slash."""
    if not re.fullmatch(r"(?:/[\w-]+)*/?", text, re.ASCII):
        message = f"expected a path such as '/triage/', got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return f"{text.rstrip('/')}/"


def _count(text: str) -> int:
    """Read a number of pages or visitors."""
    if not text.isascii() or not text.isdigit() or int(text) > _MOST_PAGES:
        message = f"expected a whole number from 0 to {_MOST_PAGES}, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _unknown_language(arguments: argparse.Namespace) -> str:
    from client_triage.content import load_content

    language = getattr(arguments, "lang", None)
    if language is None or language in (
        known := load_content(getattr(arguments, "folder", None)).languages
    ):
        return ""
    return f"argument --lang: unknown language {language!r} (choose from {', '.join(known)})"


def _unknown_quiz(arguments: argparse.Namespace) -> str:
    if arguments.run is not _quiz_export or not arguments.names:
        return ""
    from client_triage.content import load_content

    known = load_content().topics
    unknown = next((name for name in arguments.names if name not in known), None)
    if unknown is None:
        return ""
    return f"argument SCENARIO: nothing is called {unknown!r} (choose from {', '.join(known)})"


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
    from client_triage.store.samples import check

    faults = check(arguments.folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _new_scenario(arguments: argparse.Namespace) -> int:
    from client_triage.content import authoring

    for path in authoring.new_scenario(arguments.slug, arguments.like, arguments.folder):
        print(path)
    return 0


def _new_language(arguments: argparse.Namespace) -> int:
    from client_triage.content import authoring

    for path in authoring.new_language(arguments.tag, arguments.source, arguments.folder):
        print(path)
    return 0


def _content_preview(arguments: argparse.Namespace) -> int:
    from client_triage.serve.preview import preview

    return preview(arguments.scenario, arguments.lang, arguments.port, arguments.folder)


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


def _quiz_export(arguments: argparse.Namespace) -> int:
    from client_triage.content import load_content
    from client_triage.exchange import anki, gift, jupyterquiz
    from client_triage.exchange.items import gather
    from client_triage.words import words_in

    items, words = gather(load_content(), arguments.names), words_in(arguments.lang)
    if arguments.format == "jupyterquiz":
        text = json.dumps(jupyterquiz.dump(items, words), ensure_ascii=False, indent=2) + "\n"
    else:
        text = (gift if arguments.format == "gift" else anki).dump(items, words)
    if arguments.output is None:
        print(text, end="")
    else:
        arguments.output.write_text(text, "utf-8", newline="")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    from client_triage.serve import Options, serve

    return serve(
        Options(
            lang=arguments.lang,
            port=arguments.port,
            public=arguments.public,
            host_name=arguments.host_name,
            base_url=arguments.base_url,
            ready=arguments.ready,
            most=arguments.most,
        )
    )


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"warning: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
