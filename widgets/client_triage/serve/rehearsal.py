"""What the process that kernels are forked from does once, so that no kernel has to."""

import ipywidgets

import client_triage
from client_triage import plots
from client_triage.content import load_content
from client_triage.domain import tally
from client_triage.views.app import App
from client_triage.views.prepared import prepare
from client_triage.views.shell import LEARN, PORTFOLIO
from client_triage.views.workspace import Workspace
from client_triage.words import words_in


def rehearse() -> None:
    """Make the whole page once for nobody, in each language; what was read for it stays read.

    The first step of another one stays, for each kernel to show.
    """
    content = load_content()
    for language in content.languages:
        workspace = Workspace(language=language)
        app = App(workspace)
        workspace.show_sample()
        for step in (*(scenario.id for scenario in content.scenarios), PORTFOLIO, LEARN):
            app.go(step)
        plots.svg(plots.heatmap(tally(workspace.portfolio, content.scenarios), words_in(language)))
    ipywidgets.Widget.close_all()
    for language in content.languages:
        prepare(language)
    _ = client_triage.show_app  # is imported when it is first asked for
