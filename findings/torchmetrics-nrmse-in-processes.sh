#!/bin/bash
# torchmetrics 1.9.0: with several outputs, NormalizedRootMeanSquaredError in a process group is right
# for two processes only. For three or more, the loop that joins their statistics does not carry on what
# it has joined, and for one, rows count once for each output and the roots of std and l2 are not taken.
# The results are silently others; with one output, three processes raise.
# Right would be the metric of all rows, as without a group: the error of each row is 1, so each result
# is 1 over the mean, the range, the deviation or the norm of a column. The guess before running it was
# that the join of some metric is wrong for two processes; none of those tried was, and for three only
# this one.
# Seen on 2026-12-01, with Python 3.11 and PyTorch 2.13.0: three rows without a group; in a group of 1;
# of 2; of 3 processes:
#     mean: 0.333 0.167 0.111; 0.192 0.096 0.064; 0.333 0.167 0.111; 0.231 0.115 0.077
#     range: 0.200 0.100 0.067; 0.115 0.058 0.038; 0.200 0.100 0.067; 0.200 0.250 0.333
#     std: 0.463 0.231 0.154; 0.041 0.010 0.005; 0.463 0.231 0.154; 0.421 0.211 0.140
#     l2: 0.156 0.078 0.052; 0.014 0.004 0.002; 0.156 0.078 0.052; 0.147 0.143 0.136
#     mean of one output: 0.333; 0.333; 0.333; IndexError
# Reported: not yet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" &&
  "$folder/venv/bin/pip" -q install torchmetrics==1.9.0 torch==2.13.0 || exit 2
cat >"$folder/nrmse.py" <<'PYTHON'
import pathlib
import sys

import torch
import torch.distributed
import torch.multiprocessing
from torchmetrics.regression import NormalizedRootMeanSquaredError

rows = torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [6.0, 12.0, 18.0]])
cases = [(normalization, 3) for normalization in ("mean", "range", "std", "l2")] + [("mean", 1)]


def computed(rows):
    for normalization, outputs in cases:
        metric = NormalizedRootMeanSquaredError(normalization, num_outputs=outputs)
        target = rows[:, :outputs].squeeze(1)
        metric.update(target + 1, target)
        try:
            yield " ".join(f"{value:.3f}" for value in metric.compute().reshape(-1).tolist())
        except IndexError as error:
            yield type(error).__name__


def process(rank, processes, folder):
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/meeting-{processes}", rank=rank, world_size=processes)
    results = list(computed(rows.tensor_split(processes)[rank]))
    if rank == 0:
        pathlib.Path(folder, f"results-{processes}").write_text("\n".join(results))
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    folder = sys.argv[1]
    columns = [list(computed(rows))]
    for processes in 1, 2, 3:
        torch.multiprocessing.spawn(process, (processes, folder), processes)
        columns.append(pathlib.Path(folder, f"results-{processes}").read_text().splitlines())
    for (normalization, outputs), *results in zip(cases, *columns):
        print(f"{normalization}{' of one output' if outputs == 1 else ''}: {'; '.join(results)}")
PYTHON
seen=$(OMP_NUM_THREADS=1 "$folder/venv/bin/python" "$folder/nrmse.py" "$folder" 2>/dev/null) || exit 2
expected='mean: 0.333 0.167 0.111; 0.192 0.096 0.064; 0.333 0.167 0.111; 0.231 0.115 0.077
range: 0.200 0.100 0.067; 0.115 0.058 0.038; 0.200 0.100 0.067; 0.200 0.250 0.333
std: 0.463 0.231 0.154; 0.041 0.010 0.005; 0.463 0.231 0.154; 0.421 0.211 0.140
l2: 0.156 0.078 0.052; 0.014 0.004 0.002; 0.156 0.078 0.052; 0.147 0.143 0.136
mean of one output: 0.333; 0.333; 0.333; IndexError'
[ "$seen" = "$expected" ] || { printf 'the behaviour has changed:\n%s\n' "$seen"; exit 1; }
printf 'as found:\n%s\n' "$seen"
