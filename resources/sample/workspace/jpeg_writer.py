"""Writes small pictures as baseline JPEG in plain Python.

A 16 x 12 thumbnail is enlarged smoothly to 448 x 448. Inside a block of 8 x 8 pixels such a picture is nearly a plane,
so a block is stored as its mean and two slopes: three of the 64 coefficients, the others are zero. That is what makes a
pure Python encoder fast enough.
"""
import math
import struct

SIZE = 448
BLOCKS = SIZE // 8
QUANT_DC, QUANT_AC = 4, 4
ZIGZAG_LENGTH = 64

# The Huffman tables for luminance of ITU T.81, annex K.3.
DC_BITS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
DC_VALUES = list(range(12))
AC_BITS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D]
AC_VALUES = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738"
    "393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5"
    "a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa")

# A slope of s per pixel gives the first coefficient of a row or column this weight:
# sum over x of (x - 3.5) * cos((2x + 1) pi / 16), times 8 (the sum over the other direction), times sqrt(1/8) / 2.
SLOPE_TO_COEFFICIENT = 8 * sum((x - 3.5) * math.cos((2 * x + 1) * math.pi / 16) for x in range(8)) / math.sqrt(8) / 2


def huffman(bits, values):
    """Symbol -> (code, length)."""
    table, code, at = {}, 0, 0
    for length, count in enumerate(bits, 1):
        for _ in range(count):
            table[values[at]] = (code, length)
            code += 1
            at += 1
        code <<= 1
    return table


DC_TABLE, AC_TABLE = huffman(DC_BITS, DC_VALUES), huffman(AC_BITS, AC_VALUES)


def write_jpeg(path, pixels, width, height):
    """`pixels`: floats -0.5 to 0.5, RGB, row by row; drawn as a 448 x 448 picture."""
    planes = [plane_blocks(channel, width, height) for channel in to_ycc(pixels)]
    bits = BitWriter()
    previous = [0, 0, 0]
    for block in range(BLOCKS * BLOCKS):
        for c in range(3):
            dc, across, down = planes[c][block]
            write_block(bits, dc - previous[c], across, down)
            previous[c] = dc
    with open(path, "wb") as file:
        file.write(header() + bits.finish() + b"\xff\xd9")


def to_ycc(pixels):
    y, cb, cr = [], [], []
    for i in range(0, len(pixels), 3):
        r, g, b = (min(255.0, max(0.0, (value + 0.5) * 255)) for value in pixels[i:i + 3])
        y.append(0.299 * r + 0.587 * g + 0.114 * b - 128)
        cb.append(-0.168736 * r - 0.331264 * g + 0.5 * b)
        cr.append(0.5 * r - 0.418688 * g - 0.081312 * b)
    return y, cb, cr


def plane_blocks(channel, width, height):
    """Quantised mean and slopes of every block, from bilinear values at the block corners."""
    def lines(count):
        out = []
        for i in range(BLOCKS + 1):
            at = min(count - 1.0, max(0.0, i / BLOCKS * count - 0.5))
            low = min(count - 2, int(at))
            out.append((low, at - low))
        return out
    columns, rows = lines(width), lines(height)
    corners = []
    for top, v in rows:
        upper, lower = channel[top * width:(top + 1) * width], channel[(top + 1) * width:(top + 2) * width]
        row = [a + (b - a) * v for a, b in zip(upper, lower)]
        corners.append([row[left] + (row[left + 1] - row[left]) * u for left, u in columns])
    slope = SLOPE_TO_COEFFICIENT / 8 / QUANT_AC
    blocks = []
    for y in range(BLOCKS):
        upper, lower = corners[y], corners[y + 1]
        for x in range(BLOCKS):
            a, b, c, d = upper[x], upper[x + 1], lower[x], lower[x + 1]
            blocks.append((round((a + b + c + d) * 2 / QUANT_DC),
                           round((b + d - a - c) / 2 * slope), round((c + d - a - b) / 2 * slope)))
    return blocks


class BitWriter:
    def __init__(self):
        self.bytes, self.pending, self.count = bytearray(), 0, 0

    def put(self, code, length):
        self.pending = (self.pending << length) | code
        self.count += length
        while self.count >= 8:
            self.count -= 8
            byte = (self.pending >> self.count) & 255
            self.bytes.append(byte)
            if byte == 255:
                self.bytes.append(0)
        self.pending &= (1 << self.count) - 1

    def finish(self):
        if self.count:
            self.put((1 << (8 - self.count)) - 1, 8 - self.count)
        return bytes(self.bytes)


def put_value(bits, table, run, value):
    size = abs(value).bit_length()
    bits.put(*table[run << 4 | size])
    if size:
        bits.put(value if value > 0 else value + (1 << size) - 1, size)


def write_block(bits, dc, across, down):
    """Coefficients 1 and 2 in zigzag order are the slopes across and down."""
    put_value(bits, DC_TABLE, 0, dc)
    run = 0
    for value in (across, down):
        if value == 0:
            run += 1
            continue
        put_value(bits, AC_TABLE, run, value)
        run = 0
    bits.put(*AC_TABLE[0])


def header():
    def segment(marker, body):
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body
    quant = bytes([0, QUANT_DC]) + bytes([QUANT_AC]) * (ZIGZAG_LENGTH - 1)
    components = b"".join(bytes([c, 0x11, 0]) for c in (1, 2, 3))
    return (b"\xff\xd8" + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + segment(0xDB, quant)
            + segment(0xC0, struct.pack(">BHHB", 8, SIZE, SIZE, 3) + components)
            + segment(0xC4, bytes([0x00]) + bytes(DC_BITS) + bytes(DC_VALUES))
            + segment(0xC4, bytes([0x10]) + bytes(AC_BITS) + AC_VALUES)
            + segment(0xDA, bytes([3]) + b"".join(bytes([c, 0]) for c in (1, 2, 3)) + bytes([0, 63, 0])))
