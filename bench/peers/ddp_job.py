#!/usr/bin/env python3
"""The benchmark's training job (data.py) in PyTorch's DistributedDataParallel over Gloo.

Each process trains on its part of every batch, on `--threads` threads. Prints one line of JSON.

    ddp_job.py --processes 2 --threads 1
"""

import os
import tempfile
import time

import torch
from torch import distributed, multiprocessing, nn
from torch.nn.parallel import DistributedDataParallel

import data
from pytorch_job import make_model


def train(rank: int, job, place: str) -> None:
    distributed.init_process_group(
        "gloo", init_method=f"file://{place}", rank=rank, world_size=job.processes
    )
    torch.set_num_threads(job.threads)
    torch.manual_seed(0)
    samples, _ = data.load(job)
    x, y = torch.from_numpy(samples.x), torch.from_numpy(samples.y)
    model = DistributedDataParallel(make_model(x.shape[1], data.widths(job), job.activation))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)
    loss_of = nn.CrossEntropyLoss()
    epoch_seconds, shuffle_seconds = [], 0.0
    for epoch in range(job.epochs):
        begin = time.perf_counter()
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(epoch))
        # A batch's rows by turns, so that each process has an equal part of each batch.
        mine = order[rank :: job.processes]
        size = job.batch_size // job.processes
        batches = list(zip(x[mine].split(size), y[mine].split(size)))
        distributed.barrier()
        shuffled = time.perf_counter()
        for x_batch, y_batch in batches:
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(x_batch), y_batch).backward()
            optimizer.step()
        distributed.barrier()
        epoch_seconds.append(time.perf_counter() - shuffled)
        shuffle_seconds += shuffled - begin
    if rank == 0:
        settings = {"processes": job.processes, "backend": "gloo", "adam": "fused"}
        data.report(
            job, "PyTorch DDP", torch.__version__, settings, epoch_seconds, 0, None, shuffle_seconds
        )
    distributed.destroy_process_group()


def main() -> None:
    parser = data.parser(__doc__)
    parser.add_argument("--processes", type=int, default=2)
    job = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "meeting")
        multiprocessing.spawn(train, (job, place), nprocs=job.processes)


if __name__ == "__main__":
    main()
