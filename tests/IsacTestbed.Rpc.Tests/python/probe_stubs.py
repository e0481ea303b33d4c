"""Generates the probe messages with grpc_tools into a temporary folder and imports them."""

import os
import sys
import tempfile

from grpc_tools import protoc

_FOLDER = tempfile.TemporaryDirectory()
_PROTOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "protos")
if protoc.main(["protoc", "-I" + _PROTOS, "--python_out=" + _FOLDER.name, "--grpc_python_out=" + _FOLDER.name, "probe.proto"]) != 0:
    raise SystemExit("protoc failed")
sys.path.insert(0, _FOLDER.name)

import probe_pb2  # noqa: E402,F401
import probe_pb2_grpc  # noqa: E402,F401
