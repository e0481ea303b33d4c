"""Two radios: a timed burst is heard at its delay, a late one and one without end are told."""
import hashlib
import sys

from bench import *

a, b = open_radio(sys.argv[1]), open_radio(sys.argv[2])
stream_arguments = dict(pair.split("=") for pair in sys.argv[3:])
a.setHardwareTime(0, "")
tx = a.setupStream(SOAPY_SDR_TX, SOAPY_SDR_CF32, [0], stream_arguments)
rx = b.setupStream(SOAPY_SDR_RX, SOAPY_SDR_CF32, [0], stream_arguments)
a.activateStream(tx)
start, length, window = int(RATE), 5000, 20000
wave = burst(length)
write(a, tx, [wave], start)
b.activateStream(rx, SOAPY_SDR_HAS_TIME, ns(start), window)
heard, first, flags = read(b, rx, window)
peak = np.abs(np.correlate(heard[0], wave, "valid"))
delay = int(np.argmax(peak))
gain = float(np.abs(np.vdot(wave, heard[0][delay:delay + length])) / np.vdot(wave, wave).real)
complete = status(a, tx)

write(a, tx, [burst(100)], 1000)
late = status(a, tx)

dry_start = tick(a.getHardwareTime("")) + int(0.2 * RATE)
write(a, tx, [burst(3000)], dry_start, end_burst=False)
if a.getHardwareInfo()["clock_mode"] == "lockstep":
    count = int(0.2 * RATE) + 20000
    b.activateStream(rx, 0, 0, count)
    read(b, rx, count)
dry = status(a, tx)
report(first=first, flags=flags, delay=delay, gain=gain, complete=complete, start=start, length=length, late=late,
       dry=dry, dry_end=dry_start + 3000, sha=hashlib.sha256(heard.tobytes()).hexdigest())
