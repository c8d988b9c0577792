#!/usr/bin/python3
"""plumb_test_test.py PLUMB: what `plumb test` writes for programs, read by the libraries that programs read it with."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

PLUMB = None
RULES = """fields deal { amount money }
activity call
process sales { stage talk   stage won { won }   path talk -> won }
must priced { for each deal after call expect amount is known within 2 days }
"""
GOOD = """test "in time" {
  deal D1
  2026-03-02 09:00 D1 call
  2026-03-04 09:00 D1 sets amount to 5 USD
  as of 2026-03-04 expect priced is kept for D1
}
"""
BAD = """test "<too late> & \\"said\\" ]]> \u202e \u200b" {
  deal D1
  2026-03-02 09:00 D1 call
  as of 2026-03-05 expect priced is kept for D1
}
test "no such move" {
  deal D1
  2026-03-02 09:00 D1 reopened
  as of 2026-03-05 expect no priced for D1
}
"""
BROKEN = "must priced { for each deal at nothing expect amount is known }\n"


class Test(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.put("good.plumb", RULES + GOOD)
        self.put("bad.plumb", RULES + GOOD + BAD)

    def put(self, name, content):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
            file.write(content)

    def plumb(self, *arguments, expect):
        run = subprocess.run([PLUMB, "test", *arguments], cwd=self.folder.name, capture_output=True, timeout=120, check=False)
        self.assertEqual(run.returncode, expect, run.stderr[-2000:])
        return run.stdout

    def test_json_counts_what_it_lists(self):
        document = json.loads(self.plumb(".", "--format", "json", expect=4))
        tests = [test for book in document["rulebooks"] for test in book["tests"]]
        passed = [test for test in tests if test["outcome"] == "passed"]
        self.assertEqual((document["tests"], document["passed"], document["failed"]), (4, 2, 2))
        self.assertEqual((len(tests), len(passed)), (4, 2))
        for test in tests:
            met = all(one["outcome"] == "passed" for one in test["expectations"]) and not test.get("troubles")
            self.assertEqual(test["outcome"] == "passed", met, test["title"])
        for book in document["rulebooks"]:
            coverage = book["coverage"]
            self.assertEqual(coverage["exercised"] + len(coverage["gaps"]), coverage["of"])
        self.assertEqual(sum(book["coverage"]["of"] for book in document["rulebooks"]), document["coverage"]["of"])

    def test_junit_counts_what_it_lists(self):
        self.put("broken.plumb", BROKEN)
        root = xml.fromstring(self.plumb(".", "absent.plumb", "--format", "junit", expect=2))
        self.assertEqual(root.tag, "testsuites")
        for counted in [root, *root]:
            cases = counted.findall(".//testcase")
            self.assertEqual(int(counted.get("tests")), len(cases))
            self.assertEqual(int(counted.get("failures")), len(counted.findall(".//failure")))
            self.assertEqual(int(counted.get("errors")), len(counted.findall(".//error")))
            for case in cases:
                self.assertTrue(case.get("classname") and case.get("name"))
        self.assertEqual((root.get("failures"), root.get("errors")), ("2", "2"))

    def test_exit_codes(self):
        self.plumb("good.plumb", expect=0)
        self.plumb("good.plumb", "--min-coverage", "100%", expect=4)
        self.plumb("bad.plumb", expect=4)
        self.put("broken.plumb", BROKEN)
        self.plumb(".", expect=3)
        self.plumb(".", "absent.plumb", expect=2)

    def test_output_is_written_whole_or_not_at_all(self):
        self.assertEqual(self.plumb("good.plumb", "--format", "json", "--output", "report.json", expect=0), b"")
        with open(os.path.join(self.folder.name, "report.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["passed"], 1)
        self.plumb("good.plumb", "--output", "good.plumb", expect=2)
        with open(os.path.join(self.folder.name, "good.plumb"), encoding="utf-8") as file:
            self.assertEqual(file.read(), RULES + GOOD)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["bad.plumb", "good.plumb", "report.json"])

    def test_says_the_same_each_time(self):
        self.assertEqual(self.plumb(".", "--coverage", expect=4), self.plumb(".", "--coverage", expect=4))


if __name__ == "__main__":
    PLUMB = os.path.abspath(sys.argv.pop(1))
    unittest.main()
