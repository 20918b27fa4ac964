"""`content check` with the sample portfolios, which are read as any portfolio file is."""

import warnings
from dataclasses import replace
from pathlib import Path

from client_triage import content
from client_triage.content import Content, load_content
from client_triage.faults import Fault, FaultyFileError
from client_triage.store.portfolio import PortfolioWarning, loads


def check(folder: Path | str | None = None) -> list[Fault]:
    """Find every fault in a content folder, in its sample portfolios too."""
    faults = content.check(folder)
    # Samples are read against the scenarios, and a file that can't be read is named already.
    unread = any("/scenario.toml" in fault.file for fault in faults)
    if unread or not (content.content_folder(folder) / "scenarios").is_dir():
        return faults
    known = Content(load_content(folder).folder)  # read anew, whatever was read before
    named = {fault.file for fault in faults}
    return faults + [fault for fault in _sample_faults(known) if fault.file not in named]


def _sample_faults(known: Content) -> list[Fault]:
    faults: list[Fault] = []
    for language in known.languages:
        file = str(Path(known.folder.name) / "sample" / f"{language}.json")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                loads(known.sample(language), file, known.scenarios)
            except FaultyFileError as error:
                faults += [replace(fault, file=file) for fault in error.faults]
        # A made-up example has no reason to name what there is not.
        told = (str(one.message) for one in caught if one.category is PortfolioWarning)
        for problem, _, path in (one.removeprefix(f"{file}: ").partition(" @ ") for one in told):
            faults.append(Fault(file, problem, path))
    return faults
