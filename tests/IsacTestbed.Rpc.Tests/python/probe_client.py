"""A grpcio client for the tests: runs one check, named by the second argument, against 127.0.0.1:PORT and prints what it saw."""

import sys
import threading

import grpc

from probe_stubs import probe_pb2, probe_pb2_grpc


def numbers(last):
    for i in range(1, last + 1):
        yield probe_pb2.Ping(number=i)


def unary(stub):
    pong = stub.Echo(probe_pb2.Ping(action="Grüße", number=41, payload=bytes(range(256)) * 1024))
    print(pong.text, pong.number, len(pong.payload), sum(pong.payload))


def metadata(stub):
    pong, call = stub.Echo.with_call(probe_pb2.Ping(action="metadata"), metadata=(("word", "hello"), ("data-bin", b"\x01\x02\xff")))
    print(pong.text, dict(call.trailing_metadata())["sum-bin"][0])


def client_stream(stub):
    print(stub.Sum(numbers(1000)).number)


def server_stream(stub):
    pongs = [p.number for p in stub.Count(probe_pb2.Ping(number=500, payload=b"x" * 70000))]
    print(len(pongs), sum(pongs))


def duplex(stub):
    turn = threading.Semaphore(1)

    def one_by_one():
        for ping in numbers(50):
            turn.acquire()
            yield ping

    total = 0
    for pong in stub.Mirror(one_by_one()):
        total += pong.number
        turn.release()
    print(total)


def error(stub):
    try:
        stub.Echo(probe_pb2.Ping(action="fail"))
        print("no error")
    except grpc.RpcError as e:
        trailers = dict(e.trailing_metadata())
        print(e.code().name, e.details(), trailers["grpc-status-details-bin"].hex(), trailers["hint"])


def late_error(stub):
    count = 0
    try:
        for _ in stub.Count(probe_pb2.Ping(action="fail", number=3)):
            count += 1
    except grpc.RpcError as e:
        print(count, e.code().name, e.details())


def early_status(stub):
    never = threading.Event()

    def endless():
        yield probe_pb2.Ping(action="fail", number=7)
        never.wait()

    try:
        stub.Sum(endless())
        print("no error")
    except grpc.RpcError as e:
        print(e.code().name, e.details())
    never.set()


def deadline(stub):
    try:
        stub.Echo(probe_pb2.Ping(action="hang"), timeout=0.5)
        print("no error")
    except grpc.RpcError as e:
        print(e.code().name)


def cancel(stub):
    call = stub.Count(probe_pb2.Ping(action="endless"))
    next(call)
    call.cancel()
    try:
        for _ in call:
            pass
        print("no error")
    except grpc.RpcError as e:
        print(e.code().name)


def unknown(stub):
    channel = stub.channel
    try:
        channel.unary_unary("/isac.rpc.test.Probe/Nothing")(b"")
        print("no error")
    except grpc.RpcError as e:
        print(e.code().name)


def too_large(stub):
    try:
        stub.Echo(probe_pb2.Ping(payload=b"x" * 5000000))
        print("no error")
    except grpc.RpcError as e:
        print(e.code().name)


def compressed(stub):
    try:
        stub.Echo(probe_pb2.Ping(payload=b"x" * 50000), compression=grpc.Compression.Gzip)
        print("no error")
    except grpc.RpcError as e:
        print(e.code().name)


with grpc.insecure_channel("127.0.0.1:" + sys.argv[1]) as channel:
    probe = probe_pb2_grpc.ProbeStub(channel)
    probe.channel = channel
    globals()[sys.argv[2]](probe)
