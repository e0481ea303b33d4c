"""Streams both ways for a while and counts what was lost: duplex_rate.py ARGUMENTS SECONDS [r][t] [stream argument]..."""
import sys
import threading
import time

from bench import *

radio = open_radio(sys.argv[1])
seconds, ways = float(sys.argv[2]), sys.argv[3]
arguments = dict(pair.split("=") for pair in sys.argv[4:])
rate = radio.getSampleRate(SOAPY_SDR_RX, 0)
done = threading.Event()
count = {"rx": 0, "tx": 0, "overflows": 0, "lost": 0, "rx_timeouts": 0, "underflows": 0, "tx_timeouts": 0}


def receive(stream):
    buffer, expected = np.zeros(radio.getStreamMTU(stream), np.complex64), None
    radio.activateStream(stream)
    while not done.is_set():
        answer = radio.readStream(stream, [buffer], len(buffer), timeoutUs=500_000)
        if answer.ret == SoapySDR.SOAPY_SDR_OVERFLOW:
            count["overflows"] += 1
        elif answer.ret < 0:
            count["rx_timeouts"] += 1
        else:
            first = round(answer.timeNs * rate / 1e9)
            count["lost"] += 0 if expected is None else first - expected
            expected = first + answer.ret
            count["rx"] += answer.ret
    radio.deactivateStream(stream)


def transmit(stream):
    buffer = np.full(radio.getStreamMTU(stream), 0.3, np.complex64)
    radio.activateStream(stream)
    while not done.is_set():
        answer = radio.writeStream(stream, [buffer], len(buffer), 0, 0, 500_000)
        if answer.ret < 0:
            count["tx_timeouts"] += 1
        else:
            count["tx"] += answer.ret
    radio.deactivateStream(stream)


def watch(stream):
    while not done.is_set():
        count["underflows"] += radio.readStreamStatus(stream, 200_000).ret == SoapySDR.SOAPY_SDR_UNDERFLOW


threads = []
if "r" in ways:
    threads.append(threading.Thread(target=receive, args=(radio.setupStream(SOAPY_SDR_RX, SOAPY_SDR_CF32, [0], arguments),)))
if "t" in ways:
    sending = radio.setupStream(SOAPY_SDR_TX, SOAPY_SDR_CF32, [0], arguments)
    threads += [threading.Thread(target=transmit, args=(sending,)), threading.Thread(target=watch, args=(sending,))]
begin, processor = time.monotonic(), time.process_time()
for thread in threads:
    thread.start()
time.sleep(seconds)
done.set()
elapsed = time.monotonic() - begin
for thread in threads:
    thread.join()
report(rx_msps=count["rx"] / elapsed / 1e6, tx_msps=count["tx"] / elapsed / 1e6, client_cpu=(time.process_time() - processor) / elapsed, **count)
