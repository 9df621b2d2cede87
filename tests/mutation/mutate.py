#!/usr/bin/env python3
"""Makes small changes to the sources that decide who sends when, and sees whether the unit tests notice.

mutate.py BUILD [--sample N] [--seed S] [--minutes M] [--jobs J] [--only PART]: BUILD is a configured Ninja build folder in which
chatapps_unit_tests is built. For each change only the changed object is compiled and the tests are linked anew; the
tests of that source run first, and all others only where those notice nothing. A change that takes too long counts as
noticed, one that does not compile does not count. Exit 1 where fewer than 85 % are noticed.
"""
import argparse
import json
import os
import random
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

LANE = "LaneTest.*"
CALL = "Call.*:CallFaults.*:CallRefusal.*:JoinedCall.*:StrictWindow.*"
# Which tests are about which source. The others follow where these notice nothing.
TESTS = {
    "pacing/lane.cpp": LANE,
    "pacing/lanes.cpp": "Lanes*",
    "pacing/places.cpp": "Places*:" + LANE,
    "pacing/rejections.cpp": "Rejections.*:" + LANE,
    "pacing/round_trips.cpp": "RoundTrips.*:" + LANE,
    "call/retry_policy.cpp": "Retry*:" + CALL,
    "call/retry_after.cpp": "RetryAfter.*",
    "call/call.cpp": CALL,
    "call/judge.cpp": "Judge.*:" + CALL,
    "call/flight.cpp": "SyncClient.*:AsyncClient.*:PacedClient.*:Sharing.*:SharedPacer.*:ClientDeadline.*:Observer*",
    "timestamp.cpp": "Timestamp.*",
    "civil_time.cpp": "Timestamp.*:HttpDate.*",
}
# The tests of one source take a second, all together half a minute. The rest is for a machine that has other work too.
SECONDS = 40
SECONDS_FOR_ALL = 400

# What is looked for, what it becomes, and what to call it.
CHANGES = [
    (r" <= ", " < ", "<= to <"),
    (r" >= ", " > ", ">= to >"),
    (r" < ", " <= ", "< to <="),
    (r" > ", " >= ", "> to >="),
    (r" == ", " != ", "== to !="),
    (r" != ", " == ", "!= to =="),
    (r" && ", " || ", "&& to ||"),
    (r" \|\| ", " && ", "|| to &&"),
    (r" \+ ", " - ", "+ to -"),
    (r" - ", " + ", "- to +"),
    (r" \* ", " / ", "* to /"),
    (r"\+\+(?=\w)", "--", "++ to --"),
    (r"--(?=\w)", "++", "-- to ++"),
    (r" \+= ", " -= ", "+= to -="),
    (r" -= ", " += ", "-= to +="),
    (r"\bmin\(", "max(", "min to max"),
    (r"\bmax\((?!\))", "min(", "max to min"),
    (r"\btrue\b", "false", "true to false"),
    (r"\bfalse\b", "true", "false to true"),
    (r"(?<![\w.'])0(?![\w.'])", "1", "0 to 1"),
    (r"(?<![\w.'])1(?![\w.'])", "2", "1 to 2"),
    (r"(?<![\w.'])1(?![\w.'])", "0", "1 to 0"),
    (r"(?<=[( ])!(?=[\w(])", "", "! taken away"),
]
CONDITION = re.compile(r"\b(if|while) \(")
STATEMENT = re.compile(r"^(?P<before>\s*(?:(?:if|for|while) \(.*\) |else |case .*: )?)(?P<what>(?!return\b.*\b\w|const |auto |using |static |case |template|struct |class |namespace|\}|typedef |constexpr |std::\w+(?:<.*>)? \w+[;{]|\w+ \w+(?: =.*|\{.*\})?;)[\w*(+\-:].*);\s*(?://.*)?$")


def without_texts_and_comments(line):
    """The line with what is no code blanked out, at the same length."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', lambda m: '"' + "_" * (len(m.group()) - 2) + '"', line)
    line = re.sub(r"'(?:\\.|[^'\\])'", lambda m: "_" * len(m.group()), line)
    return re.sub(r"//.*", lambda m: " " * len(m.group()), line)


def closing(text, start):
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    return -1


def changes_of(line):
    code = without_texts_and_comments(line)
    if code.lstrip().startswith(("#", "template", "using ", "namespace", "}  //")):
        return
    for pattern, new, name in CHANGES:
        for found in re.finditer(pattern, code):
            yield name, line[: found.start()] + new + line[found.end():]
    for found in CONDITION.finditer(code):
        end = closing(code, found.end() - 1)
        condition = line[found.end(): end]
        if end > 0 and ";" not in condition and " = " not in condition:
            yield "condition negated", line[: found.end()] + "!(" + condition + ")" + line[end:]
    statement = STATEMENT.match(code)
    if statement and code.count("(") == code.count(")"):
        start = len(statement.group("before"))
        yield "statement dropped", line[:start] + ";"


class Mutant:
    """One line of a source, changed. `lines` are those of the source as it is."""

    def __init__(self, source, lines, number, name, line):
        self.source, self.lines, self.number, self.name, self.line = source, lines, number, name, line

    def __str__(self):
        new = self.line.strip()
        shown = "(nothing)" if new == ";" else new
        return f"src/{self.source}:{self.number}: {self.name}\n    - {self.lines[self.number - 1].strip()}\n    + {shown}"


def mutants_of(root, source):
    lines = (root / "src" / source).read_text().splitlines()
    for number, line in enumerate(lines, 1):
        for name, changed in changes_of(line):
            yield Mutant(source, lines, number, name, changed)


class Tests:
    """Compiles, links and runs: one place a job, so that they do not meet."""

    def __init__(self, build):
        self.build = build
        self.compile = {
            entry["file"]: shlex.split(entry["command"])
            for entry in json.loads((build / "compile_commands.json").read_text())
        }
        commands = subprocess.run(["ninja", "-C", build, "-t", "commands", "chatapps_unit_tests"], check=True,
                                  capture_output=True, text=True).stdout.splitlines()
        self.link = next(c for c in reversed(commands) if " -o chatapps_unit_tests" in c or "/chatapps_unit_tests " in c)

    def run(self, command, seconds, cwd):
        try:
            return subprocess.run(command, cwd=cwd, timeout=seconds, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode
        except subprocess.TimeoutExpired:
            return -1

    def tried(self, mutant, root, place):
        """killed, survived or invalid."""
        place.mkdir(parents=True, exist_ok=True)
        path = root / "src" / mutant.source
        changed, made = place / path.name, place / "object.o"
        lines = list(mutant.lines)
        lines[mutant.number - 1] = mutant.line
        changed.write_text("\n".join(lines) + "\n")
        command = self.compile[str(path)]
        original = command[command.index("-o") + 1]
        command = [str(made) if a == original else str(changed) if a == str(path) else a for a in command]
        if self.run(command, 120, self.build) != 0:
            return "invalid"
        program = place / "tests"
        link = re.sub(r"-o \S*chatapps_unit_tests\b", f"-o {program}", self.link).replace(original, str(made))
        link = link.split(" && ")[1] if link.startswith(": && ") else link
        if self.run(shlex.split(link), 120, self.build) != 0:
            return "invalid"
        arguments = [str(program), "--gtest_brief=1", "--gtest_fail_fast"]
        if self.run(arguments + ["--gtest_filter=" + TESTS[mutant.source]], SECONDS, place) != 0:
            return "killed"
        return "survived" if self.run(arguments, SECONDS_FOR_ALL, place) == 0 else "killed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--sample", type=int, help="so many changes, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="of the choice")
    parser.add_argument("--minutes", type=float, help="tries no further changes after that")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="sources whose name holds this")
    parser.add_argument("--list", action="store_true", help="only shows the changes")
    given = parser.parse_args()
    root = Path(__file__).resolve().parents[2]

    mutants = [m for source in TESTS if given.only in source for m in mutants_of(root, source)]
    if given.sample and given.sample < len(mutants):
        mutants = random.Random(given.seed).sample(mutants, given.sample)
    if given.list:
        print(*mutants, sep="\n")
        print(len(mutants), "changes")
        return 0

    tests = Tests(given.build.resolve())
    places = Queue()
    for job in range(given.jobs):
        places.put(given.build.resolve() / f"mutants-{job}")
    counts = {source: {"killed": 0, "survived": 0, "invalid": 0} for source in TESTS}

    end = time.monotonic() + 60 * given.minutes if given.minutes else float("inf")

    def work(mutant):
        if time.monotonic() > end:
            return
        place = places.get()
        try:
            verdict = tests.tried(mutant, root, place)
        finally:
            places.put(place)
        counts[mutant.source][verdict] += 1
        print(f"{verdict}: {mutant}" if verdict == "survived" else f"{verdict}: {str(mutant).splitlines()[0]}", flush=True)

    with ThreadPoolExecutor(given.jobs) as pool:
        list(pool.map(work, mutants))

    killed = survived = 0
    for source, count in counts.items():
        valid = count["killed"] + count["survived"]
        if valid:
            print(f"{source:24} {count['killed']:4} of {valid:4} noticed ({100 * count['killed'] / valid:.0f} %),"
                  f" {count['invalid']} did not compile")
        killed, survived = killed + count["killed"], survived + count["survived"]
    share = 100 * killed / max(killed + survived, 1)
    print(f"{killed} of {killed + survived} changes were noticed: {share:.1f} %")
    return 0 if share >= 85 else 1


if __name__ == "__main__":
    sys.exit(main())
