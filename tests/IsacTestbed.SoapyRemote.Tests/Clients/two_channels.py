"""Two channels of one radio in CS16: each hears its own port leak, and only that."""
import sys

from bench import *
from SoapySDR import SOAPY_SDR_CS16

a = open_radio(sys.argv[1])
a.setHardwareTime(0, "")
tx = a.setupStream(SOAPY_SDR_TX, SOAPY_SDR_CF32, [0, 1])
rx = a.setupStream(SOAPY_SDR_RX, SOAPY_SDR_CS16, [0, 1])
a.activateStream(tx)
a.setGain(SOAPY_SDR_RX, 0, 6.0)
start, window = 100_000, 8000
waves = [burst(3000, 5), burst(3000, 6)]
write(a, tx, waves, start)
a.activateStream(rx, SOAPY_SDR_HAS_TIME, ns(start), window)
raw = np.zeros((2, 2 * window), np.int16)
done = 0
while done < window:
    answer = a.readStream(rx, [r[2 * done:] for r in raw], window - done, timeoutUs=TIMEOUT_US)
    if answer.ret < 0:
        raise RuntimeError(f"readStream: {answer.ret}")
    done += answer.ret
heard = (raw[:, 0::2] + 1j * raw[:, 1::2]) / 32768
gains = [[float(np.abs(np.vdot(w, h[3:3003])) / np.vdot(w, w).real) for w in waves] for h in heard]
report(gains=gains, gain_db=a.getGain(SOAPY_SDR_RX, 1))
