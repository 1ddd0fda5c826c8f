"""The runs page: search, filter, order, notes, archive, delete and undo."""

from tests.app.conftest import texts


def shown(at) -> list[str]:
    return list(at.dataframe[0].value["Run"])


def test_newest_run_comes_first(open_page, make_run):
    runs = [make_run("finished") for _ in range(3)]
    at = open_page("runs.py")
    assert shown(at) == [run.id for run in reversed(runs)]
    assert list(at.dataframe[0].value["State"]) == ["✓ Finished"] * 3


def test_search_looks_at_names_and_tags(open_page, make_run):
    make_run("finished", name="slow start", tags=("baseline",))
    make_run("finished", recipe="hinge_sn")
    at = open_page("runs.py")
    at.text_input(key="run_search").set_value("basel slow").run()
    assert shown(at) == ["slow start"]
    at.text_input(key="run_search").set_value("hinge").run()
    assert len(shown(at)) == 1
    at.text_input(key="run_search").set_value("nothing like it").run()
    assert "No run fits." in texts(at)


def test_state_filter_finds_what_needs_a_person(open_page, make_run):
    make_run("finished")
    failed = make_run("failed", error="`g_loss` became NaN at step 7.")
    at = open_page("runs.py")
    at.button_group(key="run_group").set_value("needs").run()
    assert shown(at) == [failed.id]
    assert "became NaN at step 7" in texts(at)


def test_order_by_steps(open_page, make_run):
    far = make_run("finished", step=190)
    make_run("finished", step=10)
    at = open_page("runs.py")
    at.selectbox(key="run_order").set_value("Most steps").run()
    assert shown(at)[0] == far.id


def test_name_note_and_tags_are_saved(open_page, make_run):
    run = make_run("finished")
    at = open_page("runs.py")
    at.text_input(key=f"name_{run.id}").set_value("  my run ")
    at.text_input(key=f"tags_{run.id}").set_value("a, b, a,,")
    at.text_area(key=f"note_{run.id}").set_value("seen digits")
    at.button(key=f"sm_save_{run.id}").click().run()
    assert not at.exception
    notes = run.notes()
    assert (notes.name, notes.tags, notes.note) == ("my run", ("a", "b"), "seen digits")
    assert shown(at) == ["my run"]


def test_archived_runs_are_out_of_the_way_and_come_back(open_page, make_run):
    run = make_run("finished")
    make_run("finished")
    at = open_page("runs.py")
    at.selectbox(key="run_order").set_value("Recipe").run()
    at.button(key="sm_archive").click().run()
    assert len(shown(at)) == 1
    at.button_group(key="run_group").set_value("archived").run()
    assert len(shown(at)) == 1
    at.button(key="sm_archive").click().run()
    assert not run.notes().archived


def test_delete_can_be_undone(open_page, make_run, store):
    run = make_run("finished")
    at = open_page("runs.py")
    at.button(key="sm_delete").click().run()
    assert store.ids() == []
    assert "moved to the bin" in texts(at)
    at.button(key="sm_undo").click().run()
    assert store.ids() == [run.id]
    assert not at.exception


def test_the_bin_has_a_door_after_a_reload(open_page, make_run, store):
    make_run("finished")
    gone = make_run("finished", name="by mistake")
    at = open_page("runs.py")
    assert "bin" not in options(at)
    store.delete(gone.id, "page")
    at = open_page("runs.py")  # another visit: nothing to undo there
    assert "sm_undo" not in [b.key for b in at.button]
    assert options(at)["bin"] == "Bin 1"
    at.button_group(key="run_group").set_value("bin").run()
    assert not at.exception
    assert shown(at) == ["by mistake"]
    assert "Tick rows to bring them back" in texts(at)


def test_all_runs_in_the_bin_can_be_reached(open_page, make_run, store):
    run = make_run("finished")
    store.delete(run.id, "page")
    at = open_page("runs.py")
    assert "No runs yet" in texts(at) and "No run fits" not in texts(at)
    at.button_group(key="run_group").set_value("bin").run()
    assert shown(at) == [run.id]
    store.restore(run.id)  # elsewhere, while this page shows the bin
    at.run()
    assert not at.exception and shown(at) == [run.id]
    assert "bin" not in options(at)


def options(at) -> dict[str, str]:
    """State filter: what each pill says."""
    found = at.button_group(key="run_group").proto.options
    names = ("all", "active", "queued", "done", "stopped", "needs", "archived", "bin")
    return dict(zip(names, [option.content for option in found], strict=False))


def test_finished_are_those_that_came_to_their_end(open_page, make_run):
    make_run("stopped")
    for _ in range(2):
        make_run("finished")
    found = options(open_page("runs.py"))
    assert (found["done"], found["stopped"]) == ("Finished 2", "Stopped 1")


def test_a_run_in_progress_cannot_be_deleted(open_page, held):
    held("running")
    assert open_page("runs.py").button(key="sm_delete").disabled


def test_many_runs_come_in_pages(open_page, store, make_run):
    for _ in range(51):
        make_run("finished", step=0)
    at = open_page("runs.py")
    assert not at.exception
    assert len(shown(at)) == 50


def test_a_renamed_run_is_said_and_taken_in(open_page, make_run, store):
    make_run("finished")
    make_run("finished").path.rename(store.root / "my best")
    at = open_page("runs.py")
    assert "holds a run but cannot be listed" in at.warning[0].value
    at.button(key="sm_take_my best").click().run()
    assert not at.exception and not at.warning
    assert len(store.ids()) == 2
