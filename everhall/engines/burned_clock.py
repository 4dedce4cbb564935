"""A clock burned into a picture so that machines and people can read it: the test pattern of feeds.

In: the picture's size, a name. Out: a filter for ffmpeg that makes pattern, clock and beep from nothing; and where
in the picture the blocks of the machine's clock lie. No font is needed: letters are 3 × 5 blocks.

The picture is divided into `GRID` columns. Its two topmost rows of blocks hold 40 bits, two columns wide each: 32
bits of milliseconds since the epoch modulo 2^32, then 8 bits of check, (value mod 251) + 1, so that neither black
nor white nor any single wrong bit passes. Below stand the time of day and the name. The value is a multiple of the
frame's duration since the epoch, so it also numbers the frames. What must stay true: `value_of(bits_of(v)) == v`.
"""

from collections.abc import Sequence
from typing import Final

GRID: Final = 80
ROWS: Final = 16
VALUE_BITS: Final = 32
CHECK_BITS: Final = 8
BITS: Final = VALUE_BITS + CHECK_BITS
SPAN: Final = 1 << VALUE_BITS

#: Five rows of three blocks each, from the top, as octal digits.
_GLYPHS: Final = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757",
    "7": "71111", "8": "75757", "9": "75717", "A": "25755", "B": "65656", "C": "34443", "D": "65556",
    "E": "74647", "F": "74644", "G": "34553", "H": "55755", "I": "72227", "J": "11152", "K": "55655",
    "L": "44447", "M": "57755", "N": "65555", "O": "25552", "P": "65644", "Q": "25563", "R": "65655",
    "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255", "Y": "55222",
    "Z": "71247", "-": "00700", ".": "00002", ":": "02020",
}  # fmt: skip
_DIGITS: Final = [int(_GLYPHS[str(digit)], 8) for digit in range(10)]


def bits_of(value: int) -> tuple[int, ...]:
    """The 40 bits that show `value`, most significant first."""
    check = value % 251 + 1
    whole = (value % SPAN) << CHECK_BITS | check
    return tuple(whole >> (BITS - 1 - n) & 1 for n in range(BITS))


def value_of(bits: Sequence[int]) -> int | None:
    """What the bits show; None if the check is wrong."""
    whole = 0
    for bit in bits:
        whole = whole << 1 | bit
    value, check = whole >> CHECK_BITS, whole & ((1 << CHECK_BITS) - 1)
    return value if len(bits) == BITS and check == value % 251 + 1 else None


def centres(width: int) -> list[tuple[float, float, float]]:
    """(x, y, half a block's side) of each bit's block, in pixels of a picture that is `width` wide."""
    side = width / BITS
    return [((n + 0.5) * side, side / 2, side / 2) for n in range(BITS)]


def frames_between(first: int, last: int, frame_rate: float) -> int:
    """How many frames `last` is after `first`; both are values of the clock."""
    return round(((last - first) % SPAN) * frame_rate / 1000)


# ---------------------------------------------------------------- ffmpeg's filter


def name_rows(name: str) -> list[int]:
    """Five rows of `GRID` blocks with the name in them, as whole numbers of `GRID // 2` bits twice: left, right."""
    rows = [0] * 5
    for place, letter in enumerate(name.upper()[: GRID // 4 - 1]):
        glyph = _GLYPHS.get(letter, "00000")
        for row in range(5):
            rows[row] |= int(glyph[row]) << (GRID - 3 - place * 4)
    half = GRID // 2
    return [part for row in rows for part in (row >> half, row & ((1 << half) - 1))]


def _luma(name: str, offset: int) -> str:
    """Brightness at block (X, Y) at second T, as an expression of ffmpeg's `geq`."""
    value = f"st(3,round(mod(T*1000,{SPAN})))"
    bit = (
        "if(lt(floor(X/2),32),mod(floor(ld(3)/pow(2,31-floor(X/2))),2),"
        "mod(floor((mod(ld(3),251)+1)/pow(2,39-floor(X/2))),2))"
    )
    return f"16+219*(if(lt(Y,2),{value};{bit},if(between(Y,3,7),{_time(offset)},{_label(name)})))"


def _time(offset: int) -> str:
    """HH:MM:SS.T in the left half. `offset`: seconds between UTC and the clock on the wall."""
    day = f"mod(floor(T+0.0005)+{offset},86400)"
    digits = (
        f"floor({day}/36000)", f"mod(floor({day}/3600),10)", "", f"floor(mod({day},3600)/600)",
        f"mod(floor({day}/60),10)", "", f"floor(mod({day},60)/10)", f"mod({day},10)", "",
        "mod(floor((T+0.0005)*10),10)",
    )  # fmt: skip
    place, column = "floor((X-1)/4)", "mod(X-1,4)"
    glyph = "0"
    for digit in range(9, -1, -1):
        glyph = f"if(eq(ld(1),{digit}),{_DIGITS[digit]},{glyph})"
    chosen = "0"
    for number, digit_at in reversed(list(enumerate(digits))):
        signs = {2: int(_GLYPHS[":"], 8), 5: int(_GLYPHS[":"], 8), 8: int(_GLYPHS["."], 8)}
        what = f"st(1,{digit_at});{glyph}" if digit_at else str(signs[number])
        chosen = f"if(eq({place},{number}),{what},{chosen})"
    return f"if(between(X,1,40)*lt({column},3),st(2,{chosen});mod(floor(ld(2)/pow(2,14-(Y-3)*3-{column})),2),0)"


def _label(name: str) -> str:
    """The name in the rows below the time, one block from the left edge."""
    chosen = "0"
    for number, bits in enumerate(name_rows(name)):
        row, half = divmod(number, 2)
        if bits:
            chosen = f"if(eq(Y,{row + 9})*eq(floor((X-1)/{GRID // 2}),{half}),{bits},{chosen})"
    return f"if(gte(X,1),mod(floor(({chosen})/pow(2,{GRID // 2 - 1}-mod(X-1,{GRID // 2}))),2),0)"


def colour_of(name: str) -> str:
    """A colour of its own for each name, so that feeds are told apart on a wall of pictures."""
    spread = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    red, green, blue = (64 + spread * factor % 160 for factor in (37, 71, 113))
    return f"0x{red:02x}{green:02x}{blue:02x}"


def _since_first(rate: int) -> str:
    """Frames or samples since the epoch: those until the first one was made, and those since."""
    return f"(st(0,if(N,ld(0),round(RTCTIME/1000000*{rate})))+N)"


def pattern(
    width: int, height: int, frame_rate: int, name: str, offset: int = 8 * 3600, *, aligned: bool = False,
    paced: bool = False,
) -> str:
    """A graph for ffmpeg's `lavfi` with outputs `out0` (picture) and `out1` (1 kHz for 80 ms each second, 48 kHz).
    Timestamps are the wall clock's, so the caller passes `-copyts` if they are to stay so. `width` is a multiple of
    `GRID` // 2. `aligned`: the first frame is that of an even second.

    `paced`: the graph keeps time itself, each frame leaves it when its clock says so. ffmpeg's `-re` would count from the first
    frame that is left over, which may be of a second or two ahead, and add half a second's start; a picture would then
    show a time that has not come."""
    begin = f"select='st(0,ld(0)+lt(mod(t+0.0005,2),{0.9 / frame_rate:.5f}))'," if aligned else ""
    wait, rest = ("realtime,", ",arealtime") if paced else ("", "")
    clock = f"{_since_first(frame_rate)}/({frame_rate}*TB)"
    return (
        f"smptehdbars=s={width}x{height}:r={frame_rate},format=yuv420p,"
        f"drawbox=y=ih*3/4:h=ih/4:c={colour_of(name)}:t=fill,setpts='{clock}',{wait}{begin}split[picture][small];"
        f"[small]crop={GRID}:{ROWS}:0:0,geq=lum='{_luma(name, offset)}':cb=128:cr=128,"
        f"scale={width}:{width * ROWS // GRID}:flags=neighbor[clock];"
        "[picture][clock]overlay=0:0[out0];"
        f"sine=f=1000:r=48000,asetpts='{_since_first(48000)}/(48000*TB)'{rest},"
        "volume='if(lt(mod(t,1),0.08),2,0)':eval=frame[out1]"
    )
