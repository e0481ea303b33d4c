"""What the clients share: opening radios, writing a whole burst, reading a whole window."""
import json
import sys

import numpy as np
import SoapySDR
from SoapySDR import SOAPY_SDR_CF32, SOAPY_SDR_END_BURST, SOAPY_SDR_HAS_TIME, SOAPY_SDR_RX, SOAPY_SDR_TX

SoapySDR.setLogLevel(SoapySDR.SOAPY_SDR_ERROR)
RATE = 2e6
TIMEOUT_US = 20_000_000


def open_radio(arguments):
    return SoapySDR.Device(arguments)


def ns(tick):
    return round(tick * 1e9 / RATE)


def tick(time_ns):
    return round(time_ns * RATE / 1e9)


def burst(length, seed=1):
    """Full-scale phase noise: white, so that its correlation is one sample wide."""
    return (0.7 * np.exp(2j * np.pi * np.random.default_rng(seed).random(length))).astype(np.complex64)


def write(radio, stream, buffers, start, end_burst=True):
    """Writes a timed burst on all channels of a stream."""
    done, flags = 0, SOAPY_SDR_HAS_TIME
    length = len(buffers[0])
    while done < length:
        last = SOAPY_SDR_END_BURST if end_burst else 0
        answer = radio.writeStream(stream, [b[done:] for b in buffers], length - done, flags | last, ns(start), TIMEOUT_US)
        if answer.ret < 0:
            raise RuntimeError(f"writeStream: {answer.ret}")
        done += answer.ret
        flags = 0


def read(radio, stream, count, channels=1):
    """Reads so many samples; returns them with the tick of the first and the flags of the last packet."""
    samples = np.zeros((channels, count), np.complex64)
    done, first = 0, None
    while done < count:
        answer = radio.readStream(stream, [s[done:] for s in samples], count - done, timeoutUs=TIMEOUT_US)
        if answer.ret < 0:
            raise RuntimeError(f"readStream: {answer.ret} after {done} samples")
        if first is None:
            first = tick(answer.timeNs)
        done += answer.ret
    return samples, first, answer.flags


def status(radio, stream):
    answer = radio.readStreamStatus(stream, TIMEOUT_US)
    return {"code": answer.ret, "flags": answer.flags, "tick": tick(answer.timeNs)}


def report(**values):
    print(json.dumps(values))
    sys.stdout.flush()
