#!/usr/bin/env python3
"""Renders digits in handwriting-like fonts as people photograph and draw them, and tells how many a model reads.

Each picture has one digit: a font, a size, a slant of up to 15 degrees, a pen, a paper (white, grey, in a shadow,
ruled, black) and noise, all drawn by a seed. The fonts are those of Debian's packages fonts-breip, fonts-comic-neue,
fonts-dancingscript, fonts-dkg-handwriting, fonts-ecolier-court, fonts-humor-sans, fonts-kristi and fonts-rufscript.

    python3 tools/render_digits.py /tmp/rendered                    # 1,000 pictures and labels.json
    python3 tools/render_digits.py /tmp/rendered --model RUN        # and the share that `cornu predict` reads
"""

import argparse
import json
import pathlib
import random
import subprocess

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = ("breip/Breip.ttf", "comic-neue/ComicNeue-Regular.otf", "comic-neue/ComicNeue-Light.otf",
         "dancingscript/DancingScript-Regular.otf", "ecolier-court/Ecolier-court.ttf",
         "fifthhorseman/dkg.ttf", "fifthhorseman/dkgIt.ttf", "humor-sans/Humor-Sans.ttf", "kristi/Kristi.ttf",
         "rufscript/Rufscript010.ttf")
PAPERS = ("white", "grey", "shadow", "ruled", "black")


def font_file(name):
    for folder in ("truetype", "opentype"):
        path = pathlib.Path("/usr/share/fonts", folder, name)
        if path.exists():
            return path
    raise SystemExit(f"{name}: not installed; the packages are named in `{__file__} --help`")


def paper(kind, size, draw_by):
    y, x = np.mgrid[0:size, 0:size] / size
    levels = {"white": 255, "black": 12, "ruled": 245}
    if kind == "grey":
        return np.full((size, size), draw_by.uniform(150, 220))
    if kind == "shadow":
        angle = draw_by.uniform(0, 2 * np.pi)
        return 170 + 70 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)) * 2
    page = np.full((size, size), float(levels[kind]))
    if kind == "ruled":
        page[:: max(8, size // 9)] -= 40
    return page


def picture_of(digit, font, draw_by):
    size = draw_by.choice((64, 120, 200, 320))
    letter = Image.new("L", (size, size), 0)
    type_size = int(size * draw_by.uniform(0.45, 0.75))
    ImageDraw.Draw(letter).text((size / 2, size / 2), str(digit), 255, anchor="mm",
                                font=ImageFont.truetype(font, type_size))
    shift = int(size * 0.1)
    letter = letter.rotate(draw_by.uniform(-15, 15), Image.Resampling.BICUBIC,
                           translate=(draw_by.randint(-shift, shift), draw_by.randint(-shift, shift)))
    letter = letter.filter(ImageFilter.GaussianBlur(draw_by.uniform(0, size / 150)))
    kind = draw_by.choice(PAPERS)
    page = paper(kind, size, draw_by)
    ink = draw_by.uniform(200, 255) if kind == "black" else draw_by.uniform(10, 90)
    covers = np.asarray(letter) / 255
    grain = np.random.default_rng(draw_by.randrange(2**32)).normal(0, draw_by.uniform(0, 6), page.shape)
    picture = Image.fromarray(np.clip(page * (1 - covers) + ink * covers + grain, 0, 255).astype(np.uint8))
    return picture, kind


def render(folder, count, seed):
    folder.mkdir(parents=True, exist_ok=True)
    draw_by = random.Random(seed)
    labels = {}
    for i in range(count):
        digit, font = i % 10, FONTS[i // 10 % len(FONTS)]
        name = f"{i:04}.{'jpg' if i % 3 == 0 else 'png'}"
        picture, kind = picture_of(digit, font_file(font), draw_by)
        picture.save(folder / name)
        labels[name] = {"digit": digit, "font": font, "paper": kind, "size": f"{picture.width} pixels"}
    (folder / "labels.json").write_text(json.dumps(labels, indent=1))
    return labels


def answers(cornu, model, folder, name, *options):
    found = subprocess.run([cornu, "predict", model, folder / name, "--top", "1", "--json", *options],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return [each["class"] for each in json.loads(found.stdout)] if found.returncode == 0 else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", help="a run or a model of mnist's digits")
    parser.add_argument("--cornu", default="build/bin/cornu")
    options = parser.parse_args()
    labels = render(options.folder, options.count, options.seed)
    print(f"{len(labels)} pictures in {options.folder}")
    if not options.model:
        return
    for text, more in (("digits looked for", ()), ("the whole picture, as it is", ("--whole",))):
        right, everything = {}, []
        for name, label in labels.items():
            is_right = answers(options.cornu, options.model, options.folder, name, *more) == [label["digit"]]
            for of in ("font", "paper", "size"):
                right.setdefault((of, label[of]), []).append(is_right)
            everything.append(is_right)
        print(f"{text}: {np.mean(everything):.3f} right")
        for (of, value), results in sorted(right.items()):
            print(f"    {np.mean(results):.2f}  {of}: {value}")


if __name__ == "__main__":
    main()
