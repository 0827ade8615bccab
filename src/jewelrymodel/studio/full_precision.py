"""Weights in half precision written out in full, for processors that compute in full anyway.

A network stored in half precision is cast back and forth between all its layers on such a machine:
that costs time and memory, and nothing is gained by it. Every half is a float exactly, so no weight
changes; only the rounding between layers goes. Side outputs that nobody asks for are dropped.

The file is read as what it is, fields of protocol buffers, so that no library for it is needed:
https://protobuf.dev/programming-guides/encoding/ has the encoding, and the numbers of the fields
and types are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from collections.abc import Iterator
from enum import IntEnum

import numpy as np

_FLOAT, _HALF = 1, 10  # TensorProto.DataType
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5  # how a field's value is encoded
_CONTINUED = 0x80

_MODEL_GRAPH = 7
_ATTRIBUTE_INT = 3
_TENSOR_TYPE, _TENSOR_RAW = 2, 9


class _Graph(IntEnum):
    NODE, INITIALIZER, OUTPUT, VALUE_INFO = 1, 5, 12, 13


class _Node(IntEnum):
    OPERATOR, ATTRIBUTE = 4, 5


Value = int | bytes | memoryview
Field = tuple[int, int, Value]


def in_full_precision(network: bytes) -> bytes:
    """The same ONNX network with floats for halves and with its first output only; the same bytes
    for the same network everywhere. Raises ValueError.
    """
    try:
        return b"".join(
            _encoded(number, kind, _graph(value) if number == _MODEL_GRAPH else value)
            for number, kind, value in _fields(memoryview(network))
        )
    except (IndexError, ValueError, TypeError) as problem:
        raise ValueError(f"these bytes are no ONNX network: {problem}") from None


def _graph(graph: Value) -> bytes:
    written, has_output = [], False
    for number, kind, value in _fields(graph):
        if number == _Graph.VALUE_INFO:  # types of what lies between layers; onnxruntime infers it
            continue
        if number == _Graph.OUTPUT:
            if has_output:
                continue
            has_output = True
        if number == _Graph.NODE:
            value = _node(value)
        elif number == _Graph.INITIALIZER:
            value = _tensor(value)
        written.append(_encoded(number, kind, value))
    return b"".join(written)


def _tensor(tensor: Value) -> bytes:
    fields = list(_fields(tensor))
    if (_TENSOR_TYPE, _VARINT, _HALF) not in fields:
        return _whole(tensor)
    replaced = []
    for number, kind, value in fields:
        if number == _TENSOR_TYPE:
            value = _FLOAT
        elif number == _TENSOR_RAW:
            value = np.frombuffer(_whole(value), "<f2").astype("<f4").tobytes()
        replaced.append(_encoded(number, kind, value))
    return b"".join(replaced)


def _node(node: Value) -> bytes:
    fields = list(_fields(node))
    if not any(number == _Node.OPERATOR and value == b"Cast" for number, _, value in fields):
        return _whole(node)
    return b"".join(
        _encoded(number, kind, _cast_target(value) if number == _Node.ATTRIBUTE else value)
        for number, kind, value in fields
    )


def _cast_target(attribute: Value) -> bytes:
    return b"".join(
        _encoded(number, kind, _FLOAT if (number, value) == (_ATTRIBUTE_INT, _HALF) else value)
        for number, kind, value in _fields(attribute)
    )


def _whole(value: Value) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number where a message belongs")
    return bytes(value)


def _fields(message: Value) -> Iterator[Field]:
    """Number, encoding and value of each field, in order."""
    if isinstance(message, int):
        raise ValueError("a number where a message belongs")
    content, place = memoryview(message), 0
    while place < len(content):
        key, place = _varint(content, place)
        kind = key & 7
        if kind == _VARINT:
            number, place = _varint(content, place)
            yield key >> 3, kind, number
            continue
        if kind == _BYTES:
            size, place = _varint(content, place)
        else:
            size = {_EIGHT: 8, _FOUR: 4}.get(kind, -1)
        if size < 0 or place + size > len(content):
            raise ValueError("a field goes on past its end")
        yield key >> 3, kind, content[place : place + size]
        place += size


def _varint(content: memoryview, place: int) -> tuple[int, int]:
    """The number that starts at *place*, seven bits a byte, and where it ends."""
    number = shift = 0
    while True:
        byte = content[place]
        place += 1
        number |= (byte & ~_CONTINUED) << shift
        shift += 7
        if byte < _CONTINUED:
            return number, place


def _encoded(number: int, kind: int, value: Value) -> bytes:
    head = _as_varint(number << 3 | kind)
    if isinstance(value, int):
        return head + _as_varint(value)
    return head + (_as_varint(len(value)) if kind == _BYTES else b"") + bytes(value)


def _as_varint(number: int) -> bytes:
    written = bytearray()
    while number >= _CONTINUED:
        written.append(number & ~_CONTINUED & 0xFF | _CONTINUED)
        number >>= 7
    return bytes([*written, number])
