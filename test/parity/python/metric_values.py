"""Writes test/main/core/metrics/packageValues.json: what the Python packages say about made pictures and features.

Run once with torch and torchmetrics installed; the tests then need no Python. The pictures come from integer
arithmetic alone, so that test/main/core/metrics/pictures.ts makes the same bytes.
"""

import json
import pathlib
import sys

import numpy as np
import torch
import torchmetrics
from torchmetrics.functional.image import (
    multiscale_structural_similarity_index_measure as ms_ssim,
    peak_signal_noise_ratio as psnr,
    structural_similarity_index_measure as ssim,
)
from torchmetrics.image.fid import _compute_fid


def noise(seed: int, count: int) -> np.ndarray:
    values, state = np.empty(count, np.int64), seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = state >> 24
    return values


def triangle(n: np.ndarray, period: int, height: int) -> np.ndarray:
    return np.abs(n % (2 * period) - period) * height // period


def picture(seed: int, width: int, height: int, grain: int) -> np.ndarray:
    """Overlapping triangle waves, a dark and a bright corner, and noise of up to `grain` levels."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    waves = triangle(x + 2 * y + 7 * c + 11 * seed, 37, 120) + triangle(3 * x - y + 5000 + 13 * c, 23 + seed, 60)
    value = waves + 40 * ((x // 16 + y // 16) % 2) - 60 * (x + y < width // 2)
    value = value + noise(seed, value.size).reshape(value.shape) * grain // 256
    return np.clip(value, 0, 255).astype(np.uint8)


def altered(source: np.ndarray, seed: int, grain: int, shift: int) -> np.ndarray:
    added = noise(seed, source.size).reshape(source.shape) * grain // 256 - grain // 2 + shift
    return np.clip(source.astype(np.int64) + added, 0, 255).astype(np.uint8)


def tensor(image: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
    return torch.tensor(image).permute(2, 0, 1)[None].to(dtype) / 255


def edge_map(image: np.ndarray) -> torch.Tensor:
    """The steps of metrics.md 4.5 in torch's single precision."""
    t = tensor(image, torch.float32)
    grey = t[:, 0:1] * 0.299 + t[:, 1:2] * 0.587 + t[:, 2:3] * 0.114
    kernel_x = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).view(1, 1, 3, 3)
    kernel_y = kernel_x.transpose(2, 3).contiguous()
    gx = torch.nn.functional.conv2d(grey, kernel_x, padding=1)
    gy = torch.nn.functional.conv2d(grey, kernel_y, padding=1)
    magnitude = torch.sqrt(gx.square() + gy.square() + 1e-12)
    return magnitude > torch.quantile(magnitude.flatten(), 0.85)


def boundary(prediction: np.ndarray, reference: np.ndarray) -> list[int]:
    p, g = edge_map(prediction), edge_map(reference)
    near_p, near_g = (torch.nn.functional.max_pool2d(e.float(), 5, 1, 2) > 0 for e in (p, g))
    return [int(v) for v in ((p & near_g).sum(), (g & near_p).sum(), p.sum(), g.sum())]


def finite_or_name(value: float) -> float | str:
    return value if np.isfinite(value) else "Infinity"


def features(seed: int, count: int, dimension: int) -> np.ndarray:
    return noise(seed, count * dimension).reshape(count, dimension).astype(np.float64) / 64


def statistics(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x.mean(axis=0), np.cov(x, rowvar=False)


def frechet(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    (mu1, s1), (mu2, s2) = statistics(x), statistics(y)
    t = [torch.tensor(v) for v in (mu1, s1, mu2, s2)]
    return {"torchmetrics": float(_compute_fid(*t))}


pairs = []
sizes = [(32, 24), (45, 33), (64, 64), (224, 224), (224, 224), (177, 201), (256, 180), (448, 448), (12, 11), (50, 200), (99, 101), (180, 320)]
for index, (width, height) in enumerate(sizes):
    spec = {"seed": index + 1, "width": width, "height": height, "grain": [0, 6, 40][index % 3], "alterGrain": [2, 20, 90, 0][index % 4], "shift": [0, 5, -3][index % 3]}
    reference = picture(spec["seed"], width, height, spec["grain"])
    prediction = altered(reference, spec["seed"] + 100, spec["alterGrain"], spec["shift"])
    p32, g32, p64, g64 = tensor(prediction, torch.float32), tensor(reference, torch.float32), tensor(prediction, torch.float64), tensor(reference, torch.float64)
    pairs.append({
        **spec,
        "sums": [int(prediction.sum()), int(reference.sum())],
        "psnr": finite_or_name(psnr(p64, g64, data_range=1.0).item()),
        "ssim": ssim(p64, g64, data_range=1.0).item(),
        "ssimSinglePrecision": ssim(p32, g32, data_range=1.0).item(),
        "msSsim": ms_ssim(p64, g64, data_range=1.0).item() if min(width, height) >= 176 else None,
        "boundary": boundary(prediction, reference),
    })

sets = []
for seed, count, other, dimension in [(1, 200, 150, 16), (2, 65, 300, 64), (3, 40, 33, 24), (4, 10, 12, 32)]:
    sets.append({"seed": seed, "count": count, "otherCount": other, "dimension": dimension, **frechet(features(seed, count, dimension), features(seed + 50, other, dimension))})

random = np.random.RandomState(2020)
record = {
    "packages": {"torch": torch.__version__, "torchmetrics": torchmetrics.__version__, "numpy": np.__version__},
    "pairs": pairs,
    "frechet": sets,
    "randomState2020": {"integers": [int(v) for v in random.randint(0, 2**32, 3, dtype=np.uint32)], "permutation": np.random.RandomState(2020).permutation(12).tolist()},
}
pathlib.Path(sys.argv[1]).write_text(json.dumps(record, indent=1) + "\n")
