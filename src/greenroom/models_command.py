"""`greenroom models`: parse, call, print; no logic."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from greenroom.command_help import ListByDefault, manual
from greenroom.completing import model_names
from greenroom.live_options import plain_option

_MODELS = "docs/models.md; greenroom doctor says which one suits this computer"


@click.group(
    "models",
    cls=ListByDefault,
    epilog=manual("greenroom models", "greenroom models fetch small.en", see=_MODELS),
)
def models_group() -> None:
    """The Whisper weights: list, fetch, verify.

    Without a command they are listed. Nothing is downloaded unless you ask for it by name, with fetch.
    """


@models_group.command("list", epilog=manual("greenroom models list --json", see=_MODELS))
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@plain_option
def models_list(as_json: bool) -> None:
    """Which weights are known, and where those that are here lie."""
    from greenroom.transcription.weights import list_models

    models = list_models()
    if as_json:
        click.echo(json.dumps([asdict(model) for model in models], default=str))
    else:
        for model in models:
            click.echo(str(model))


@models_group.command("verify", epilog=manual("greenroom models verify base", see=_MODELS))
@click.argument("name", shell_complete=model_names)
@plain_option
def models_verify(name: str) -> None:
    """Check weights against their published hash; NAME is a model's, such as base."""
    from greenroom.transcription.weights import verify

    click.echo(f"{name}: {verify(name)}")


@models_group.command(
    "fetch",
    epilog=manual("greenroom models fetch small.en", "greenroom models fetch base --yes", see=_MODELS),
)
@click.argument("name", shell_complete=model_names)
@click.option("--yes", is_flag=True, help="Do not ask before downloading.")
@plain_option
def models_fetch(name: str, yes: bool) -> None:
    """Download the weights NAME, after asking: the one thing that greenroom ever fetches."""
    from greenroom.transcription.weights import fetch

    if not yes:
        click.confirm(f"Download the {name} weights from OpenAI?", abort=True, err=True)
    click.echo(fetch(name))
