"""Generates frames with a checkpoint of the sample trainer: pose in, a soft 448 x 448 picture out (plain Python)."""
import argparse
import os
import sys
from datetime import datetime

from jpeg_writer import write_jpeg
from sample_model import THUMBNAIL, SampleModel, load_split, normalized_pose, read_config, z_range


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csgo_config", required=True)
    parser.add_argument("--output_dir", default="outputs_eval")
    args, _ = parser.parse_known_args()
    config = read_config(args.csgo_config)
    model = SampleModel()
    model.load(config["ckpt_path"])
    stem = os.path.basename(args.csgo_config)[:-5]
    root = os.path.join(args.output_dir, stem, datetime.now().strftime("test_%Y%m%d_%H%M%S"))
    split = "continuous_unseen_clips.json" if config.get("is_conti_gen") else "test_split.json"
    for name in config["val_maps"]:
        limits = z_range(config["data_dir"], name)
        entries = load_split(config["data_dir"], name, split)
        if config.get("debug_num_val_data"):
            entries = entries[:config["debug_num_val_data"]]
        folder = os.path.join(root, "gen_imgs", name)
        os.makedirs(folder, exist_ok=True)
        for i, entry in enumerate(entries, 1):
            pixels, _, _ = model.generate(normalized_pose(entry, limits), name)
            write_jpeg(os.path.join(folder, f"{entry['file_frame']}.jpg"), pixels, *THUMBNAIL)
            sys.stderr.write(f"\r{name}: {i / len(entries):4.0%}| {i}/{len(entries)}")
        sys.stderr.write("\n")
    print(f"Saved to {root}")


if __name__ == "__main__":
    main()
