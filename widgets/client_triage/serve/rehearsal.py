"""What the process that kernels are forked from does once, so that no kernel has to."""

import ipywidgets

from client_triage import plots
from client_triage.content import load_content
from client_triage.domain import tally
from client_triage.views.app import App
from client_triage.views.shell import LEARN, PORTFOLIO
from client_triage.views.workspace import Workspace
from client_triage.words import words_in


def rehearse() -> None:
    """Make the whole page once for nobody, in each language; what was read for it stays read."""
    content = load_content()
    for language in content.languages:
        workspace = Workspace(language=language)
        app = App(workspace)
        workspace.show_sample()
        for step in (*(scenario.id for scenario in content.scenarios), PORTFOLIO, LEARN):
            app.go(step)
        plots.svg(plots.heatmap(tally(workspace.portfolio, content.scenarios), words_in(language)))
    ipywidgets.Widget.close_all()
