"""
Prints the golden values of madeUpWeights.test.ts: networks of the reference packages with made-up weights, run on
made-up pictures. The formulas below are repeated in madeUp.ts.

Made with torch 2.15.0, torchvision 0.29.2, lpips 0.1.4, torchmetrics 1.9.0, torch-fidelity 0.4.0, pytorch-fid 0.3.0,
transformers 4.57.3 on a CPU, float32.
"""
import json
import os
import tempfile
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")
torch.set_grad_enabled(False)


def made_up(name, shape, scale, offset=0.0):
    """offset + scale * (2u - 1), u a hash of the tensor's name and the element's index."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) % 2**32
    h = (np.arange(int(np.prod(shape)), dtype=np.uint64) + seed) % 2**32 * 2654435761 % 2**32
    h ^= h >> np.uint64(15)
    h = h * 2246822519 % 2**32
    h ^= h >> np.uint64(13)
    values = offset + scale * (2 * (h.astype(np.float64) / 2**32) - 1)
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def fill(name, shape):
    """The made-up tensor of a name; its range follows from what the name ends with."""
    fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else 1
    if name.startswith("lin"):
        return made_up(name, shape, 0.05, 0.05)
    if name.endswith("running_var"):
        return made_up(name, shape, 0.3, 1)
    if name.endswith(("bn.weight", "layer_norm1.weight", "layer_norm2.weight", "layrnorm.weight", "layernorm.weight")):
        return made_up(name, shape, 0.2, 1)
    if len(shape) == 1:
        return made_up(name, shape, 0.1)
    if name.endswith("position_embedding.weight"):
        return made_up(name, shape, 0.2)
    return made_up(name, shape, float(np.sqrt((6 if len(shape) == 4 else 3) / fan_in)))


def picture(kind, n, height, width):
    """uint8 [N,H,W,3]."""
    index, y, x, c = np.meshgrid(np.arange(n), np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    if kind == "reference":
        values = 7 * x + 13 * y + 29 * c + 3 * ((x * y) % 31) + 41 * index
    else:
        values = 5 * x + 11 * y + 17 * c + 2 * ((x * y) % 29) + 61 * index
    return torch.from_numpy((values % 256).astype(np.uint8))


def backbone(net):
    import torchvision
    model = {"alex": torchvision.models.alexnet, "vgg": torchvision.models.vgg16, "squeeze": torchvision.models.squeezenet1_1}[net](weights=None)
    return {f"features.{k}": fill(f"features.{k}", tuple(v.shape)) for k, v in model.features.state_dict().items()}


def lpips_models(net, dim_first):
    """(lpips 0.1.4, torchmetrics) with the same made-up weights; `dim_first` makes the first layer nearly dark."""
    import lpips
    from torchmetrics.functional.image.lpips import _LPIPS
    weights = backbone(net)
    if dim_first:
        for key in ("features.0.weight", "features.0.bias"):
            weights[key] = weights[key] * np.float32(1e-5)
    models = [lpips.LPIPS(net=net, pretrained=False, pnet_rand=True, verbose=False), lpips.LPIPS(net=net, pretrained=False, pnet_rand=True, verbose=False, spatial=True), _LPIPS(net=net, pretrained=True, pnet_rand=True)]
    for model in models:
        model.eval()
        for key, parameter in model.net.named_parameters():
            parts = key.split(".")  # slice1.0.weight, slices.0.0.weight
            suffix = ".".join(parts[2:] if parts[0] == "slices" else parts[1:])
            parameter.copy_(weights[f"features.{suffix}"])
        for index, lin in enumerate(model.lins):
            shape = tuple(lin.model[-1].weight.shape)
            lin.model[-1].weight.copy_(fill(f"lin{index}.model.1.weight", shape))
    return models


def lpips_goldens():
    out = {}
    for net, dim_first, sizes in [("alex", False, [(64, 64), (48, 80), (31, 31)]), ("vgg", False, [(64, 64), (16, 16)]), ("squeeze", False, [(64, 64), (48, 80), (17, 17)]), ("alex", True, [(64, 64)])]:
        original, spatial, torchmetrics_model = lpips_models(net, dim_first)
        for height, width in sizes:
            pair = [picture(kind, 2, height, width).permute(0, 3, 1, 2).float() / 127.5 - 1 for kind in ("reference", "prediction")]
            row = {"original": original(*pair).flatten().tolist(), "torchmetrics": torchmetrics_model(*pair).flatten().tolist()}
            if (height, width) == (48, 80) and net == "alex":
                row["map"] = [spatial(*pair)[0, 0, y, x].item() for y, x in [(0, 0), (0, 79), (20, 33), (47, 79)]]
            out[f"{net}{' dim' if dim_first else ''} {width}x{height}"] = row
    return out


def inception_state():
    import pytorch_fid.inception as fid
    captured = {}
    original = fid.load_state_dict_from_url
    class Stop(Exception):
        pass
    def capture(*args, **kwargs):
        raise Stop
    fid.load_state_dict_from_url = capture
    import torchvision
    inception = fid._inception_v3(num_classes=1008, aux_logits=False, weights=None)
    for name, block in dict(Mixed_5b=fid.FIDInceptionA(192, 32), Mixed_5c=fid.FIDInceptionA(256, 64), Mixed_5d=fid.FIDInceptionA(288, 64), Mixed_6b=fid.FIDInceptionC(768, 128), Mixed_6c=fid.FIDInceptionC(768, 160), Mixed_6d=fid.FIDInceptionC(768, 160), Mixed_6e=fid.FIDInceptionC(768, 192), Mixed_7b=fid.FIDInceptionE_1(1280), Mixed_7c=fid.FIDInceptionE_2(2048)).items():
        setattr(inception, name, block)
    for key, value in inception.state_dict().items():
        captured[key] = value if key.endswith("num_batches_tracked") else fill(key, tuple(value.shape))
    fid.load_state_dict_from_url = lambda *args, **kwargs: captured
    return captured, fid


def spread(row):
    """The mean and five entries spread over a feature vector."""
    n = len(row)
    return [row.mean().item()] + [row[i * (n - 1) // 4].item() for i in range(5)]


def inception_goldens():
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    state, fid = inception_state()
    out = {}
    pictures = picture("reference", 1, 299, 299)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "inception.pth")
        torch.save(state, path)
        names = ["64", "192", "768", "2048", "logits_unbiased"]
        extractor = FeatureExtractorInceptionV3("x", names, feature_extractor_weights_path=path)
        for name, value in zip(names, extractor(pictures.permute(0, 3, 1, 2))):
            out[f"minus128 {name}"] = spread(value.flatten())
    model = fid.InceptionV3([0, 1, 2, 3]).eval()
    for dims, value in zip((64, 192, 768, 2048), model(pictures.permute(0, 3, 1, 2).float() / 255)):
        out[f"unit {dims}"] = spread(value.mean(dim=(2, 3)).flatten())
    return out


def clip_goldens():
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection
    out = {}
    mean = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1)
    std = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1)
    for name, config in {
        "small": dict(hidden_size=128, intermediate_size=256, num_hidden_layers=3, num_attention_heads=2, patch_size=8, image_size=32, projection_dim=64),
        "patch14": dict(hidden_size=192, intermediate_size=320, num_hidden_layers=2, num_attention_heads=3, patch_size=14, image_size=56, projection_dim=96),
    }.items():
        model = CLIPVisionModelWithProjection(CLIPVisionConfig(hidden_act="quick_gelu", **config)).eval()
        for key, parameter in model.named_parameters():
            parameter.copy_(fill(key, tuple(parameter.shape)))
        x = picture("reference", 2, config["image_size"], config["image_size"]).permute(0, 3, 1, 2).float() / 255
        embeds = model(pixel_values=(x - mean) / std).image_embeds
        embeds = embeds / embeds.norm(dim=-1, keepdim=True)
        out[name] = [spread(row) for row in embeds]
    return out


print(json.dumps({"lpips": lpips_goldens(), "inception": inception_goldens(), "clip": clip_goldens()}, indent=1))
