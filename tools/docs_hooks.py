"""What the site of the documentation has beyond docs/, for mkdocs (mkdocs.yml): two pages and the logo.

Links of the repository lead to the same things on the site; those to files that are no page become their
text. Tutorials and how-tos come first in the search, the changelog and the decisions last.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath

from mkdocs.structure.files import File, Files

ROOT_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
ASSETS = {"assets/logo.svg": "site/logo.svg"}
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")
BOOST = {"tutorials/": 4, "howto/": 8, "questions.md": 2, "changelog.md": 0.1,
         "contributing.md": 0.5, "decisions/": 0.3, "benchmarks.md": 0.5, "measurements.md": 0.3,
         "parts_of_pages.md": 0.3}  # fmt: skip


def on_files(files: Files, config) -> Files:
    """Pages and pictures that lie elsewhere in the repository."""
    root = os.path.dirname(config.config_file_path)
    for path, uri in (ROOT_PAGES | ASSETS).items():
        files.append(File.generated(config, uri, abs_src_path=os.path.join(root, path)))
    return files


def on_page_markdown(markdown: str, page, config, files: Files) -> str:
    """Its links as the site has them, and its weight in the search."""
    uri = page.file.src_uri
    weight = next((w for start, w in BOOST.items() if uri.startswith(start)), None)
    if weight is not None:
        page.meta["search"] = {"boost": weight}
    return linked(markdown, uri)


def linked(markdown: str, uri: str) -> str:
    """The text of a page with the links of the site.

    Args:
        markdown: as it stands in the repository.
        uri: of the page on the site, from its root.
    """
    origins = {page: name for name, page in ROOT_PAGES.items()}
    place = PurePosixPath(origins.get(uri, f"docs/{uri}")).parent

    def link(found: re.Match) -> str:
        text, target, anchor = found.groups(default="")
        meant = os.path.normpath(place / target).replace(os.sep, "/")
        there = ROOT_PAGES.get(meant) or meant.removeprefix("docs/")
        if there == meant:
            return text  # a file of the repository, which the site does not have
        return f"[{text}]({os.path.relpath(there, os.path.dirname(uri) or '.')}{anchor})"

    return LINK.sub(link, markdown)
