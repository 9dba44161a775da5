"""What is counted of requests in memory, by store, app and ten minutes."""

from sijill.limits.tally import WINDOW, Tally, Used

NOW = 1_800_000_000.25
BEGAN = int(NOW) // WINDOW * WINDOW


def test_requests_are_counted_by_store_app_kind_and_ten_minutes() -> None:
    tally = Tally()
    for passed in (True, True, False):
        tally.count(1, 5, NOW, customers=True, passed=passed)
    tally.count(1, 5, NOW + WINDOW, customers=True, passed=True)
    tally.count(1, 5, NOW, customers=False, passed=True)
    tally.count(1, 6, NOW, customers=True, passed=False)
    tally.count(2, 5, NOW, customers=True, passed=True)
    assert tally.take() == [
        Used(1, BEGAN, 5, False, 1, 0),
        Used(1, BEGAN, 5, True, 2, 1),
        Used(1, BEGAN, 6, True, 0, 1),
        Used(1, BEGAN + WINDOW, 5, True, 1, 0),
        Used(2, BEGAN, 5, True, 1, 0),
    ]
    assert tally.take() == []


def test_what_is_put_back_is_added_to_what_came_meanwhile() -> None:
    tally = Tally()
    tally.count(1, 5, NOW, customers=True, passed=True)
    taken = tally.take()
    tally.count(1, 5, NOW, customers=True, passed=False)
    tally.put_back(taken)
    assert tally.take() == [Used(1, BEGAN, 5, True, 1, 1)]


def test_a_full_tally_counts_what_it_knows_alone() -> None:
    tally = Tally(most=1)
    for app in (5, 6, 5):
        tally.count(1, app, NOW, customers=True, passed=True)
    assert tally.take() == [Used(1, BEGAN, 5, True, 2, 0)]
