"""The small model of the sample workspace, in plain Python: reading configs, frames and checkpoints, and two heads.

Localization: thumbnail (16 x 12 RGB) -> pose (x, y, z, pitch, yaw; all 0 to 1). Generation: pose -> thumbnail.
Nothing here needs a package; it is slow and small on purpose, so that the whole path can be tried anywhere.
"""
import base64
import json
import math
import os
import random
import struct
from operator import mul

MAPS = ["de_dust2", "de_nuke"]
THUMBNAIL = (16, 12)
PIXELS = THUMBNAIL[0] * THUMBNAIL[1] * 3
LOC_HIDDEN = 24
GEN_HIDDEN = 40


# ----------------------------------------------------------------------------------------------------- config

def read_config(path):
    """Reads a flat YAML mapping: `key: value  # comment`, inline lists, True/False, numbers, quoted text."""
    config = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            text = strip_comment(line).strip()
            if not text:
                continue
            if ":" not in text:
                raise ValueError(f"{path}, line {number}: expected 'key: value', found {text!r}")
            key, value = text.split(":", 1)
            config[key.strip()] = parse_scalar(value.strip())
    return config


def strip_comment(line):
    quote = None
    for i, char in enumerate(line):
        if quote:
            quote = None if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "#" and (i == 0 or line[i - 1].isspace()):
            return line[:i]
    return line


def parse_scalar(text):
    if text.startswith("[") and text.endswith("]"):
        inner = text[1:-1].strip()
        return [parse_scalar(part.strip()) for part in inner.split(",")] if inner else []
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if text in ("True", "true"):
        return True
    if text in ("False", "false"):
        return False
    if text in ("", "None", "null", "~"):
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


# ------------------------------------------------------------------------------------------------------- data

def load_split(data_dir, map_name, split):
    """Frames of a split with their thumbnails: dicts of the split file plus `pixels` (floats, -0.5 to 0.5)."""
    folder = os.path.join(data_dir, map_name)
    with open(os.path.join(folder, "splits_20000_5000", split), encoding="utf-8") as file:
        entries = json.load(file)
    with open(os.path.join(folder, "thumbnails_16x12.json"), encoding="utf-8") as file:
        thumbnails = json.load(file)["frames"]
    for entry in entries:
        raw = base64.b64decode(thumbnails[entry["file_frame"]])
        entry["map"] = entry.get("map", map_name)
        entry["pixels"] = [value / 255 - 0.5 for value in raw]
    return entries


def z_range(data_dir, map_name):
    """Smallest and largest z of a map's training split."""
    path = os.path.join(data_dir, map_name, "splits_20000_5000", "train_split.json")
    with open(path, encoding="utf-8") as file:
        heights = [entry["z"] for entry in json.load(file)]
    return min(heights), max(heights)


def normalized_pose(entry, z_limits):
    """x, y, z, pitch, yaw as 0 to 1."""
    low, high = z_limits
    turn = 2 * math.pi
    return [entry["x"] / 1024, entry["y"] / 1024, (entry["z"] - low) / (high - low + 1e-6),
            entry["angle_v"] / turn, entry["angle_h"] / turn]


def pose_features(pose, map_name):
    """What the generation head sees: the pose, waves of the place, the direction, and which map it is."""
    x, y, z, pitch, yaw = pose
    features = [1.0, x - 0.5, y - 0.5, z - 0.5, 8 * (pitch - 0.25)]
    for k in (1, 2, 4):
        features += [math.sin(math.pi * k * x), math.cos(math.pi * k * x),
                     math.sin(math.pi * k * y), math.cos(math.pi * k * y)]
    for k in (1, 2):
        features += [math.sin(2 * math.pi * k * yaw), math.cos(2 * math.pi * k * yaw)]
    return features + [1.0 if name == map_name else 0.0 for name in MAPS]


FEATURES = len(pose_features([0.5] * 5, MAPS[0]))


# ------------------------------------------------------------------------------------------------------ model

def dot(a, b):
    return sum(map(mul, a, b))


class Linear:
    """y = W x + b with Adam state; `rows` are the rows of W."""

    def __init__(self, name, inputs, outputs, rng, gain=1.0):
        self.name = name
        self.shape = (outputs, inputs)
        scale = gain / math.sqrt(inputs)
        self.rows = [[rng.gauss(0, scale) for _ in range(inputs)] for _ in range(outputs)]
        self.bias = [0.0] * outputs
        self.first = [[0.0] * (inputs + 1) for _ in range(outputs)]
        self.second = [[0.0] * (inputs + 1) for _ in range(outputs)]
        self.zero_grad()

    def zero_grad(self):
        outputs, inputs = self.shape
        self.row_grads = [[0.0] * inputs for _ in range(outputs)]
        self.bias_grads = [0.0] * outputs

    def forward(self, x):
        return [dot(row, x) + b for row, b in zip(self.rows, self.bias)]

    def backward(self, x, grad, want_input=True):
        """Adds this sample's gradient; gives the gradient of the input."""
        for i, g in enumerate(grad):
            if g:
                self.row_grads[i] = [r + g * v for r, v in zip(self.row_grads[i], x)]
                self.bias_grads[i] += g
        if not want_input:
            return None
        back = [0.0] * len(x)
        for row, g in zip(self.rows, grad):
            if g:
                back = [b + g * w for b, w in zip(back, row)]
        return back

    def grad_square_sum(self):
        return sum(dot(row, row) for row in self.row_grads) + dot(self.bias_grads, self.bias_grads)

    def step(self, rate, clip, count, decay):
        """Adam with decoupled weight decay."""
        correct1, correct2 = 1 - 0.9 ** count, 1 - 0.999 ** count
        for i, row in enumerate(self.rows):
            grads = [g * clip for g in self.row_grads[i]]
            grads.append(self.bias_grads[i] * clip)
            first = [0.9 * m + 0.1 * g for m, g in zip(self.first[i], grads)]
            second = [0.999 * v + 0.001 * g * g for v, g in zip(self.second[i], grads)]
            moves = [rate * (m / correct1) / (math.sqrt(v / correct2) + 1e-8) for m, v in zip(first, second)]
            self.first[i], self.second[i] = first, second
            keep = 1 - rate * decay
            self.rows[i] = [w * keep - d for w, d in zip(row, moves)]
            self.bias[i] -= moves[-1]


class SampleModel:
    """Two small heads of one hidden layer each."""

    def __init__(self, seed=42):
        rng = random.Random(seed)
        self.loc_in = Linear("loc_head.0", PIXELS + len(MAPS), LOC_HIDDEN, rng)
        self.loc_out = Linear("loc_head.2", LOC_HIDDEN, 5, rng, 0.5)
        self.gen_in = Linear("gen_head.0", FEATURES, GEN_HIDDEN, rng)
        self.gen_out = Linear("gen_head.2", GEN_HIDDEN, PIXELS, rng, 0.3)
        self.layers = [self.loc_in, self.loc_out, self.gen_in, self.gen_out]

    def parameter_count(self):
        return sum(layer.shape[0] * (layer.shape[1] + 1) for layer in self.layers)

    def locate(self, pixels, map_name):
        x = pixels + [1.0 if name == map_name else 0.0 for name in MAPS]
        hidden = [math.tanh(h) for h in self.loc_in.forward(x)]
        out = [o + 0.5 for o in self.loc_out.forward(hidden)]
        return out, x, hidden

    def generate(self, pose, map_name):
        features = pose_features(pose, map_name)
        hidden = [math.tanh(h) for h in self.gen_in.forward(features)]
        return self.gen_out.forward(hidden), features, hidden

    def loc_loss(self, pixels, map_name, target):
        """Mean squared error of the pose (pitch and yaw around the circle), and what adds its weighted gradient."""
        out, x, hidden = self.locate(pixels, map_name)
        errors = [o - t for o, t in zip(out, target)]
        errors[3:] = [e - math.floor(e + 0.5) for e in errors[3:]]

        def backward(weight):
            back = self.loc_out.backward(hidden, [2 * e * weight / 5 for e in errors])
            self.loc_in.backward(x, [b * (1 - h * h) for b, h in zip(back, hidden)], want_input=False)
        return dot(errors, errors) / 5, backward

    def gen_loss(self, pose, map_name, pixels):
        """Ten times the mean squared error of the thumbnail (so that both losses are seen in one plot), and the same."""
        out, features, hidden = self.generate(pose, map_name)
        errors = [o - p for o, p in zip(out, pixels)]

        def backward(weight):
            back = self.gen_out.backward(hidden, [20 * e * weight / PIXELS for e in errors])
            self.gen_in.backward(features, [b * (1 - h * h) for b, h in zip(back, hidden)], want_input=False)
        return 10 * dot(errors, errors) / PIXELS, backward

    # -- checkpoints: real safetensors files, float32

    def save(self, path):
        write_safetensors(path, {name: values for layer in self.layers for name, values in (
            (f"{layer.name}.weight", (layer.shape, [w for row in layer.rows for w in row])),
            (f"{layer.name}.bias", (layer.shape[:1], layer.bias)))})

    def load(self, path):
        tensors = read_safetensors(path)
        for layer in self.layers:
            outputs, inputs = layer.shape
            shape, weight = tensors[f"{layer.name}.weight"]
            if tuple(shape) != layer.shape:
                raise ValueError(f"{path}: {layer.name}.weight has shape {tuple(shape)}, expected {layer.shape}")
            layer.rows = [weight[i * inputs:(i + 1) * inputs] for i in range(outputs)]
            layer.bias = tensors[f"{layer.name}.bias"][1]

    def save_optimizer(self, path):
        write_safetensors(path, {f"{layer.name}.{kind}": ((layer.shape[0], layer.shape[1] + 1),
                                                         [v for row in getattr(layer, kind) for v in row])
                                 for layer in self.layers for kind in ("first", "second")})

    def load_optimizer(self, path):
        tensors = read_safetensors(path)
        for layer in self.layers:
            width = layer.shape[1] + 1
            for kind in ("first", "second"):
                flat = tensors[f"{layer.name}.{kind}"][1]
                setattr(layer, kind, [flat[i * width:(i + 1) * width] for i in range(layer.shape[0])])


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, (shape, values) in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + 4 * len(values)]}
        offset += 4 * len(values)
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    text += b" " * (-len(text) % 8)
    # Under another name first: a reader never meets half a file.
    with open(path + ".tmp", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, values in tensors.values():
            file.write(struct.pack(f"<{len(values)}f", *values))
    os.replace(path + ".tmp", path)


def read_safetensors(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, info in header.items():
        if name == "__metadata__":
            continue
        begin, end = info["data_offsets"]
        tensors[name] = (info["shape"], list(struct.unpack(f"<{(end - begin) // 4}f", data[begin:end])))
    return tensors


def latest_checkpoint(folder):
    """Path of the checkpoint with the greatest step, or None."""
    steps = []
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            number = name[len("checkpoint-"):] if name.startswith("checkpoint-") else ""
            if number.isdigit():
                steps.append(int(number))
    return os.path.join(folder, f"checkpoint-{max(steps)}") if steps else None
