"""New ids."""

import re
from datetime import timedelta

from fixtures.registers import NOW

from sijill.values.ids import new_event_id


def test_event_ids_grow_with_time_and_are_never_the_same() -> None:
    moments = [NOW + timedelta(milliseconds=number) for number in range(100)]
    ids = [new_event_id(at) for at in moments]
    assert ids == sorted(ids)
    assert all(re.fullmatch("evt_[0-9a-f]{32}", one) for one in ids)
    assert len({new_event_id(NOW) for _ in range(100)}) == 100
