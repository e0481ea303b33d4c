"""Federated averaging of one round in PyTorch, timed on request.

Arguments: threads devices steps batch. Each line read runs one round and answers two times in seconds, by the
clock and of the processors; the end of input ends the program.
"""
import sys
import time

import torch


def build():
    act = torch.nn.LeakyReLU(0.01)
    return torch.nn.Sequential(
        torch.nn.Linear(784, 256), act, torch.nn.Linear(256, 256), act, torch.nn.Linear(256, 10))


def blas():
    """PyTorch of Debian takes whichever BLAS is installed, and the plain one is many times slower than the machine."""
    with open("/proc/self/maps") as maps:
        return "OpenBLAS" if "openblas" in maps.read() else "the reference BLAS (unfair: install libopenblas0-pthread)"


def main():
    threads, devices, steps, batch = (int(a) for a in sys.argv[1:5])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = build()
    loss_of = torch.nn.CrossEntropyLoss()
    features = [torch.rand(steps * batch, 784) for _ in range(devices)]
    labels = [torch.randint(0, 10, (steps * batch,)) for _ in range(devices)]

    def one_round():
        start = [p.detach().clone() for p in model.parameters()]
        total = [torch.zeros_like(p) for p in start]
        for k in range(devices):
            with torch.no_grad():
                for p, s in zip(model.parameters(), start):
                    p.copy_(s)
            optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
            order = torch.randperm(steps * batch)
            for step in range(steps):
                index = order[step * batch:(step + 1) * batch]
                optimiser.zero_grad()
                loss = loss_of(model(features[k][index]), labels[k][index])
                loss.backward()
                optimiser.step()
                if not torch.isfinite(loss):
                    raise ArithmeticError("diverged")
            with torch.no_grad():
                for t, p in zip(total, model.parameters()):
                    t.add_(p, alpha=1.0 / devices)
        with torch.no_grad():
            for p, t in zip(model.parameters(), total):
                p.copy_(t)

    print(f"PyTorch {torch.__version__} on {blas()}", flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        one_round()
        print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)


main()
