#!/usr/bin/env python3
"""The benchmark's training job (data.py) in PyTorch on the CPU. Prints one line of JSON."""

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import data

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}


def make_model(features: int, units: list[int], activation: str) -> nn.Sequential:
    layers: list[nn.Module] = []
    for width in units:
        layers += [nn.Linear(features, width), ACTIVATIONS[activation]()]
        features = width
    layers.append(nn.Linear(features, data.CLASSES))
    for layer in layers:
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


def slices(x: Tensor, y: Tensor, size: int) -> list[tuple[Tensor, Tensor]]:
    return list(zip(x.split(size), y.split(size)))


def main() -> None:
    parser = data.parser(__doc__)
    parser.add_argument("--adam", default="fused", choices=["foreach", "fused", "single"])
    parser.add_argument(
        "--compile",
        default="none",
        choices=["none", "model", "step"],
        help="torch.compile for the model and loss, or for the optimizer's step too",
    )
    parser.add_argument("--compile-mode", default="default")
    job = parser.parse_args()

    torch.set_num_threads(job.threads)
    torch.manual_seed(0)
    train, test = data.load(job)
    x, y = torch.from_numpy(train.x), torch.from_numpy(train.y)
    x_test, y_test = torch.from_numpy(test.x), torch.from_numpy(test.y)

    model = make_model(x.shape[1], data.widths(job), job.activation)
    optimizer = torch.optim.Adam(
        model.parameters(),
        lr=1e-3,
        eps=1e-7,
        foreach=job.adam == "foreach",
        fused=job.adam == "fused",
    )

    def loss_of(x: Tensor, y: Tensor) -> Tensor:
        return cross_entropy(model(x), y)

    def score(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        logits = model(x)
        return cross_entropy(logits, y, reduction="sum"), (logits.argmax(1) == y).sum()

    def compiled(function: Callable) -> Callable:
        return torch.compile(function, mode=job.compile_mode, dynamic=False)

    update: Callable[[], None] = optimizer.step
    if job.compile != "none":
        loss_of, score = compiled(loss_of), compiled(score)
    if job.compile == "step":
        update = compiled(update)

    def train_epoch(batches: list[tuple[Tensor, Tensor]]) -> float:
        losses = []
        for x, y in batches:
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(x, y)
            loss.backward()
            update()
            losses.append(loss.detach())
        return float(torch.stack(losses).mean())

    validation = slices(x_test, y_test, data.VALIDATION_BATCH)

    def validate() -> float:
        with torch.inference_mode():
            scores = [score(x, y) for x, y in validation]
        return int(sum(correct for _, correct in scores)) / len(y_test)

    def warm_up() -> None:
        """Compiles for every shape that will occur, on zeros, and restores weights and states."""
        rest = len(x) % job.batch_size
        sizes = [min(job.batch_size, len(x))] * 3 + [rest] * (rest > 0)
        weights = {name: weight.clone() for name, weight in model.state_dict().items()}
        train_epoch([(torch.zeros(n, x.shape[1]), torch.zeros(n, dtype=y.dtype)) for n in sizes])
        if job.validation:
            validate()
        model.load_state_dict(weights)
        for state in optimizer.state.values():
            for value in state.values():
                value.zero_()

    begin = time.perf_counter()
    warm_up()
    compile_seconds = time.perf_counter() - begin

    permuted = torch.empty_like(x)
    epoch_seconds, shuffle_seconds, accuracy = [], 0.0, None
    for _ in range(job.epochs):
        begin = time.perf_counter()
        order = torch.randperm(len(x))
        torch.index_select(x, 0, order, out=permuted)
        batches = slices(permuted, y[order], job.batch_size)
        shuffled = time.perf_counter()
        train_epoch(batches)
        if job.validation:
            accuracy = validate()
        epoch_seconds.append(time.perf_counter() - shuffled)
        shuffle_seconds += shuffled - begin

    settings = {"adam": job.adam, "compile": job.compile, "mode": job.compile_mode}
    data.report(
        job,
        "PyTorch",
        torch.__version__,
        settings,
        epoch_seconds,
        compile_seconds,
        accuracy,
        shuffle_seconds,
    )


if __name__ == "__main__":
    main()
