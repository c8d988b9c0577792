"""Each file of an export is opened once, also where its adapter is guessed.

usage: read_once_test.py PLUMB
Linux counts: inotify tells of each file of a folder that is opened.
"""

import collections
import ctypes
import os
import struct
import subprocess
import sys
import tempfile

IN_OPEN, IN_NONBLOCK = 0x20, 0o4000

EXPORT = {
    "Opportunity.csv": "Id,IsDeleted,Name,StageName,Amount,CloseDate,OwnerId,CreatedDate\n"
                       "006000000000001AAA,false,A,Open,5,2026-03-31,u,2026-01-08T14:00:00Z\n",
    "OpportunityHistory.csv": "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,CloseDate,Probability\n"
                              "h1,006000000000001AAA,u,2026-01-08T14:00:00Z,Open,5,2026-03-31,10\n",
    "User.csv": "Id,Name,ManagerId,UserRoleId,IsActive\nu,Ann,,r1,true\n",
    "notes.csv": "what\nnobody reads this\n",
}
DEALS = {"deals.csv": "hs_object_id,createdate,dealstage,hs_v2_date_entered_talk\n1,2026-01-05T09:00:00Z,talk,2026-01-05T09:00:00Z\n"}


def opened(folder, work):
    """How often each file of the folder is opened while `work` is done."""
    c = ctypes.CDLL(None, use_errno=True)
    watch = c.inotify_init1(IN_NONBLOCK)
    assert watch >= 0 and c.inotify_add_watch(watch, folder.encode(), IN_OPEN) >= 0, os.strerror(ctypes.get_errno())
    work()
    times = collections.Counter()
    try:
        events = os.read(watch, 1 << 20)
    except BlockingIOError:
        events = b""
    os.close(watch)
    while events:
        _, mask, _, size = struct.unpack_from("iIII", events)
        name = events[16:16 + size].rstrip(b"\0").decode()
        if name and mask & IN_OPEN:
            times[name] += 1
        events = events[16 + size:]
    return times


def main():
    plumb = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        for name, files in (("salesforce", EXPORT), ("hubspot", DEALS)):
            os.mkdir(f"{folder}/{name}")
            for file, text in files.items():
                with open(f"{folder}/{name}/{file}", "w") as out:
                    out.write(text)
            with open(f"{folder}/rules.plumb", "w") as rules:
                rules.write("process sales { stage talk {}  stage won { won }  path talk -> won }\n")
            guessed = [plumb, "import", f"{folder}/{name}", "--output", f"{folder}/history"]
            named = [plumb, "import", "--from", name, f"{folder}/{name}", "--output", f"{folder}/history"]
            judged = [plumb, "run", f"{folder}/rules.plumb", "--history", f"{folder}/{name}"]
            for command in (guessed, named, judged):
                def run():
                    done = subprocess.run(command, capture_output=True, text=True)
                    assert done.returncode in (0, 1), done.stderr
                times = opened(f"{folder}/{name}", run)
                # Whether a folder with a `deals.csv` is a canonical one its header says, which is looked at before.
                most = {file: 2 if file == "deals.csv" and command is judged else 1 for file in files}
                assert times == most, (command, times)


main()
