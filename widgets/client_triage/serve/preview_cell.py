"""What the kernel of a preview runs."""

import os
from urllib.parse import parse_qs

import ipywidgets
from IPython.display import display

from client_triage.views.scenario import ScenarioView
from client_triage.views.show import page_workspace


def show(scenario: str) -> None:
    """Show one scenario as it is on the page, with the made-up clients."""
    language = parse_qs(os.environ.get("QUERY_STRING", "")).get("lang", [None])[0]
    workspace = page_workspace(language)
    workspace.show_sample()
    step = ipywidgets.VBox([ScenarioView(workspace, scenario)])
    step.add_class("ct-step")
    page = ipywidgets.VBox([step])
    page.add_class("ct-app")
    display(page)
