"""Hands over to `parallax benchmark`, which takes the same arguments."""
import os
import shutil
import sys

parallax = shutil.which("parallax")
if parallax is None:
    sys.exit("benchmark_csgo.py of the sample workspace runs `parallax benchmark`, and parallax is not on the PATH. "
             "In a checkout: npm run -s parallax -- benchmark ...")
os.execv(parallax, [parallax, "benchmark", *sys.argv[1:]])
