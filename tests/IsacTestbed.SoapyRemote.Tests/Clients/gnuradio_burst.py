"""A GNU Radio flowgraph hears a burst: in lock-step its first sample is that of the tick at which it started."""
import sys

from bench import *
from gnuradio import blocks, gr, soapy

a = open_radio(sys.argv[1])
a.setHardwareTime(0, "")
tx = a.setupStream(SOAPY_SDR_TX, SOAPY_SDR_CF32, [0])
a.activateStream(tx)
start, count = 400_000, 600_000
wave = burst(4000)
write(a, tx, [wave], start)

graph = gr.top_block()
source = soapy.source(sys.argv[2], "fc32", 1, "", "", [""], [""])
source.set_sample_rate(0, RATE)
head, sink = blocks.head(gr.sizeof_gr_complex, count), blocks.vector_sink_c()
graph.connect(source, head, sink)
graph.run()
heard = np.array(sink.data(), np.complex64)
peak = np.abs(np.fft.ifft(np.fft.fft(heard) * np.conj(np.fft.fft(wave, len(heard)))))
report(count=len(heard), delay=int(np.argmax(peak)) - start, ratio=float(np.max(peak) / np.median(peak)))
