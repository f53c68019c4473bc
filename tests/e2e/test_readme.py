# SPDX-License-Identifier: Apache-2.0
"""Every shell block of the README runs, in one session from top to bottom, and prints what the README says."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from support import Case, PROVGATE, ROOT


class Readme(Case):
    def test_every_block_runs_and_prints_what_it_says(self):
        text = (ROOT / "README.md").read_text()
        blocks = re.findall(r"```sh\n(.*?)```(?:\n```output\n(.*?)```)?", text, re.S)
        self.assertGreaterEqual(len(blocks), 6)
        script, expected = "set -e\n", []
        for number, (code, output) in enumerate(blocks):
            script += f"echo '<<<{number}>>>'\n{code}"
            expected.append(output)
        bin_dir = self.dir / "bin"
        bin_dir.mkdir()
        (bin_dir / "provgate").symlink_to(PROVGATE)
        env = {**self.env, "PATH": f"{bin_dir}:{os.environ['PATH']}", "WORK": str(self.dir), "HOME": os.environ["HOME"]}
        env.pop("PROVGATE_STORE")
        env["XDG_DATA_HOME"] = str(self.dir / "data")  # what lies in the real one is nobody's business here
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        printed = re.split(r"<<<\d+>>>\n", done.stdout)[1:]
        for number, output in enumerate(expected):
            if output:
                self.assertEqual(printed[number], output)

    def test_exit_codes_are_those_of_the_program(self):
        table = dict(re.findall(r"^\| (\d+) \| (.*?) \|$", (ROOT / "README.md").read_text(), re.M))
        text = self.run_gate("--help").stdout
        for code, meaning in table.items():
            self.assertIn(meaning.replace("`", ""), text)
        self.assertEqual(len(table), 10)


if __name__ == "__main__":
    unittest.main()
