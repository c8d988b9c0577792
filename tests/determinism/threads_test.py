"""The output of `plumb run` is the same bytes with any number of threads.

usage: threads_test.py PLUMB
The histories are made here, from a seed; two of them are large enough to be taken in several parts.
"""

import os
import random
import subprocess
import sys
import tempfile

RULEBOOK = """\
rulebook determinism { title "Rules of every shape"  version 1.0.0 }

calendar office {
  zone "America/New_York"
  work monday to friday 09:00 to 17:00
  holiday 2026-03-17 "A holiday"
}
fields account { industry text }
fields deal of account { size one of big, small  next_step text }
fields person { role one of seller, manager  team text }
activity meeting {}
activity call { channel one of phone, mail }
record report {}
event by_phone is call where channel is phone
event second is 2nd meeting on another day
event first_call is 1st by_phone for each account
process sales {
  for deals where size is known
  stage talk { at most 4 days }
  stage offer { to enter next_step is known   while in call has happened in 40 hours }
  stage won { won }
  stage lost { lost }
  path talk -> offer -> won
  back offer -> talk at most 1 time when next_step is known
  from any open stage -> lost
}
must r_event { for each deal in offer  after meeting  expect call  within 1 business day }
must r_field { for each deal  after call  expect next_step is known  within 9 working hours }
must r_account { for each deal  after first_call  expect meeting  within 1 day }
must p_before { for each deal where size is big  before meeting  expect call has happened since enters talk }
must c_at { for each deal  at next_step changed  expect in talk or time since meeting is at most 30 hours }
must i_lapse { for each deal  while in talk  expect next_step is known  lapse at most 1 day at a time }
must l_life { for each deal  throughout  expect count of by_phone is at most 2 }
must q_floor { for each person where role is seller  every week  expect count of call is at least 2 }
must q_ceiling { for each person  every week  expect count of by_phone by actor is at most 1 }
must q_share { for each person  every month  expect share of call where channel is phone is at least 50% }
must q_point { for each person  every week by monday 12:00 of the week after  expect report has happened }
must q_average { for each person  every week  expect count of second is at least 1  averaged over 2 weeks }
must q_team { for each team  every week  expect count of meeting is at least 2 }
must q_company { for the company  every week  expect count of won is at least 1 }
"""

HEADERS = {
    "deals.csv": "deal,created,owner,account,size,next_step",
    "events.csv": "deal,at,recorded,kind,name,from,to,actor,channel",
    "people.csv": "person,from,joined,left,role,team,manager",
    "records.csv": "person,name,at",
}


class History:
    """Full of ties and gaps: a month of three-hour steps, of which some rows know the day only, or nothing."""

    def __init__(self, seed, deals, events, people):
        self.random = random.Random(seed)
        self.people = [f"p{i}" for i in range(people)]
        self.rows = {name: [] for name in HEADERS}
        for person in self.people:
            role, team = self.one_of("seller", "seller", "manager"), self.one_of("north", "south", "")
            self.rows["people.csv"].append(f"{person},2026-01-01,2026-01-01,,{role},{team},{self.people[0]}")
            self.rows["records.csv"] += [f"{person},report,{self.at()}" for _ in range(2)]
        for deal in range(deals):
            account = f"A{self.random.randrange(deals)}" if self.random.random() < 0.9 else ""
            size, step = self.one_of("big", "small", "small", ""), self.one_of("call", "", "")
            self.rows["deals.csv"].append(f"D{deal},{self.at()},{self.one_of(*self.people)},{account},{size},{step}")
            self.rows["events.csv"] += [self.event(deal) for _ in range(events)]

    def one_of(self, *words):
        return words[self.random.randrange(len(words))] if words else ""

    def at(self):
        hours = 3 * self.random.randrange(240)
        return f"2026-03-{1 + hours // 24:02}T{hours % 24:02}:00:00Z"

    def event(self, deal):
        when = self.at()
        if self.random.random() < 0.02:
            when = when[:10] if self.random.random() < 0.5 else ""
        head = f"D{deal},{when},{self.at() if self.random.random() < 0.1 else ''}"
        person = self.one_of(*self.people, "")
        return self.one_of(
            f"{head},activity,meeting,,,{person},",
            f"{head},activity,call,,,{person},{self.one_of('phone', 'mail')}",
            f"{head},activity,call,,,{person},phone",
            f"{head},change,next_step,,{self.one_of('call', 'write', '')},,",
            f"{head},change,owner,,{self.one_of(*self.people)},,",
            f"{head},move,,,{self.one_of('talk', 'offer', 'offer', 'won', 'lost')},,",
        )

    def write(self, folder):
        os.mkdir(folder)
        for name, rows in self.rows.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
                out.write("\n".join([HEADERS[name], *rows]) + "\n")


HISTORIES = {
    "many deals": History(1, deals=3500, events=14, people=40),
    "long deals": History(2, deals=60, events=700, people=3),
    "one deal": History(3, deals=1, events=20, people=1),
    "nobody's deals": History(4, deals=5, events=8, people=0),
    "nothing": History(5, deals=0, events=0, people=0),
}


def run(plumb, folder, history, how, threads):
    command = [plumb, "run", "rules.plumb", "--history", history, "--as-of", "2026-03-28T12:00:00Z"]
    done = subprocess.run([*command, *how, "--threads", threads], cwd=folder, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def main(plumb):
    plumb = os.path.abspath(plumb)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "rules.plumb"), "w", encoding="utf-8") as out:
            out.write(RULEBOOK)
        for number, (name, history) in enumerate(HISTORIES.items()):
            history.write(os.path.join(folder, f"h{number}"))
            for how in (["--format", "human"], ["--format", "json"], ["--format", "csv"]):
                one = run(plumb, folder, f"h{number}", how, "1")
                if one[0] != 0 or (number < 3 and one[1].count(b"\n") < 10):
                    failures += 1
                    print(f"{name}, {how[1]}: {one[0]} with one thread\n{one[2].decode()}")
                for threads in ("2", "7"):
                    if run(plumb, folder, f"h{number}", how, threads) != one:
                        failures += 1
                        print(f"{name}, {how[1]}: {threads} threads say something else than one")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
