"""Many pages are put apart, few are left alone: simulated pages that follow what they are told."""

import heapq

import pytest

from gan_core.web import crowd


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def told_to(pages, seconds, cost, found=None):
    """(the rest at the end, share of a core that polls of the last half took) of so many pages."""
    clock = Clock()
    clock.now = 0.0
    found = found or crowd.Crowd(clock)
    due, spent = [(i / pages, i) for i in range(pages)], 0.0
    while due[0][0] < seconds:
        clock.now, page = heapq.heappop(due)
        found.took(cost - crowd.AROUND)
        spent += cost if clock.now >= seconds / 2 else 0.0
        heapq.heappush(due, (clock.now + max(crowd.LEAST, found.rest) / 1000, page))
    return found.rest, spent / (seconds / 2)


@pytest.mark.parametrize(("pages", "cost"), [(50, 0.007), (400, 0.007), (50, 0.03)])
def test_all_polls_of_many_pages_take_the_share(pages, cost):
    rest, share = told_to(pages, 120, cost)
    assert rest == pytest.approx(1000 * pages * cost / crowd.SHARE, rel=0.25) or rest == crowd.MOST
    assert share == pytest.approx(crowd.SHARE, rel=0.25) or rest == crowd.MOST


def test_few_pages_keep_their_own_pace():
    assert told_to(4, 30, 0.007) == (0, pytest.approx(0.056, rel=0.05))


def test_when_most_have_left_the_others_are_quick_again():
    clock = Clock()
    found = crowd.Crowd(clock)
    for pages, expected in ((50, 3500), (3, 0)):
        until, due = clock.now + 100, [(clock.now + i / pages, i) for i in range(pages)]
        while due[0][0] < until:
            clock.now, page = heapq.heappop(due)
            found.took(0.007 - crowd.AROUND)
            heapq.heappush(due, (clock.now + max(crowd.LEAST, found.rest) / 1000, page))
        assert found.rest == pytest.approx(expected, rel=0.25)
