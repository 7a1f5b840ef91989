import pytest
from training_throughput import Contender, measure, rate, readable, table


class Bar:
    """A progress bar that shows nothing."""

    def add_task(self, description, total):
        self.done, self.total = 0, total

    def update(self, task, description):
        pass

    def advance(self, task):
        self.done += 1


def test_the_table_shows_medians_spread_and_ratios_of_each_round():
    contenders = [
        Contender("fast", 4, "slow", rates=[20.0, 60.0, 1000.0]),
        Contender("slow", 1, "slow", rates=[1.0, 2.0, 0.25]),
    ]
    # Ratios are 20, 30, 4000: their median is not the ratio of the medians, 60 / 1.
    assert table(contenders, 96).splitlines() == [
        "| at 96x96 | batch | pictures/s | lowest to highest | ratio |",
        "|---|---|---|---|---|",
        "| fast | 4 | 60 | 20 to 1,000 | 30x slow |",
        "| slow | 1 | 1 | 0.25 to 2 | 1x slow |",
    ]


def test_numbers_are_readable():
    numbers = [0.04791, 9.284, 99.99, 1150.6]
    assert [readable(number) for number in numbers] == [
        "0.0479",
        "9.28",
        "100",
        "1,151",
    ]


def test_a_rate_is_pictures_over_seconds(monkeypatch):
    clock = iter([0.0, 1.0, 2.0, 3.5])
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    assert rate(lambda: 7, seconds=3) == pytest.approx(3 * 7 / 3.5)


def test_contenders_are_measured_in_turn_after_a_first_call(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "training_throughput.rate", lambda work, seconds: work() * seconds
    )

    class Args:
        rounds, seconds = 2, 3

    contenders = [
        Contender("a", 1, "a", lambda: calls.append("a") or 5),
        Contender("b", 1, "a", lambda: calls.append("b") or 7),
    ]
    bar = Bar()
    measure(contenders, Args, bar)
    assert calls == ["a", "b"] * 3
    assert [contender.rates for contender in contenders] == [[15, 15], [21, 21]]
    assert bar.done == bar.total
