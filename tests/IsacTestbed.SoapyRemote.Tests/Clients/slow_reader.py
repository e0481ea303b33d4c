"""A paced stream whose reader stands still for a while: what is lost must be told, and nothing else be missing."""
import sys
import time

from bench import *

b = open_radio(sys.argv[1])
file = sys.argv[2]
b.setHardwareTime(0, "")
rx = b.setupStream(SOAPY_SDR_RX, SOAPY_SDR_CF32, [0], {"remote:window": "65536"})
b.activateStream(rx)
buffer = np.zeros(4096, np.complex64)
expected, overflow, wrong, gap, after = None, None, 0, None, None
idle_until = 20_000
received = 0
while after is None or received < 60_000:
    answer = b.readStream(rx, [buffer], len(buffer), timeoutUs=TIMEOUT_US)
    if answer.ret == SoapySDR.SOAPY_SDR_OVERFLOW:
        overflow = tick(answer.timeNs)
        wrong += overflow != expected
        continue
    if answer.ret < 0:
        raise RuntimeError(f"readStream: {answer.ret}")
    first = tick(answer.timeNs)
    if expected is not None and first != expected:
        # Only right behind an overflow may a time stamp jump.
        wrong += overflow is None or gap is not None
        gap = first - expected
        after = first
        received = 0
        buffer[:answer.ret].tofile(file)
        count = answer.ret
    expected = first + answer.ret
    received += answer.ret
    if idle_until is not None and received > idle_until:
        idle_until = None
        time.sleep(1.5)
report(overflow=overflow, wrong=wrong, gap=gap, after=after, count=count, behind=expected)
