#!/usr/bin/python3
"""check_test.py PLUMB: what `plumb check` writes for programs, read by the libraries that programs read it with, and
what `--fix` may never do. Run over every rulebook of the golden tests, a clean one, one that is not there, and names and texts that were made to
break a format.
"""
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import xml.etree.ElementTree as xml
from pathlib import Path

import jsonschema

PLUMB = None
TESTS = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((TESTS / "support/sarif/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
FORMATS = ["plain", "json", "sarif", "github", "junit"]
CLEAN = "fields deal { amount money }\n"
WRONG = "fields deal { amount money }\n\nmust r {\n  for each deal\n  at won\n  expect amout is known\n}\n"


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def rulebooks_of(test):
    """The `--- file` sections of a golden test that are rulebooks, as (name, content)."""
    name, lines = None, []
    for line in test.read_text(encoding="utf-8").split("\n") + ["--- end"]:
        if line.startswith("--- "):
            if name is not None:
                yield name, "".join(lines)
            kind, _, argument = line[4:].partition(" ")
            name = argument if kind == "file" and argument.endswith(".plumb") else None
            lines = []
        else:
            lines.append(re.sub(r"^(\\+--- )", lambda m: m.group(1)[1:], line) + "\n")


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.at = os.fsencode(self.folder.name)

    def put(self, name, content):
        write(os.path.join(self.at, os.fsencode(name)), content)

    def check(self, *arguments, expect):
        run = subprocess.run([PLUMB, "check", *arguments], cwd=self.at, capture_output=True, timeout=300, check=False)
        self.assertEqual(run.returncode, expect, run.stderr[-2000:])
        return run.stdout.decode("utf-8")  # strictly: an output in any other encoding is a broken one

    def sarif(self, *arguments, expect):
        log = json.loads(self.check(*arguments, "--format", "sarif", expect=expect))
        jsonschema.Draft4Validator(SCHEMA).validate(log)
        self.assertEqual(len(log["runs"]), 1)
        run = log["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            for location in result["locations"] + result.get("relatedLocations", []):
                if "physicalLocation" in location:
                    self.check_location(location["physicalLocation"])
        return run

    def check_location(self, location):
        uri = location["artifactLocation"]["uri"]
        self.assertRegex(uri, r"^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$")
        with open(os.path.join(self.at, urllib.parse.unquote_to_bytes(uri)), "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        region = location["region"]
        lines = re.split(r"\r\n|\n|\r", text)
        for line, column in (("startLine", "startColumn"), ("endLine", "endColumn")):
            self.assertLessEqual(region[line], len(lines))
            self.assertLessEqual(region[column], len(lines[region[line] - 1]) + 1)
        start, end = ((region[a], region[b]) for a, b in (("startLine", "startColumn"), ("endLine", "endColumn")))
        self.assertLessEqual(start, end)

    def junit(self, *arguments, expect):
        root = xml.fromstring(self.check(*arguments, "--format", "junit", expect=expect))
        self.assertEqual(root.tag, "testsuites")
        self.assertEqual([suite.tag for suite in root], ["testsuite"])
        suite = root[0]
        self.assertEqual(int(suite.get("tests")), len(suite))
        for kind, count in (("failure", "failures"), ("error", "errors")):
            self.assertEqual(int(suite.get(count)), len(suite.findall(f"testcase/{kind}")))
        return suite

    def github(self, *arguments, expect):
        lines = self.check(*arguments, "--format", "github", expect=expect).split("\n")
        self.assertEqual(lines.pop(), "")
        for line in lines:
            self.assertRegex(line, r"^::(error|warning|notice) ((file|line|col|endLine|endColumn)=[^:,]*,)*title=[^:,]+::")
            self.assertNotRegex(line, r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|%(?!25|0D|0A|3A|2C)")
        return lines

    def json_lines(self, *arguments, expect):
        return [json.loads(line) for line in self.check(*arguments, "--format", "json", expect=expect).splitlines()]

    def put_golden_rulebooks(self):
        count = 0
        for test in sorted((TESTS / "golden").rglob("*.test")):
            for name, content in rulebooks_of(test):
                self.put(os.path.join(test.relative_to(TESTS / "golden").with_suffix(""), name), content)
                count += 1
        self.assertGreater(count, 200)
        return count

    def test_every_rulebook_of_the_golden_tests(self):
        count = self.put_golden_rulebooks()
        run = self.sarif(".", expect=3)
        self.assertTrue(run["invocations"][0]["executionSuccessful"])
        self.assertGreater(len(run["tool"]["driver"]["rules"]), 50)
        found = self.json_lines(".", expect=3)
        self.assertEqual([f["code"] for f in found], [r["ruleId"] for r in run["results"]])
        self.assertEqual(len(self.github(".", expect=3)), len(found))
        self.assertEqual(len(self.check(".", "--format", "plain", expect=3).splitlines()), len(found))
        self.assertLessEqual(len(self.junit(".", expect=3)), count)

    def errors_by_file(self):
        errors = {}
        for found in self.json_lines(".", "--fail-level", "never", expect=0):
            errors[found["file"]] = errors.get(found["file"], 0) + (found["severity"] == "error")
        return errors

    def test_a_repair_never_brings_errors(self):
        self.put_golden_rulebooks()
        before = self.errors_by_file()
        self.check(".", "--fix", expect=3)
        after = self.errors_by_file()
        for file, errors in after.items():
            self.assertLessEqual(errors, before.get(file, 0), file)
        self.assertLess(sum(after.values()), sum(before.values()) - 30)
        texts = {path: path.read_bytes() for path in sorted(Path(self.folder.name).rglob("*.plumb"))}
        self.check(".", "--fix", expect=3)
        for path, text in texts.items():
            self.assertEqual(path.read_bytes(), text, f"{path}: a second --fix finds more to do")

    def test_a_clean_rulebook(self):
        self.put("clean.plumb", CLEAN)
        run = self.sarif("clean.plumb", expect=0)
        self.assertEqual(run["results"], [])
        self.assertEqual(run["invocations"], [{"executionSuccessful": True, "toolExecutionNotifications": []}])
        case, = self.junit("clean.plumb", expect=0)
        self.assertEqual(list(case), [])
        self.assertEqual(self.github("clean.plumb", expect=0), [])
        self.assertEqual(self.json_lines("clean.plumb", expect=0), [])

    def test_what_cannot_be_read(self):
        self.put("wrong.plumb", WRONG)
        run = self.sarif("missing.plumb", "wrong.plumb", expect=2)
        invocation, = run["invocations"]
        self.assertFalse(invocation["executionSuccessful"])
        notification, = invocation["toolExecutionNotifications"]
        self.assertIn("missing.plumb", notification["message"]["text"])
        self.assertEqual(len(run["results"]), 1)
        first, second = self.junit("missing.plumb", "wrong.plumb", expect=2)
        self.assertEqual([child.tag for child in first], ["error"])
        self.assertEqual([child.tag for child in second], ["failure"])
        self.assertEqual(len(self.github("missing.plumb", "wrong.plumb", expect=2)), 2)

    def test_names_of_files(self):
        names = [b"a b.plumb", b"a%0Ab.plumb", b"new\nline.plumb", b"\"quoted\"'.plumb", b"]]>&amp;<x>.plumb",
                 b"a,b:c.plumb", b"\xff\x80.plumb", b"\x1b[31m\x07.plumb", "h\u00fcgel \u202e.plumb".encode(),
                 b"::error ::x.plumb", b"{0}[a](b).plumb", "\ufffe.plumb".encode()]
        for name in names:
            self.put(name, WRONG)
        for arguments in (["."], sorted(names)):
            run = self.sarif(*arguments, expect=3)
            places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
            self.assertEqual(sorted(urllib.parse.unquote_to_bytes(place) for place in places), sorted(names))
            self.assertEqual(len(self.junit(*arguments, expect=3)), len(names))
            self.assertEqual(len(self.github(*arguments, expect=3)), len(names))
            self.assertEqual(len(self.json_lines(*arguments, expect=3)), len(names))
        missing = [name + b"x" for name in names]
        run = self.sarif(*missing, expect=2)
        self.assertEqual(len(run["invocations"][0]["toolExecutionNotifications"]), len(names))
        self.assertEqual(len(self.junit(*missing, expect=2)), len(names))
        self.assertEqual(len(self.github(*missing, expect=2)), len(names))

    def test_texts_made_to_break_a_format(self):
        words = [b"]]>", b"<![CDATA[", b"&lt;", b"%0A::error::x", b"\"quoted\" 'text'", b"{0} {{1}}", b"[a](http://b)",
                 b"\\", b"\\n", b"\x00\x01\x1b[31m", b"\xc2\x85\xe2\x80\xa8", b"\xe2\x80\xae\xef\xbf\xbe",
                 b"\xf0\x9f\x98\x80 e\xcc\x81", b"\t\t", b"x" * 1_000_000]
        rule = b"must r {\n  for each deal\n  at won\n  expect %s is known\n}\n"
        for number, word in enumerate(words):
            self.put(f"bare{number}.plumb", rule % word)
            self.put(f"text{number}.plumb", rule % (b"\"" + word.replace(b"\"", b"") + b"\""))
            self.put(f"crlf{number}.plumb", b"\xef\xbb\xbf" + (rule % word).replace(b"\n", b"\r\n"))
            self.put(f"alone{number}.plumb", word)
        self.put("bytes.plumb", rule % b"\xff\xfe\x80")
        run = self.sarif(".", expect=3)
        found = self.json_lines(".", expect=3)
        self.assertGreater(len(found), 3 * len(words))
        self.assertEqual(len(run["results"]), len(found))
        self.assertEqual(len(self.github(".", expect=3)), len(found))
        self.assertEqual(len(self.junit(".", expect=3)), 4 * len(words) + 1)
        plain = self.check(".", "--format", "plain", expect=3)
        self.assertEqual(len(plain.split("\n")), len(found) + 1)
        self.assertNotRegex(plain, r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")

    def test_standard_input_may_be_a_socket(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(WRONG.encode())
            ours.shutdown(socket.SHUT_WR)
            run = subprocess.run([PLUMB, "check", "-", "--format", "plain"], stdin=theirs, capture_output=True, timeout=60,
                                 check=False)
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn(b"unknown-field", run.stdout)

    def test_no_kind_of_text_takes_long(self):
        head = "fields deal { amount money }\nmust r { for each deal at won expect amount in ("
        texts = {"numbers": head + ", ".join(map(str, range(30_000))) + ") }\n", "colons": "for: each= deal! " * 10_000,
                 "braces": "{}()" * 40_000, "uses": "".join(f"use acme.x{i}\n" for i in range(8_000)),
                 "words": "must expect within fields " * 8_000}
        for name, text in texts.items():
            self.put(name + ".plumb", text)
            begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            found = self.json_lines(name + ".plumb", expect=3)
            self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin, 20, name)
            self.assertLessEqual(len(found), 102, name)

    def test_an_output_file_holds_the_same(self):
        self.put("wrong.plumb", WRONG)
        for kind in FORMATS:
            printed = self.check("wrong.plumb", "--format", kind, expect=3)
            self.assertEqual(self.check("wrong.plumb", "--format", kind, "--output", "out", expect=3), "")
            with open(os.path.join(self.at, b"out"), encoding="utf-8") as file:
                self.assertEqual(file.read(), printed)


if __name__ == "__main__":
    PLUMB = os.path.abspath(sys.argv.pop(1))
    unittest.main()
