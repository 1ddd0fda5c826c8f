"""Every text that people see goes through the catalogue, and the catalogue is whole."""

import ast
import functools
import gettext
import importlib.util
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_core import errors
from gan_core.config import TrainConfig
from gan_core.data import catalogue as catalogue_of_data
from gan_core.importing import forms_list, naming
from gan_core.runs.store import RunStore
from gan_core.storage import access
from pages.ui.shared import language

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "assets" / "components"
OTHERS = [code for code in language.LANGUAGES if code != "en"]
MARKS = {"t", "tn", "N_", "NN_"}
MODULES = sorted((ROOT / "pages").rglob("*.py"))
SCRIPTS = [p for p in sorted(COMPONENTS.rglob("*.js")) if p.name not in ("terms.js", "words.js")]
GAP = re.compile(r"\{(\w+)[^}]*\}")

# Texts that stay as they are, by what they contain, and why.
AS_THEY_ARE = {
    "import(": "a component's loader, which is JavaScript",
    "document.": "JavaScript of the page",
    "Accounts need Authlib": "for whoever starts the server, in its window",
    "in the secrets must have": "for whoever starts the server, in its window",
    "open files": "looked for in an error",
    "command line": "looked for in a run's status",
    "export default": "looked for in terms.js",
    "g_lr = ": "settings as they are typed",
    "stroke-dasharray": "SVG",
    "samesite": "a cookie",
    "Liberation Sans": "fonts",
    "Alt+Shift": "keys",
    "Shift+arrows": "keys",
    "Shift, Home, End": "keys",
    "No such activation": "a network's file is damaged: for whoever made it",
    "Padding by": "the same",
    "A layer \0": "the same",
    "plotly.js did not load": "caught, and said in other words",
    "btn newest": "a class",
    "UpSampling2D of": "a network's file is damaged: for whoever made it",
    "starts no worker": "caught, and said in other words",
    "# Glossary": "a document, made by `python -m`",
    "| word": "the same",
    "model.json": "an address",
}


def id_of(path):
    return path.relative_to(ROOT).as_posix()


# ---- the catalogue is whole ----


@functools.cache
def catalogue(code: str) -> dict[str, str]:
    """What pages and components say in a language; of a plural its first form."""
    found = gettext.translation("ganscope", ROOT / "assets" / "languages", [code])
    return {k[0] if isinstance(k, tuple) else k: v for k, v in found._catalog.items() if k}


def marked(path: Path) -> set[str]:
    """The texts of a module that are marked for the catalogue."""
    if path.suffix == ".js":
        found = re.findall(r'\btn?\(\s*("(?:[^"\\]|\\.)*")', path.read_text("utf-8"))
        return {json.loads(text) for text in found}
    calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call))
    named = (n for n in calls if getattr(n.func, "id", "") in MARKS and n.args)
    return {n.args[0].value for n in named if isinstance(n.args[0], ast.Constant)} - {""}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=id_of)
def test_every_marked_text_is_translated(path, code):
    missing = marked(path) - set(catalogue(code))
    assert not missing, f"{id_of(path)}: run `tools/languages.py update`, translate: {missing}"


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("domain", ["ganscope", "engine"])
def test_placeholders_are_those_of_the_english_text(domain, code):
    found = gettext.translation(domain, ROOT / "assets" / "languages", [code])._catalog
    for text, told in found.items():
        plural = isinstance(text, tuple)
        wanted, own = (set(GAP.findall(part)) for part in (text[0] if plural else text, told))
        assert plural and own <= wanted | {"n"} or own == wanted, text


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("value", ["0.5", "7,000", "fast_gan"])
def test_a_sentence_of_the_engine_is_known_whatever_stands_in_its_gaps(code, value):
    engine = gettext.translation("engine", ROOT / "assets" / "languages", [code])
    with_gaps = [text for text in vars(engine)["_catalog"] if language.GAP.search(text)]
    assert len(with_gaps) > 100
    for text in with_gaps:

        def fill(gap):
            return "1,234.5" if gap[1][:2].rstrip("12") == "n" else value

        assert language._pattern(text).fullmatch(language.GAP.sub(fill, text)), text


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("hostile", ["Only " + "1 of 1 " * 20_000, "`a` has " * 20_000])
def test_what_somebody_else_wrote_is_given_up_soon(code, hostile):
    """Tried at every place for every gap, this would not end."""
    assert language._told(code, hostile) == hostile


@pytest.mark.parametrize("code", OTHERS)
def test_components_get_the_same_texts_as_pages(code):
    packed = json.loads((COMPONENTS / "shared" / "languages" / f"{code}.json").read_text("utf-8"))
    for text, told in packed["texts"].items():
        assert catalogue(code)[text] == told
    for path in SCRIPTS:
        assert marked(path) <= set(packed["texts"]), id_of(path)
    engine = gettext.translation("engine", ROOT / "assets" / "languages", [code])._catalog
    assert packed["engine"] == {text: told for text, told in engine.items() if text}


@pytest.fixture(scope="module")
def tool():
    """tools/languages.py, which needs Babel."""
    pytest.importorskip("babel", reason="Babel is not installed: the catalogues are NOT compared")
    spec = importlib.util.spec_from_file_location("languages", ROOT / "tools" / "languages.py")
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.mark.parametrize("domain", ["ganscope", "engine"])
def test_the_template_is_of_this_code(tool, domain):
    kept = tool.read(ROOT / "assets" / "languages" / f"{domain}.pot")
    now = tool.catalogue(domain)
    assert {m.id for m in kept if m.id} == {m.id for m in now if m.id}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("domain", ["ganscope", "engine"])
def test_a_language_has_all_texts_none_of_them_in_doubt(tool, domain, code):
    own = tool.read(tool.po(domain, code), code)
    wanted = tool.read(ROOT / "assets" / "languages" / f"{domain}.pot")
    assert {m.id for m in own} == {m.id for m in wanted}
    for message in own:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts) and not message.fuzzy, message.id


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_packed_is_of_the_catalogue(tool, code):
    for domain in ("ganscope", "engine"):
        path = tool.po(domain, code)
        texts = {m.id: m.string for m in tool.read(path, code) if m.id}
        with path.with_suffix(".mo").open("rb") as file:
            packed = gettext.GNUTranslations(file)._catalog
        for text, told in texts.items():
            one = (text[0], 0) if isinstance(text, tuple) else text
            assert packed[one] == (told[0] if isinstance(told, tuple) else told)
        assert len(packed) == len(texts) + 1
    path = COMPONENTS / "shared" / "languages" / f"{code}.json"
    assert path.read_text("utf-8") == tool.packed(code)


# ---- what goes wrong ----


def engine_texts():
    """tools/engine_texts.py, which needs nothing but Python."""
    found = importlib.util.spec_from_file_location("engine_texts", ROOT / "tools/engine_texts.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def raises_for_people(path: Path) -> bool:
    """Whether a module makes an error whose text is meant for people (gan_core/errors.py and heirs)."""
    raised = (
        n.exc for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Raise)
    )
    names = {getattr(e.func, "id", "") for e in raised if isinstance(e, ast.Call)}
    own = {name for name, each in vars(errors).items() if isinstance(each, type)}
    return bool(names & (own | {"Unusable", "Unfit", "Refused", "BadRequest", "Busy"}))


def test_every_error_is_translated_or_stays_english_for_a_reason():
    tool, core = engine_texts(), ROOT / "gan_core"
    listed = {path for glob in (*tool.ENGINE, *tool.STAYS_ENGLISH) for path in core.glob(glob)}
    assert [
        id_of(p) for p in sorted(core.rglob("*.py")) if p not in listed and raises_for_people(p)
    ] == []
    for glob in (*tool.ENGINE, *tool.STAYS_ENGLISH):
        assert list(core.glob(glob)), f"{glob} is no module (any more)"


def set_with(folder, **arrays):
    np.savez(folder / "mine.npz", **arrays)
    catalogue_of_data.load("mine", folder)


def refused_viewer():
    with access.acting(access.VIEWER):
        access.require_trainer()


IMAGES = np.zeros((30, 28, 28), np.uint8)
WRONG = {
    "no images": lambda folder: set_with(folder, pictures=IMAGES),
    "no images, nothing to say": lambda folder: set_with(folder, other=np.zeros(3)),
    "floats": lambda folder: set_with(folder, x_train=IMAGES / 255.0),
    "half of the labels": lambda folder: set_with(
        folder, x_train=IMAGES, y_train=np.zeros(30, int), x_test=IMAGES
    ),
    "one side": lambda folder: set_with(folder, a_train=IMAGES),
    "no .npz": lambda folder: [
        (folder / "mine.npz").write_bytes(b"PK" * 40), catalogue_of_data.load("mine", folder)
    ],
    "unknown set": lambda folder: catalogue_of_data.load("mnist_5", folder),
    "unknown run": lambda folder: RunStore(folder).get("00001-fast_gan-mnist_5k"),
    "a viewer": lambda folder: refused_viewer(),
    "a rate": lambda folder: TrainConfig.from_dict({"g_lr": -1.0}),
    "no setting": lambda folder: TrainConfig.from_dict({"learning_rate": 1.0}),
    "a missing folder": lambda folder: forms_list.check_there(folder / "nowhere"),
    "a name": lambda folder: naming.place("mnist_5k", folder),
}  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("wrong", WRONG)
def test_what_goes_wrong_is_told_in_the_language(tmp_path, code, wrong):
    """No two English words are left, but for names, paths, code and, in brackets, what Python says."""
    with pytest.raises(errors.GanError) as caught:
        WRONG[wrong](tmp_path)
    told = language._told(code, str(caught.value))
    left = re.sub(r"`[^`]*`|\([^)]*\)|\S*/\S*|\[[^]]*\]|\w+(, \w+)+", "", told)
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", left), told


# ---- nothing goes round it ----

SHOWING = {  # functions of Streamlit, and ours, whose first argument people read
    "title", "header", "subheader", "caption", "markdown", "button", "popover", "expander", "selectbox",
    "multiselect", "text_input", "number_input", "text_area", "toggle", "checkbox", "segmented_control",
    "pills", "info", "warning", "error", "success", "download_button", "link_button", "menu_button",
    "form_submit_button", "file_uploader", "badge", "radio", "dialog", "write", "text", "slider",
    "select_slider", "camera_input", "show_disabled", "_section", "card_radio",
}  # fmt: skip
READ = {"help", "placeholder", "label", "alt", "caption"}  # keywords that people read
TEXT = re.compile(r"[A-Za-z]{2}")
SENTENCE = re.compile(r"(?<![\w`/.<])[A-Za-z]+,? (?:[a-z]{2,},? ){1,}[a-z]{2,}")


def plain(node: ast.expr) -> str:
    """What stands in a text by itself: without its values, markup, icons and code."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "\0".join(
        p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)
    )
    text = re.sub(
        r"<[^>]*>?|[\w-]+=\"[^\"]*\"?|`[^`]*`|:material/\w+:?|:\w+\[|&\w+;|\{[^}]*\}", "", text
    )
    return text.strip()


def goes_round(path: Path) -> list[str]:
    """Texts of a module of pages that people read and no catalogue knows."""
    tree = ast.parse(path.read_text("utf-8"))
    inside, docs, found = set(), set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            inside |= {id(n) for n in ast.walk(node)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            docs.add(id(body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            read = [
                k.value for k in node.keywords if k.arg in READ and name not in ("Form", "field_")
            ]
            read += node.args[:1] if name in SHOWING else []
            found += [
                n
                for n in read
                if isinstance(n, ast.Constant | ast.JoinedStr) and TEXT.search(plain(n))
            ]
        elif isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in docs:
            found += [node] if SENTENCE.search(plain(node)) else []
    texts = {
        plain(n) for n in found if id(n) not in inside and isinstance(getattr(n, "value", ""), str)
    }
    return sorted(t for t in texts if not any(part in t for part in AS_THEY_ARE))


@pytest.mark.parametrize("path", MODULES, ids=id_of)
def test_no_text_of_a_page_goes_round_the_catalogue(path):
    assert goes_round(path) == []


SAID = re.compile(
    r'\b(?:t|told)\(\s*"(?:[^"\\]|\\.)*"|\btn\(\s*"(?:[^"\\]|\\.)*",\s+"(?:[^"\\]|\\.)*"'
)
COMMENT = re.compile(r"^\s*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/)$|(?<=[;{},]) // .*$", re.MULTILINE)
NAMED = re.compile(r"[A-Z][a-z]+ \0")  # a word and a value
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n])*)`')
LINE = re.compile(
    r'(?:el\(\s*"\w+",\s+\{[^{}]*\},\s+|\bput\(\s*[\w.]+,\s+|\bterm\(\s*"\w+",\s+|title:\s+|"aria-label":\s+'
    r'|placeholder:\s+|button\(\s*)"([^"]*)"'
)


def script_goes_round(path: Path) -> list[str]:
    """The same of a component."""
    code = SAID.sub("t(0", COMMENT.sub("", path.read_text("utf-8")))
    shown = [text for text in LINE.findall(code) if re.match(r"[A-Z]?[a-z]{2}", text)]
    for line in code.splitlines():
        for literal in LITERAL.finditer(line):
            text = re.sub(r"\$\{[^}]*\}", "\0", literal[1] or literal[2] or "")
            before = line[max(0, literal.start() - 12) : literal.start()]
            if (SENTENCE.search(text) or NAMED.fullmatch(text)) and "class:" not in before:
                shown.append(text)
    return sorted(t for t in set(shown) if not any(part in t for part in AS_THEY_ARE))


@pytest.mark.parametrize("path", SCRIPTS, ids=id_of)
def test_no_text_of_a_component_goes_round_the_catalogue(path):
    assert script_goes_round(path) == []


def test_nothing_is_found_by_a_label_which_is_another_one_in_another_language():
    """Neither by a style sheet nor by a script of a component."""
    looked = [*COMPONENTS.rglob("*.css"), *SCRIPTS]
    by_label = re.compile(r"\[(aria-label|title|placeholder|alt)[*^$~|]?=")
    assert [id_of(p) for p in looked if by_label.search(p.read_text("utf-8"))] == []
