"""The way of the reference script on the same frames: torchmetrics over torch DataLoaders, one pass per metric.

Usage: reference.py psnr_ssim|lpips|fid GT PRED BATCH. Prints one JSON line {"seconds": ..., "pairs": ...}.
Networks have the published architectures with weights of no meaning, since only time is measured here.
"""
import json
import os
import sys
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Pairs(Dataset):
    def __init__(self, gt, pred, size):
        self.folders = (gt, pred)
        self.names = sorted(set(os.listdir(gt)) & set(os.listdir(pred)))
        self.transform = transforms.Compose([transforms.Resize((size, size)), transforms.ToTensor()])

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        name = self.names[index]
        return tuple(self.transform(Image.open(os.path.join(f, name)).convert("RGB")) for f in self.folders)


def psnr_ssim(loader):
    from torchmetrics.image import PeakSignalNoiseRatio, StructuralSimilarityIndexMeasure

    psnr, ssim = PeakSignalNoiseRatio(data_range=1.0), StructuralSimilarityIndexMeasure(data_range=1.0)
    for gt, pred in loader:
        psnr(pred, gt).item(), ssim(pred, gt).item()


def lpips(loader):
    import torchvision
    from torchmetrics.functional.image import lpips as functional

    net = functional._LPIPS(pretrained=True, net="alex", pnet_rand=True).eval()
    assert isinstance(net, torch.nn.Module) and torchvision is not None
    for gt, pred in loader:
        net(pred * 2 - 1, gt * 2 - 1).mean().item()


def fid(loader):
    from pytorch_fid import inception

    inception.fid_inception_v3 = lambda: inception._inception_v3(num_classes=1008, aux_logits=False, weights=None)
    net = inception.InceptionV3([inception.InceptionV3.BLOCK_INDEX_BY_DIM[768]], resize_input=False).eval()
    for side in (0, 1):
        for batch in loader:
            net(batch[side])[0].mean((2, 3))


def main():
    metric, gt, pred, batch = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    started = time.time()
    dataset = Pairs(gt, pred, 299 if metric == "fid" else 224)
    with torch.no_grad():
        {"psnr_ssim": psnr_ssim, "lpips": lpips, "fid": fid}[metric](DataLoader(dataset, batch_size=batch, num_workers=4))
    print(json.dumps({"seconds": time.time() - started, "pairs": len(dataset)}))


if __name__ == "__main__":
    main()
