"""Charts as SVG files."""

import dataclasses
import html
import math
import pathlib

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 76, 210, 44, 56
FONT = 'font-family="DejaVu Sans, Verdana, sans-serif"'


@dataclasses.dataclass
class Series:
    """A line with or without marks at its points."""

    label: str
    points: list[tuple[float, float]]
    color: str
    dashes: str = ""
    marks: bool = True


@dataclasses.dataclass
class Bar:
    label: str
    value: float
    low: float
    high: float


def text(x: float, y: float, words: str, anchor: str = "start", size: int = 12, turn: str = ""):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {FONT} font-size="{size}" fill="#222" '
        f'text-anchor="{anchor}"{turn}>{html.escape(words)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def round_steps(high: float) -> list[float]:
    """Some round values from 0 that enclose `high`."""
    step = 10 ** math.floor(math.log10(high / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if high / (factor * step) <= 6)
    return [step * i for i in range(math.ceil(high / step - 1e-9) + 1)]


def log_steps(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten that enclose low ... high."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
    first = max(i for i, step in enumerate(steps) if step <= low * (1 + 1e-9))
    last = min(i for i, step in enumerate(steps) if step >= high * (1 - 1e-9))
    return steps[first : last + 1]


class Scale:
    """Maps values to coordinates between `begin` and `end`."""

    def __init__(self, ticks: list[float], begin: float, end: float, log: bool) -> None:
        self.place = math.log if log else float
        self.low, self.high = self.place(min(ticks)), self.place(max(ticks))
        self.begin, self.end = begin, end

    def __call__(self, value: float) -> float:
        part = (self.place(value) - self.low) / ((self.high - self.low) or 1)
        return self.begin + part * (self.end - self.begin)


def write(path: pathlib.Path, height: float, parts: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}">'
    )
    back = '<rect width="100%" height="100%" fill="#fff"/>'
    path.write_text("\n".join([head, back, *parts, "</svg>"]) + "\n")


def write_lines(
    path: pathlib.Path,
    title: str,
    x_label: str,
    y_label: str,
    series: list[Series],
    x_ticks: list[float],
    log_x: bool,
) -> None:
    """Lines over a logarithmic y."""
    ys = [y for each in series for _, y in each.points]
    y_ticks = log_steps(min(ys), max(ys))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    x_at, y_at = Scale(x_ticks, LEFT, right, log_x), Scale(y_ticks, bottom, TOP, log=True)

    parts = [text(LEFT, 24, title, size=15)]
    for tick in y_ticks:
        parts.append(line(LEFT, y_at(tick), right, y_at(tick), 'stroke="#e3e3e3"'))
        parts.append(text(LEFT - 8, y_at(tick) + 4, short(tick), "end"))
    for tick in x_ticks:
        parts.append(line(x_at(tick), TOP, x_at(tick), bottom, 'stroke="#f0f0f0"'))
        parts.append(text(x_at(tick), bottom + 18, short(tick), "middle"))
    parts.append(line(LEFT, bottom, right, bottom, 'stroke="#222"'))
    parts.append(line(LEFT, TOP, LEFT, bottom, 'stroke="#222"'))
    parts.append(text((LEFT + right) / 2, HEIGHT - 14, x_label, "middle"))
    middle = (TOP + bottom) / 2
    parts.append(text(18, middle, y_label, "middle", turn=f' transform="rotate(-90 18 {middle})"'))

    for index, each in enumerate(series):
        stroke = f'stroke="{each.color}" stroke-width="2"'
        if each.dashes:
            stroke += f' stroke-dasharray="{each.dashes}"'
        places = [(x_at(x), y_at(y)) for x, y in each.points]
        path_points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path_points}" fill="none" {stroke}/>')
        legend = TOP + 12 + 22 * index
        parts.append(line(right + 14, legend, right + 44, legend, stroke))
        parts.append(text(right + 50, legend + 4, each.label))
        if each.marks:
            for x, y in [*places, (right + 29, legend)]:
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{each.color}"/>')
    write(path, HEIGHT, parts)


def write_bars(path: pathlib.Path, title: str, x_label: str, bars: list[Bar]) -> None:
    """Horizontal bars up to the value, with a whisker from low to high."""
    pitch, left, right = 28, 230, WIDTH - 70
    bottom = TOP + pitch * len(bars)
    ticks = round_steps(max(bar.high for bar in bars))
    x_at = Scale(ticks, left, right, log=False)
    parts = [text(16, 24, title, size=15)]
    for tick in ticks:
        parts.append(line(x_at(tick), TOP, x_at(tick), bottom, 'stroke="#e3e3e3"'))
        parts.append(text(x_at(tick), bottom + 18, short(tick), "middle"))
    for index, bar in enumerate(bars):
        y = TOP + pitch * index + 4
        color = "#0b7a75" if bar.label.startswith("Cornu") else "#9aa5b1"
        parts.append(text(left - 8, y + 14, bar.label, "end"))
        width = x_at(bar.value) - left
        parts.append(
            f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{pitch - 8}" fill="{color}"/>'
        )
        middle = y + (pitch - 8) / 2
        parts.append(line(x_at(bar.low), middle, x_at(bar.high), middle, 'stroke="#222"'))
        for end in (bar.low, bar.high):
            parts.append(line(x_at(end), middle - 4, x_at(end), middle + 4, 'stroke="#222"'))
        parts.append(text(x_at(bar.high) + 8, middle + 4, f"{bar.value:.2f}"))
    parts.append(text((left + right) / 2, bottom + 40, x_label, "middle"))
    write(path, bottom + 54, parts)
