"""A grpcio server for the tests. Prints its port, then one line for each call that its client cancelled; ends when its input closes."""

import sys
import threading
import time
from concurrent import futures

import grpc

from probe_stubs import probe_pb2, probe_pb2_grpc


def say(line):
    print(line, flush=True)


class Probe(probe_pb2_grpc.ProbeServicer):
    def Echo(self, request, context):
        metadata = dict(context.invocation_metadata())
        if request.action == "fail":
            context.set_trailing_metadata((("grpc-status-details-bin", b"\x08\x05\x12\x02no\xff"), ("hint", "look elsewhere")))
            context.abort(grpc.StatusCode.NOT_FOUND, "kein Gerät: 100 %")
        if request.action == "hang":
            ended = threading.Event()
            context.add_callback(ended.set)
            remaining = context.time_remaining()  # huge or None without a deadline
            say("hanging %d" % (round(remaining) if remaining is not None and remaining < 1e6 else 0))
            ended.wait(30)
            say("ended")
            return probe_pb2.Pong()
        if request.action == "metadata":
            context.set_trailing_metadata((("sum-bin", bytes([sum(metadata["data-bin"]) & 255])),))
            return probe_pb2.Pong(text=metadata["word"])
        return probe_pb2.Pong(text=request.action, number=request.number + 1, payload=request.payload)

    def Sum(self, requests, context):
        total = 0
        for ping in requests:
            if ping.action == "fail":
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "stop at %d" % ping.number)
            total += ping.number
        return probe_pb2.Pong(number=total)

    def Count(self, request, context):
        context.add_callback(lambda: say("count ended"))
        for i in range(request.number):
            if not context.is_active():
                return
            yield probe_pb2.Pong(number=i, payload=request.payload)
            if request.action == "slow":
                time.sleep(0.01)
        if request.action == "fail":
            context.abort(grpc.StatusCode.DATA_LOSS, "after %d" % request.number)

    def Mirror(self, requests, context):
        for ping in requests:
            yield probe_pb2.Pong(number=-ping.number)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
probe_pb2_grpc.add_ProbeServicer_to_server(Probe(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
say("port %d" % port)
sys.stdin.read()
server.stop(0).wait()
