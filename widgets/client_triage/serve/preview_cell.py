"""What the kernel of a preview runs."""

import os
from urllib.parse import parse_qs

import ipywidgets
from IPython.display import display

from client_triage.views.scenario import ScenarioView
from client_triage.views.show import is_page_of
from client_triage.views.workspace import Workspace


def show(scenario: str) -> None:
    """Show one scenario as it is on the page, with the made-up clients."""
    language = parse_qs(os.environ.get("QUERY_STRING", "")).get("lang", [None])[0]
    workspace = Workspace(language=language)
    is_page_of(workspace)
    workspace.show_sample()
    step = ipywidgets.VBox([ScenarioView(workspace, scenario)])
    step.add_class("ct-step")
    page = ipywidgets.VBox([step])
    page.add_class("ct-app")
    display(page)
