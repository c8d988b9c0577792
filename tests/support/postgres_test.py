"""A database in place of an export: what a mapping's queries answer is what the same tables say as files.

usage: postgres_test.py PLUMB
A server is started in a folder of its own, on a socket in it, and stopped at the end.
"""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TABLES = """\
create table deals (id int primary key, made timestamptz, owner text, amount numeric, currency text, active boolean);
insert into deals values
  (1, '2026-01-05 10:00:00+00', 'ana', 1000.50, 'EUR', true),
  (2, '2026-03-29 01:30:00.000001+01', 'O''Hara, "Bo"', null, null, true),
  (3, '2026-01-06 10:00:00-05', null, 7, 'USD', false);
create table moves (deal int, at timestamptz, day date, was text, stage text, by text);
insert into moves values
  (1, '2026-01-05 10:00:00+00', null, null, 'talk', 'ana'),
  (1, '2026-01-09 10:00:00+00', null, 'talk', 'won', E'line\\nbreak'),
  (2, '2026-03-29 03:00:00+02', null, null, 'talk', 'Ünal');
"""

RULEBOOK = """\
rulebook shop { title "A shop"  version 1.0.0 }
fields deal { amount money }
process sales { stage talk {}  stage won { won }  path talk -> won }
must known { for each deal at enters talk expect amount is known }
"""

MAPPING = """\
zone: UTC
recorded: at
coverage: { everything: always }
people: { actors: true }
files:
  - file: deals.csv
    query: "select id, made, owner, amount, currency, active from deals order by id;"
    rows:
      - is: deal
        when: { active: true }
        deal: id
        created: made
        owner: owner
        fields: { amount: { column: amount, currency column: currency } }
  - file: moves.csv
    query: select * from moves order by at, deal
    sequence: file order
    rows:
      - is: move
        deal: deal
        at: at
        from: was
        to: stage
        actor: by
"""

# What the two queries answer, as files.
FILES = {
    "deals.csv": '''\
id,made,owner,amount,currency,active
1,2026-01-05T10:00:00Z,ana,1000.50,EUR,true
2,2026-03-29T00:30:00.000001Z,"O'Hara, ""Bo""",,,true
3,2026-01-06T15:00:00Z,,7,USD,false
''',
    "moves.csv": """\
deal,at,day,was,stage,by
1,2026-01-05T10:00:00Z,,,talk,ana
1,2026-01-09T10:00:00Z,,talk,won,"line
break"
2,2026-03-29T01:00:00Z,,,talk,Ünal
""",
}


def as_owner():
    """The server does not run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []


@contextlib.contextmanager
def server(folder):
    tools = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
    data, owner = f"{folder}/data", as_owner()
    if owner:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    os.chmod(folder, 0o755)
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*owner, f"{tools}/initdb", "-D", data, "-U", "plumb", "-A", "trust", "--no-sync", "-E", "UTF8",
                    "--locale=C"], **quiet)
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c timezone=Asia/Kolkata"
    subprocess.run([*owner, f"{tools}/pg_ctl", "-D", data, "-s", "-w", "-l", f"{folder}/log", "-o", settings, "start"],
                   **quiet)
    try:
        yield f"postgresql://plumb:secret@/postgres?host={folder}"
    finally:
        subprocess.run([*owner, f"{tools}/pg_ctl", "-D", data, "-m", "fast", "-s", "stop"], **quiet)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def contents(folder):
    return {name: open(f"{folder}/{name}", encoding="utf-8").read() for name in sorted(os.listdir(folder))}


def check(holds, what, *shown):
    if not holds:
        sys.exit("\n".join([f"FAILED: {what}", *map(str, shown)]))


class Test:
    def __init__(self, plumb, folder, address):
        self.plumb, self.folder, self.address = plumb, folder, address
        write(f"{folder}/rules.plumb", RULEBOOK)
        write(f"{folder}/map.yaml", MAPPING)
        os.mkdir(f"{folder}/files")
        for name, text in FILES.items():
            write(f"{folder}/files/{name}", text)

    def run(self, *arguments):
        return subprocess.run([self.plumb, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60)

    def import_from(self, source, output, mapping="map.yaml"):
        return self.run("import", "rules.plumb", source, "--mapping", mapping, "--output", output)

    def same_as_files(self):
        from_files = self.import_from("files", "from_files")
        from_database = self.import_from(self.address, "from_database")
        check(from_files.returncode == 0, "the files are imported", from_files.stderr)
        check(from_database.returncode == 0, "the database is imported", from_database.stderr)
        check(contents(f"{self.folder}/from_files") == contents(f"{self.folder}/from_database"), "both say the same",
              contents(f"{self.folder}/from_files"), contents(f"{self.folder}/from_database"))

    def verdicts(self):
        ran = [self.run("run", "rules.plumb", "--history", source, "--mapping", "map.yaml", "--format", "csv",
                        "--as-of", "2026-04-01") for source in ("files", self.address)]
        check(ran[0].stdout.count("\n") == 6, "there are five obligations", ran[0].stdout, ran[0].stderr)
        check(ran[0].stdout == ran[1].stdout, "the verdicts are the same", ran[0].stdout, ran[1].stdout, ran[1].stderr)
        shown = self.run("run", "rules.plumb", "--history", self.address, "--mapping", "map.yaml", "--as-of", "2026-04-01")
        check("secret" not in shown.stdout + shown.stderr, "the password is not shown", shown.stdout, shown.stderr)

    def refuses(self, query, said):
        write(f"{self.folder}/wrong.yaml",
              MAPPING.replace("select * from moves order by at, deal", query))
        got = self.import_from(self.address, "wrong", "wrong.yaml")
        check(got.returncode == 2 and said in got.stderr and "secret" not in got.stderr, f"`{query}` is refused",
              got.returncode, got.stderr)
        check(not os.path.exists(f"{self.folder}/wrong"), "nothing is written")

    def wrong_queries(self):
        self.refuses("select * from nothing", "the query of `moves.csv`: ")
        self.refuses("delete from moves returning *", "the query of `moves.csv`: ")
        self.refuses("select 1; drop table moves", "the query of `moves.csv`: ")
        self.refuses("copy moves to program 'true'", "the query of `moves.csv`: ")
        self.refuses("select nextval('numbers'), 1 as deal", "read-only")
        self.refuses("select deal, at, was, by from moves", "no column `stage`")
        self.refuses("select 1 / 0 as deal", "division by zero")

    def ended(self):
        """A query does not go on behind a program that is gone."""
        write(f"{self.folder}/slow.yaml",
              MAPPING.replace("select * from moves order by at, deal", "select *, pg_sleep(300) from moves"))
        running = "select count(*) from pg_stat_activity where application_name = 'plumb' and state = 'active'"

        def queries(wanted):
            for _ in range(600):
                if subprocess.run(["psql", self.address, "-Atc", running], capture_output=True, text=True).stdout == wanted:
                    return True
                time.sleep(0.1)
            return False

        program = subprocess.Popen([self.plumb, "import", "rules.plumb", self.address, "--mapping", "slow.yaml", "--output",
                                    "slow"], cwd=self.folder)
        check(queries("1\n"), "the query is asked")
        program.send_signal(signal.SIGINT)
        check(program.wait() == -signal.SIGINT, "Ctrl-C ends it", program.returncode)
        check(queries("0\n"), "and its query")
        check(not os.path.exists(f"{self.folder}/slow"), "nothing is written")

    def wrong_addresses(self):
        nowhere = self.import_from(f"postgres://plumb:secret@/postgres?host={self.folder}/nowhere", "wrong")
        check(nowhere.returncode == 2 and "cannot read `postgres:///postgres`" in nowhere.stderr
              and "secret" not in nowhere.stderr, "no server", nowhere.stderr)
        for secret in ("sec?ret", "sec/ret", "sec%ret", "sec@ret"):
            odd = self.import_from(f"postgres://plumb:{secret}@/postgres?host={self.folder}", "wrong")
            check(odd.returncode == 2 and "sec" not in odd.stderr.replace("second", ""), f"the password `{secret}` is not shown", odd.stderr)
        unnamed = self.run("run", "rules.plumb", "--history", self.address)
        check(unnamed.returncode == 2 and "--mapping" in unnamed.stderr and "secret" not in unnamed.stderr,
              "no mapping", unnamed.stderr)
        write(f"{self.folder}/none.yaml", "\n".join(line for line in MAPPING.split("\n") if "query:" not in line))
        none = self.import_from(self.address, "wrong", "none.yaml")
        check(none.returncode == 2 and "has no `query`" in none.stderr, "no query", none.stderr)


def main():
    folder = tempfile.mkdtemp(prefix="plumb_postgres.")
    try:
        with server(folder) as address:
            psql = subprocess.run(["psql", address, "-q", "-v", "ON_ERROR_STOP=1"], input=TABLES + "create sequence numbers;",
                                  text=True, check=False, capture_output=True)
            check(psql.returncode == 0, "the tables are made", psql.stderr)
            test = Test(os.path.abspath(sys.argv[1]), folder, address)
            test.same_as_files()
            test.verdicts()
            test.wrong_queries()
            test.wrong_addresses()
            test.ended()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
