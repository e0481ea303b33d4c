"""Drives a sidecar with an emulated radio through a whole experiment and measures an echo's delay with numpy.

Usage: echo_delay.py HOST:PORT GENERATED_FOLDER RADIO_ID SAMPLE_RATE_HZ CARRIER_HZ DELAY_SAMPLES. GENERATED_FOLDER holds what grpc_tools made
of the repository's protos. Ends with a line "OK delay ...", or fails.
"""

import sys

sys.path.insert(0, sys.argv[2])

import grpc  # noqa: E402
import numpy  # noqa: E402

from isac.testbed.v1 import capture_pb2, radio_service_pb2 as pb, radio_service_pb2_grpc, schedule_pb2  # noqa: E402

LENGTH = 512
REPEATS = 3
INTERVAL = 1024
START = 1000


def chirp():
    """A linear-FM pulse over 80 % of the band with soft ends, so that its delay is defined to a fraction of a sample."""
    n = numpy.arange(LENGTH) - (LENGTH - 1) / 2
    taper = numpy.sin(numpy.pi * (numpy.arange(LENGTH) + 0.5) / LENGTH)
    return (taper * numpy.exp(1j * numpy.pi * 0.8 / LENGTH * n * n)).astype(numpy.complex64)


def measure(received, pulse):
    """Delay in samples by a matched filter on a grid eight times as fine and a parabola through its peak."""
    fine = 8
    size = 2048
    spectrum = numpy.fft.fft(received, size) * numpy.conj(numpy.fft.fft(pulse, size))
    padded = numpy.zeros(size * fine, complex)
    padded[: size // 2] = spectrum[: size // 2]
    padded[-size // 2:] = spectrum[-size // 2:]
    power = numpy.abs(numpy.fft.ifft(padded))
    k = int(numpy.argmax(power))
    a, b, c = power[k - 1], power[k], power[(k + 1) % power.size]
    return (k + 0.5 * (a - c) / (a - 2 * b + c)) / fine


def main():
    address, _, radio_id = sys.argv[1:4]
    rate, carrier, delay = map(float, sys.argv[4:7])
    stub = radio_service_pb2_grpc.RadioServiceStub(grpc.insecure_channel(address))
    radios = stub.ListRadios(pb.ListRadiosRequest(), timeout=20).radios
    assert [r.radio_id for r in radios] == [radio_id], radios
    info = stub.GetHardwareInfo(pb.GetHardwareInfoRequest(), timeout=20)
    assert info.protocol == "isac.testbed.v1" and info.protocol_revision >= 1, info

    opened = stub.OpenSession(pb.OpenSessionRequest(holder="python", radio_ids=[radio_id], lease_seconds=30), timeout=20)
    session = opened.session_id
    try:
        stub.OpenSession(pb.OpenSessionRequest(holder="other", radio_ids=[radio_id], lease_seconds=30), timeout=20)
        raise AssertionError("a leased radio was leased again")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.ABORTED and "python" in error.details(), error
        assert any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata())
    kept = next(stub.KeepSession(iter([pb.KeepSessionRequest(session_id=session)]), timeout=20))
    assert 0 < kept.renewed.expires_in_seconds <= 30, kept

    tuned = stub.ConfigureRadio(pb.ConfigureRadioRequest(
        session_id=session, radio_id=radio_id, sample_rate_hz=rate, frequency_hz=carrier), timeout=20)
    assert tuned.sample_rate_hz.actual == rate and tuned.frequency_hz.actual == carrier, tuned

    pulse = chirp()
    raw = pulse.tobytes()

    def parts():
        for first in range(0, LENGTH, 200):
            count = min(200, LENGTH - first)
            yield pb.UploadWaveformsRequest(
                session_id=session, radio_ids=[radio_id], waveform_id="chirp", sample_count=LENGTH, first_sample=first,
                format=capture_pb2.SAMPLE_FORMAT_CF32, iq=raw[8 * first:8 * (first + count)])

    stored = stub.UploadWaveforms(parts(), timeout=20).waveforms
    assert [(w.waveform_id, w.sample_count) for w in stored] == [("chirp", LENGTH)], stored

    schedule = schedule_pb2.BurstSchedule(
        radio_id=radio_id,
        bursts=[schedule_pb2.TxBurst(
            burst_id=1, start_tick=START, repeats=REPEATS, interval_ticks=INTERVAL, amplitude=1,
            layers=[schedule_pb2.TxLayer(waveform_id="chirp", weights=[schedule_pb2.ComplexWeight(real=1)])])],
        windows=[schedule_pb2.RxWindow(window_id=4, start_tick=START, sample_count=REPEATS * INTERVAL)])
    samples, reports, summary, ended = [], [], None, False
    for response in stub.ExecuteSchedule(pb.ExecuteScheduleRequest(session_id=session, schedules=[schedule]), timeout=60):
        kind = response.WhichOneof("output")
        if kind == "capture":
            chunk = response.capture
            assert chunk.first_tick == START + sum(map(len, samples)) and chunk.window_id == 4 and not chunk.flags and not ended
            assert chunk.format == capture_pb2.SAMPLE_FORMAT_CF32 and len(chunk.iq) == 8 * chunk.channel_count * chunk.sample_count
            samples.append(numpy.frombuffer(chunk.iq, numpy.complex64).reshape(chunk.channel_count, chunk.sample_count)[0])
            ended = chunk.is_last
        elif kind == "burst_report":
            reports.append(response.burst_report)
        else:
            summary = response.summary
    assert ended and [r.outcome for r in reports] == [capture_pb2.BURST_OUTCOME_TRANSMITTED], reports
    assert summary.sample_count == REPEATS * INTERVAL and summary.lost_sample_count == 0, summary

    received = numpy.concatenate(samples)
    measured = [measure(received[r * INTERVAL:(r + 1) * INTERVAL], pulse) for r in range(REPEATS)]
    assert all(abs(m - delay) < 0.05 for m in measured), (measured, delay)

    stub.CloseSession(pb.CloseSessionRequest(session_id=session), timeout=20)
    try:
        stub.RenewLease(pb.RenewLeaseRequest(session_id=session), timeout=20)
        raise AssertionError("a closed session was renewed")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.ABORTED, error
    print("OK delay", measured)


main()
