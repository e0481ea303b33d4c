"""The work of RangeDopplerProcessor with SciPy, single precision, one worker. Usage: PULSES SAMPLES REPETITIONS."""
import sys
import time

import numpy
import scipy.fft

pulses, samples, repetitions = map(int, sys.argv[1:4])
random = numpy.random.default_rng(1)
x = (random.standard_normal((pulses, samples)) + 1j * random.standard_normal((pulses, samples))).astype(numpy.complex64)
reference = numpy.conj(scipy.fft.fft(x[0]))
best = float("inf")
for _ in range(repetitions):
    start = time.perf_counter()
    y = scipy.fft.fft(x, axis=1)
    y *= reference
    y = scipy.fft.ifft(y, axis=1, overwrite_x=True)
    y = scipy.fft.fft(y, axis=0, overwrite_x=True)
    best = min(best, time.perf_counter() - start)
print(f"range_doppler {pulses * samples / best / 1e6:.1f}")
