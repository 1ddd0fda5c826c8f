"""What can be taken away from a run: model card, settings, samples, the generator itself."""

from __future__ import annotations

import functools

import streamlit as st

from gan_core.export import events, models, samples, usage
from gan_core.export.model_card import model_card, settings_json
from gan_core.export.web import size
from gan_core.storage import access
from pages.ui.runs import usage as runs_usage
from pages.ui.shared import film, parts
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import get_lab

SAMPLES = 100
FILES = {  # key: (label, suffix, MIME type, help)
    "card": (
        N_("Model card"),
        ".md",
        "text/markdown",
        N_("Recipe, data and licence, commands, measured quality, limits"),
    ),
    "settings": (
        N_("Settings"),
        ".settings.json",
        "application/json",
        N_("To paste into a new run"),
    ),
    "samples_npz": (
        N_("{n} samples, npz"),
        ".samples.npz",
        "application/octet-stream",
        N_("Images, classes and z as arrays; drawn when you press"),
    ),
    "samples_zip": (
        N_("{n} samples, zip"),
        ".samples.zip",
        "application/zip",
        N_("One PNG an image; drawn when you press"),
    ),
    "keras": (
        N_("Keras"),
        ".keras",
        "application/octet-stream",
        N_("The generator for Keras 3.3 and newer"),
    ),
    "saved_model": (
        N_("SavedModel"),
        ".saved_model.zip",
        "application/zip",
        N_("The generator as a folder for TensorFlow, packed as zip"),
    ),
    "litert": (N_("LiteRT"), ".tflite", "application/octet-stream", N_("The generator for LiteRT")),
    "web": (
        N_("Web page"),
        ".html",
        "text/html",
        N_("One file that draws in any browser, without a server or a network"),
    ),
    "tfjs": (
        "TensorFlow.js",
        ".tfjs.zip",
        "application/zip",
        N_("The generator as the tutorial's own page loads it, packed as zip"),
    ),
    "tensorboard": (
        N_("TensorBoard"),
        ".tensorboard.zip",
        "application/zip",
        N_("Curves, sample grids and settings as a log folder, packed as zip"),
    ),
}


def show(chosen) -> None:
    """One button a file; each is made when it is asked for, and training goes on meanwhile."""
    unfit = _unfit(chosen.recipe)
    with st.container(horizontal=True, gap="small", key="out"):
        for key, (label, suffix, mime, help_) in FILES.items():
            if key in unfit:
                continue
            st.download_button(
                t(label, n=SAMPLES),
                data=functools.partial(_made, chosen.id, key),
                file_name=chosen.id + suffix,
                mime=mime,
                key=f"sm_out_{key}",
                on_click="ignore",
                help=t(help_),
                disabled=chosen.step == 0 and key not in ("card", "settings"),
            )
        film.button(chosen.id, key="sm_out_film", ready=chosen.step > 0)
    _say_of_a_large_page(chosen)
    runs_usage.show(chosen.id)
    use = "translate" if parts.kind_of(chosen.recipe) else "sample"
    st.caption(
        t("On the command line: `export`, `{use}`, `tensorboard`, `gif`, `history`.", use=use)
    )


def _say_of_a_large_page(chosen) -> None:
    """Before it is asked for: how large the web page is, where that is more than one sends."""
    if "web" in _unfit(chosen.recipe):
        return
    lab = get_lab()
    expected = size.of_run(lab.store.get(chosen.id), lab.data_dir)
    if expected <= size.MOST:
        return
    words = t(
        "The web page has about {n:.0f} MB; up to {most:.0f} MB are meant to be sent.",
        n=expected / 1e6,
        most=size.MOST / 1e6,
    )
    if parts.kind_of(chosen.recipe) == "both_ways":
        words += " " + t("One direction alone: `export --format web --towards b`.")
    st.caption(words)


def _unfit(recipe: str) -> set[str]:
    """Files that such a run has not: points are no pictures, and samples need a z."""
    if parts.makes_points(recipe):
        return {"samples_zip", "web"}
    return set() if parts.explored(recipe) else {"samples_npz", "samples_zip", "tfjs"}


def _made(run_id: str, key: str) -> bytes:
    with access.in_turn():
        return _file(run_id, key)


def _file(run_id: str, key: str) -> bytes:
    lab = get_lab()
    run = lab.store.get(run_id)
    if key == "card":
        return model_card(run, lab.data_dir).encode()
    if key == "settings":
        return settings_json(run).encode()
    if key == "tensorboard":
        return events.as_bytes(run)
    if key.startswith("samples"):
        generator = lab.open_generator(run_id)
        suffix = "." + key.split("_")[1]
        words = usage.text(usage.of_generator(generator), suffix, f"{run_id}.samples{suffix}")
        fakes, labels, z = generator.sample(SAMPLES, seed=0)
        return samples.packed(fakes, labels, z, suffix, words=words)
    trained = lab.open(run_id)
    return models.as_bytes(trained, key, lab.about(trained) if key == "web" else None)
