#!/usr/bin/env python3
"""A network of networks.py in PyTorch on the CPU. Prints one line of JSON."""

import time

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import data
import networks

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}
POOLS = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
LAYOUTS = {"channels_last": torch.channels_last, "channels_first": torch.contiguous_format}


def make_model(name: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    channels, side, features = 1, networks.SIDE, 0
    for layer in networks.NETWORKS[name]:
        if isinstance(layer, networks.Conv):
            padding = layer.size // 2 if layer.padding == "same" else 0
            layers.append(nn.Conv2d(channels, layer.filters, layer.size, padding=padding))
            layers.append(ACTIVATIONS[layer.activation]())
            channels, side = layer.filters, side + 2 * padding - layer.size + 1
        elif isinstance(layer, networks.Pool):
            layers.append(POOLS[layer.kind](2))
            side //= 2
        elif isinstance(layer, networks.Dropout):
            layers.append(nn.Dropout(layer.rate))
        else:
            if features == 0:
                layers.append(nn.Flatten())
                features = channels * side * side
            layers.append(nn.Linear(features, layer.units))
            if layer.activation:
                layers.append(ACTIVATIONS[layer.activation]())
            features = layer.units
    return nn.Sequential(*layers)


def tensors(samples: data.Samples, layout: torch.memory_format) -> tuple[Tensor, Tensor]:
    x = torch.from_numpy(samples.x).permute(0, 3, 1, 2).contiguous(memory_format=layout)
    return x, torch.from_numpy(samples.y)


def main() -> None:
    parser = networks.parser(__doc__)
    parser.add_argument("--layout", default="channels_last", choices=LAYOUTS)
    parser.add_argument("--compile", action="store_true")
    job = parser.parse_args()
    torch.set_num_threads(job.threads)
    torch.manual_seed(0)
    layout = LAYOUTS[job.layout]
    train, test = networks.load(job)
    model = make_model(job.network).to(memory_format=layout)
    run = torch.compile(model) if job.compile else model
    seconds = []

    if job.evaluate:
        x, y = tensors(test, layout)
        model.eval()
        for _ in range(1 + job.epochs):
            begin = time.perf_counter()
            with torch.inference_mode():
                for part, labels in zip(x.split(job.batch_size), y.split(job.batch_size)):
                    scores = run(part)
                    cross_entropy(scores, labels, reduction="sum")
                    (scores.argmax(1) == labels).sum()
            seconds.append(time.perf_counter() - begin)
        return networks.report(job, torch.__version__, seconds)

    x, y = tensors(train, layout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)
    for _ in range(1 + job.epochs):
        order = torch.randperm(len(x))
        images = x[order].contiguous(memory_format=layout)
        batches = list(zip(images.split(job.batch_size), y[order].split(job.batch_size)))
        total = torch.zeros(())
        begin = time.perf_counter()
        for part, labels in batches:
            optimizer.zero_grad(set_to_none=True)
            loss = cross_entropy(run(part), labels)
            loss.backward()
            optimizer.step()
            total += loss.detach()
        float(total)
        seconds.append(time.perf_counter() - begin)
    networks.report(job, torch.__version__, seconds)


if __name__ == "__main__":
    main()
