"""Hands over to `parallax frames-to-video`, which takes the same arguments."""
import os
import shutil
import sys

parallax = shutil.which("parallax")
if parallax is None:
    sys.exit("frames_to_video.py of the sample workspace runs `parallax frames-to-video`, and parallax is not on the PATH. "
             "In a checkout: npm run -s parallax -- frames-to-video ...")
os.execv(parallax, [parallax, "frames-to-video", *sys.argv[1:]])
