"""Asks a sidecar's grpc.health.v1 and grpc.reflection.v1 as a standard client would.

Usage: standard_services.py HOST:PORT. Ends with a line "OK", or fails. The messages are built from descriptors made here by hand, not
from this repository's protos, so that a wrong field number there does not cancel out.
"""

import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

F = descriptor_pb2.FieldDescriptorProto


def declare(pool, name, package, messages):
    file = descriptor_pb2.FileDescriptorProto(name=name, package=package, syntax="proto3")
    for message_name, fields in messages.items():
        message = file.message_type.add(name=message_name)
        for field_name, number, kind, label in fields:
            field = message.field.add(name=field_name, number=number, label=label)
            if isinstance(kind, str):
                field.type = F.TYPE_MESSAGE
                field.type_name = "." + package + "." + kind
            else:
                field.type = kind
    pool.Add(file)


def main():
    channel = grpc.insecure_channel(sys.argv[1])
    pool = descriptor_pool.DescriptorPool()
    one, many = F.LABEL_OPTIONAL, F.LABEL_REPEATED
    declare(pool, "h.proto", "h", {
        "Request": [("service", 1, F.TYPE_STRING, one)],
        "Response": [("status", 1, F.TYPE_INT32, one)],
    })
    declare(pool, "r.proto", "r", {
        "Request": [
            ("host", 1, F.TYPE_STRING, one), ("file_by_filename", 3, F.TYPE_STRING, one),
            ("file_containing_symbol", 4, F.TYPE_STRING, one), ("list_services", 7, F.TYPE_STRING, one),
        ],
        "Response": [
            ("valid_host", 1, F.TYPE_STRING, one), ("original_request", 2, "Request", one), ("file_descriptor_response", 4, "Files", one),
            ("list_services_response", 6, "Services", one), ("error_response", 7, "Error", one),
        ],
        "Files": [("file_descriptor_proto", 1, F.TYPE_BYTES, many)],
        "Services": [("service", 1, "Service", many)],
        "Service": [("name", 1, F.TYPE_STRING, one)],
        "Error": [("error_code", 1, F.TYPE_INT32, one), ("error_message", 2, F.TYPE_STRING, one)],
    })
    factory = message_factory.MessageFactory(pool)

    def of(name):
        return factory.GetPrototype(pool.FindMessageTypeByName(name))

    health_request, health_response, request, response = of("h.Request"), of("h.Response"), of("r.Request"), of("r.Response")

    check = channel.unary_unary("/grpc.health.v1.Health/Check", health_request.SerializeToString, health_response.FromString)
    for service in ("", "isac.testbed.v1.RadioService", "grpc.health.v1.Health"):
        assert check(health_request(service=service), timeout=20).status == 1, service
    try:
        check(health_request(service="no.such.Service"), timeout=20)
        raise AssertionError("an unknown service was answered")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error
    watch = channel.unary_stream("/grpc.health.v1.Health/Watch", health_request.SerializeToString, health_response.FromString)
    watching = watch(health_request(), timeout=20)
    assert next(watching).status == 1
    watching.cancel()
    assert next(watch(health_request(service="no.such.Service"), timeout=20)).status == 3

    info = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", request.SerializeToString, response.FromString)
    questions = [
        request(list_services="*"), request(file_containing_symbol="isac.testbed.v1.RadioService"),
        request(file_by_filename="isac/testbed/v1/capture.proto"), request(file_containing_symbol="no.such.Symbol"),
    ]
    questions[1].host = "here"
    listed, radio, capture, missing = info(iter(questions), timeout=20)
    assert [s.name for s in listed.list_services_response.service] == [
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "isac.testbed.v1.RadioService"], listed
    assert radio.valid_host == "here" and radio.original_request == questions[1]
    assert missing.error_response.error_code == 5, missing
    assert capture.file_descriptor_response.file_descriptor_proto

    # What reflection says must be enough to build the service from nothing.
    told = descriptor_pool.DescriptorPool()
    for raw in reversed(radio.file_descriptor_response.file_descriptor_proto):
        told.Add(descriptor_pb2.FileDescriptorProto.FromString(raw))
    service = told.FindServiceByName("isac.testbed.v1.RadioService")
    methods = {m.name for m in service.methods}
    assert {"ListRadios", "OpenSession", "KeepSession", "UploadWaveforms", "ExecuteSchedule"} <= methods, methods
    print("OK")


main()
