"""Reads the reports of runs with a parser of HTML.

    tests/report_test.py BUILD/bin/cornu
Each element is closed, each id is one of its kind, links lead to one, each picture and drawing has a
text, and nothing is asked of another file or host.
"""
import csv
import html.parser
import json
import pathlib
import random
import subprocess
import sys
import tempfile

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
ADDRESSES = {"src", "href", "srcset", "action", "data", "poster", "xlink:href"}
HOSTILE = ["</script><b>x\"", "plain 'q' & co", "<img src=x onerror=alert(1)>", "Zürich -->"]


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.words, self.faults = [], [], [], [], []
        self.headings, self.scripts = [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name in ADDRESSES & set(attributes):
            address = attributes[name]
            if address.startswith("#"):
                self.links.append(address[1:])
            elif not address.startswith("data:"):
                self.faults.append(f"<{tag} {name}={address}> is outside of the page")
        if any(name.startswith("on") for name in attributes):
            self.faults.append(f"<{tag}> runs a script: {attributes}")
        if tag == "img" and not attributes.get("alt"):
            self.faults.append("a picture without a text")
        if tag == "svg" and not {"aria-label", "aria-labelledby"} & set(attributes):
            self.faults.append("a drawing without a text")
        if tag == "th" and "scope" not in attributes:
            self.faults.append("a header of a table without a scope")
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag, pairs):
        self.handle_starttag(tag, pairs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes another element")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        else:
            self.words.append(data)


def checked(path):
    page = Page(path.read_text(encoding="utf-8"))
    assert not page.faults, f"{path}: {page.faults[:5]}"
    assert len(set(page.ids)) == len(page.ids), f"{path}: an id is there twice"
    assert set(page.links) <= set(page.ids), f"{path}: a link leads nowhere"
    assert page.headings[0] == 1 and all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:]))
    return page


def train(command, folder, *arguments):
    subprocess.run([command, "train", *arguments, "--out", folder, "--verbose", "0"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / "report.html"


def hostile_table(path):
    draw = random.Random(0)
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["a", HOSTILE[0], "city", "kind"])
        for i in range(120):
            kind = i % len(HOSTILE)
            table.writerow([draw.gauss(kind, 1), draw.random(), draw.choice(HOSTILE), HOSTILE[kind]])


def main(command):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pictures = checked(train(command, folder / "pictures", "digits", "--epochs", "2"))
        assert {"curves", "confusion", "classes", "mistakes", "calibration", "weights"} <= set(pictures.ids)
        history = json.loads(pictures.scripts[0])
        assert history["epochs"] == [1, 2], history
        assert (folder / "pictures" / "confusion.png").stat().st_size > 0

        hostile_table(folder / "table.csv")
        table = checked(train(command, folder / "table", folder / "table.csv"))
        for text in HOSTILE:
            assert text in table.words, f"{text} is not shown as it is"
        assert "weights" not in table.ids

        without = checked(train(command, folder / "without", "digits", "--epochs", "1", "--metrics", "",
                                "--validation-split", "0.5", "--loss", "mean_squared_error", "--net",
                                "flatten, dense(10)"))
        assert "calibration" not in without.ids and "mistakes" in without.ids
    print("3 reports are HTML without requests")


main(sys.argv[1])
