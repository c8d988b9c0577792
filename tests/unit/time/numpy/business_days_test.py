#!/usr/bin/python3
"""business_days_test.py ANSWERS: numpy's business days against the engine's, for random work weeks and holidays.
ANSWERS is the program of business_days.cpp."""
import random
import subprocess
import sys

import numpy as np

ZONES = ["UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"]
CALENDARS = 40
DAYS = 800
TABLE_FIRST, TABLE_LAST = np.datetime64("1899-01-01"), np.datetime64("2201-12-31")  # outside, the engine knows nothing
FIRST, LAST = np.datetime64("1901-01-01"), np.datetime64("2199-12-31")


def numbers(days):
    return days.astype("datetime64[D]").astype(np.int64)


def random_days(choice, count):
    first, last = int(numbers(FIRST)), int(numbers(LAST))
    return np.array([choice.randint(first, last) for _ in range(count)]).astype("datetime64[D]")


def holidays_of(choice):
    """Any days, weekends too, and some weeks on end."""
    days = set()
    for day in random_days(choice, choice.choice([0, 10, 3000])):
        for further in range(choice.choice([1, 1, 1, 12])):
            days.add(day + further)
    return np.array(sorted(days), dtype="datetime64[D]")


def week_of(choice):
    week = choice.choice(["1111100", "1111110", "1111111", "0111110", "1111001", "1000000", None])
    return week or "".join(choice.choice("01") for _ in range(6)) + "1"


def ask(choice, lines, expected):
    week, holidays, zone = week_of(choice), holidays_of(choice), choice.choice(ZONES)
    lines.append(f"calendar {zone} {week} {','.join(str(n) for n in numbers(holidays))}")
    calendar = np.busdaycalendar(weekmask=week, holidays=holidays)
    days = random_days(choice, DAYS)
    others = np.clip(days + np.array([choice.randint(-2000, 2000) for _ in days]), TABLE_FIRST, TABLE_LAST)
    counts = np.array([choice.randint(1, 300) for _ in days])
    # The n-th strictly after a day that is none is counted from the one before it, and the other way round.
    after = np.busday_offset(days, counts, roll="backward", busdaycal=calendar)
    before = np.busday_offset(days, -counts, roll="forward", busdaycal=calendar)
    this_or_next = np.busday_offset(days, 0, roll="forward", busdaycal=calendar)
    questions = [
        ("is", days, np.zeros(DAYS, int), np.is_busday(days, busdaycal=calendar).astype(int)),
        ("after", days, counts, numbers(after)),
        ("after", days, -counts, numbers(before)),
        ("after", days, np.zeros(DAYS, int), numbers(this_or_next)),
        ("between", days, numbers(others), between(days, others, calendar)),
        ("within", days, counts, numbers(after)),
        ("within", days, np.zeros(DAYS, int), numbers(this_or_next)),
        ("ahead", days, counts, numbers(before)),
    ]
    for word, first, second, answers in questions:
        for day, n, answer in zip(numbers(first), second, answers):
            expected.append((f"{week} {zone}: {word} {day} {n}", int(answer), word))
            lines.append(f"{word} {day} {n}")


def between(days, others, calendar):
    """Signed; what numpy itself makes of a second day that is the earlier one is not the same in all its versions."""
    count = np.busday_count(np.minimum(days, others), np.maximum(days, others), busdaycal=calendar)
    return np.where(others < days, -count, count)


def main():
    choice = random.Random(20260302)
    lines, expected = [], []
    for _ in range(CALENDARS):
        ask(choice, lines, expected)
    run = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    given = run.stdout.split("\n")[:-1]
    assert len(given) == len(expected), f"{len(expected)} questions, {len(given)} answers"
    wrong = []
    for (question, answer, word), ours in zip(expected, given):
        if word != "between" and not numbers(TABLE_FIRST) <= answer <= numbers(TABLE_LAST):
            answer = "unknown"
        if str(answer) != ours:
            wrong.append(f"{question}: numpy {answer}, the engine {ours}")
    print(f"{len(expected)} questions of {CALENDARS} calendars, {len(wrong)} answers differ from numpy {np.__version__}")
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


sys.exit(main())
