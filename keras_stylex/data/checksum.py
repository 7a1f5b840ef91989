"""CRC-32C, the checksum of TFRecord files, of many records at once.

A CRC is linear, and zeros in front do not change it where it starts from zero. So
records are cut into pieces which are worked through side by side, a byte of each at a
time; then the pieces' CRCs are joined in pairs, each first one moved past as many
zeros as the second one is long (Mark Adler's `crc32_combine`, zlib 1.2.2.1, 2004).
"""

from functools import cache

import numpy as np

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, its bits reversed
_PIECE = 128  # bytes
_SHORT = 32  # bytes, up to which a plain loop is quicker
_ONES = 0xFFFFFFFF


def masked_crc32c(records):
    """The checksums that TFRecord files have of `records`: list of bytes to uint32."""
    crc = crc32c(records)
    rotated = crc >> np.uint32(15) | crc << np.uint32(17)
    return rotated + np.uint32(0xA282EAD8)


def crc32c(records):
    """CRC-32C of every one of a list of bytes, as uint32."""
    result = np.zeros(len(records), np.uint32)
    widths = [_width(len(record)) for record in records]
    for width in set(widths):
        rows = [row for row, other in enumerate(widths) if other == width]
        crc_of = _in_pieces if width else _byte_by_byte
        result[rows] = crc_of([records[row] for row in rows], width)
    return result


def _width(size):
    """The bytes a record is padded to, a power of two pieces; 0 for short ones."""
    pieces = 1 << (-(-size // _PIECE) - 1).bit_length()
    return pieces * _PIECE if size > _SHORT else 0


def _byte_by_byte(records, _):
    table, result = _table_list(), []
    for record in records:
        crc = _ONES
        for byte in record:
            crc = table[(crc ^ byte) % 256] ^ crc >> 8
        result.append(crc ^ _ONES)
    return result


def _in_pieces(records, width):
    padded = b"".join(_primed(record).rjust(width, b"\0") for record in records)
    pieces = np.frombuffer(padded, np.uint8).reshape(-1, _PIECE)
    table, crc = _past(1)[0], np.zeros(len(pieces), np.uint32)
    for byte in np.ascontiguousarray(pieces.T):
        crc = table[crc.astype(np.uint8) ^ byte] ^ crc >> np.uint32(8)
    zeros = _PIECE
    while zeros < width:
        crc = _advance(crc[0::2], zeros) ^ crc[1::2]
        zeros *= 2
    return crc ^ np.uint32(_ONES)


def _primed(record):
    """What gives a CRC that starts as zeros the value `record` has: of all ones."""
    start = int.from_bytes(record[:4], "little") ^ _ONES
    return start.to_bytes(4, "little") + record[4:]


def _advance(crc, zeros):
    """CRCs after that many zeros more, a power of two."""
    past = _past(zeros)
    parts = (past[n][(crc >> np.uint32(8 * n)).astype(np.uint8)] for n in range(4))
    return np.bitwise_xor.reduce(list(parts))


@cache
def _past(zeros):
    """`(4, 256)`: what that many zeros make of every value of a CRC's four bytes."""
    crc = np.arange(256, dtype=np.uint32) << np.uint32([[0], [8], [16], [24]])
    if zeros > 1:
        return _advance(_advance(crc, zeros // 2), zeros // 2)
    for _ in range(8):
        odd = (crc & np.uint32(1)).astype(bool)
        crc = crc >> np.uint32(1) ^ np.where(odd, _POLYNOMIAL, 0).astype(np.uint32)
    return crc


@cache
def _table_list():
    return _past(1)[0].tolist()
