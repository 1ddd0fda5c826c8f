"""A bug on a page: its kind and its place in our code are shown, no folder of this machine."""

from streamlit.testing.v1 import AppTest

from pages.ui.shared import failure


def shown():
    from pages.ui.shared import failure
    from pages.ui.train import quality

    try:
        quality._facts(None, {"step": 1})  # a line without the count that every line has
    except KeyError as error:
        assert failure.show(error) is True


def test_what_is_shown_is_useful_and_names_no_folder():
    at = AppTest.from_function(shown, default_timeout=300).run()
    assert not at.exception
    (said,) = [e.value for e in at.error]
    assert "**KeyError** at `pages/ui/train/quality.py:" in said
    assert not any(str(folder.parent) in said for folder in failure.OWN)


def test_an_error_from_elsewhere_has_no_place():
    assert failure.own_places(ValueError("never raised")) == []
