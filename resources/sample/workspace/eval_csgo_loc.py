"""Localizes frames with a checkpoint of the sample trainer and writes loc_results.json and loc_metrics.json."""
import argparse
import json
import math
import os
import struct
from datetime import datetime

from sample_model import SampleModel, load_split, normalized_pose, read_config, z_range


def bfloat16(value):
    bits, = struct.unpack("<I", struct.pack("<f", value))
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def smooth_l1(e):
    return 0.5 * e * e if abs(e) < 1 else abs(e) - 0.5


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def physical(pose, limits):
    low, high = limits
    return {"x": pose[0] * 1024, "y": pose[1] * 1024, "z": pose[2] * (high - low + 1e-6) + low,
            "angle_v": pose[3] * 360, "angle_h": pose[4] * 360}


def metrics(results, ckpt_path, alpha):
    norm, real, train = [], [], []
    for result in results:
        d = [p - g for p, g in zip(result["pred_norm"], result["gt_norm"])]
        e = [abs(v) for v in d]
        e[4] = min(e[4], 1 - e[4])
        norm.append(e)
        r = [abs(result["pred"][key] - result["gt"][key]) for key in ("x", "y", "z", "angle_v", "angle_h")]
        r[4] = min(r[4], 360 - r[4])
        real.append(r)
        pitch, yaw = (v - math.floor(v + 0.5) for v in d[3:])
        train.append((smooth_l1(d[0]) + smooth_l1(d[1])) / 2 + smooth_l1(d[2]) + smooth_l1(pitch) + smooth_l1(yaw))
    flat_norm, flat_real = [v for e in norm for v in e], [v for r in real for v in r]
    xy = mean(math.hypot(r[0], r[1]) for r in real)
    columns = [mean(r[i] for r in real) for i in range(5)]
    return {"Norm_L2_XY": mean(math.hypot(e[0], e[1]) for e in norm),
            "Norm_L2_5D": mean(math.sqrt(sum(v * v for v in e)) for e in norm),
            "Norm_MSE_5D": mean(v * v for v in flat_norm), "Norm_SmoothL1_5D": mean(map(smooth_l1, flat_norm)),
            "XY_Dist": xy, "Z_Dist": columns[2], "Pitch_Dist": columns[3], "Yaw_Dist": columns[4],
            "L1_X": columns[0], "L1_Y": columns[1], "L1_Z": columns[2], "L1_Pitch": columns[3], "L1_Yaw": columns[4],
            "L2_XY": xy, "L2_5D": mean(math.sqrt(sum(v * v for v in r)) for r in real),
            "MSE_Loss_5D": mean(v * v for v in flat_real), "SmoothL1_Loss_5D": mean(map(smooth_l1, flat_real)),
            "ckpt_path": ckpt_path, "TrainAligned_LocLoss": mean(train), "TrainAligned_TotalLoss": alpha * mean(train)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csgo_config", required=True)
    parser.add_argument("--output_dir", default="outputs_loc")
    args, _ = parser.parse_known_args()
    config = read_config(args.csgo_config)
    model = SampleModel()
    model.load(config["ckpt_path"])
    results = []
    for name in config["test_maps"]:
        limits = z_range(config["data_dir"], name)
        for entry in load_split(config["data_dir"], name, "test_split.json"):
            pose, _, _ = model.locate(entry["pixels"], name)
            truth = normalized_pose(entry, limits)
            gt = physical(truth, limits)
            gt.update({"x": entry["x"], "y": entry["y"], "z": entry["z"]})
            results.append({"file_frame": entry["file_frame"], "map": name, "pred_norm": pose,
                            "gt_norm": [bfloat16(v) for v in truth], "pred": physical(pose, limits), "gt": gt})
    root = os.path.join(args.output_dir, os.path.basename(args.csgo_config)[:-5],
                        datetime.now().strftime("test_%Y%m%d_%H%M%S"))
    os.makedirs(root, exist_ok=True)
    scores = metrics(results, config["ckpt_path"], float(config.get("alpha_loc_loss", 1)))
    for name, value in (("loc_results.json", results), ("loc_metrics.json", scores)):
        with open(os.path.join(root, name), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=4)
    for key, value in scores.items():
        print(f"{key}: {value}" if isinstance(value, str) else f"{key}: {value:.6f}")
    print(f"Saved to {root}")


if __name__ == "__main__":
    main()
