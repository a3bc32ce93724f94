"""sm2 report: one HTML page that needs nothing but itself."""

import re
import unittest
from html.parser import HTMLParser

from sm2_binary import Sm2Test, learner, wrong

NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"}
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        self.text += data


class ReportTest(Sm2Test):
    def page(self) -> Page:
        ended = self.sm2("report", "s", "-o", "report.html")
        self.assertEqual((ended.status, ended.out, ended.err), (0, "report.html\n", ""))
        self.source = (self.folder / "report.html").read_text(encoding="utf-8")
        page = Page(self.source)
        self.assertEqual(page.open, [])
        return page

    def test_is_one_self_contained_page(self) -> None:
        resource = {"unit": "epoch", "min": 1, "max": 4}
        strategy = {"name": "sm2-classic"}
        self.assertEqual(self.tune(learner(), resource=resource, strategy=strategy).status, 0)
        page = self.page()
        self.assertEqual(set(re.findall(r"https?://[^\s\"'<>)]+", self.source)) - NAMESPACES, set())
        self.assertEqual([value for name, value in page.attributes if name in ("src", "srcset", "data")], [])
        links = [value for name, value in page.attributes if name in ("href", "xlink:href")]
        self.assertEqual([link for link in links if not link.startswith("#")], [])
        self.assertEqual({"script", "link", "iframe", "object", "embed"} & set(page.tags), set())
        self.assertNotRegex(self.source, r"@import|url\((?!#)")
        self.assertEqual(sorted(path.name for path in self.folder.glob("report*")), ["report.html"])

    def test_says_what_was_found(self) -> None:
        resource = {"unit": "epoch", "min": 1, "max": 4}
        strategy = {"name": "successive-halving"}
        self.assertEqual(self.tune(learner(), resource=resource, strategy=strategy).status, 0)
        page, best = self.page(), self.json("best")
        for part in (best["command_line"], "Best setting", "Learning against energy", "Energy by candidate"):
            self.assertIn(part, page.text)
        for trial in self.trials():
            if trial["state"] == "stopped":
                self.assertIn(trial["reason"], page.text)

    def test_markdown_and_text_have_the_same_answers(self) -> None:
        resource = {"unit": "epoch", "min": 1, "max": 4}
        energy = {"grid": "DE", "price": "0.30 EUR/kWh"}
        self.assertEqual(self.tune(learner(), resource=resource, strategy={"name": "successive-halving"}, energy=energy).status, 0)
        best = self.json("best")
        ended = self.sm2("report", "-o", "report.md")
        self.assertEqual((ended.status, ended.out), (0, "report.md\n"))
        written = (self.folder / "report.md").read_text(encoding="utf-8")
        self.assertEqual(self.sm2("report", "--format", "markdown").out, written)
        text = self.sm2("report", "--format", "text").out
        self.assertEqual(sorted(path.name for path in self.folder.glob("report*")), ["report.md"])
        ended = self.sm2("report", "-o", "report.pdf")
        self.assert_one_line(ended, 2, "-o report.pdf", ".html, .md or .txt", "--format")
        self.assertFalse((self.folder / "report.pdf").exists())
        self.assertEqual(self.sm2("report", "-o", "report.pdf", "--format", "text").status, 0)
        for part in (best["command_line"], "modelled", "gCO2e", "EUR", "dropped and failed trials", "successive-halving"):
            self.assertIn(part, written)
            self.assertIn(part, text)
        for trial in self.trials():
            if trial["reason"]:
                self.assertIn(trial["reason"], re.sub(r"\s+", " ", text))
        self.assert_for_a_terminal(text)

    def test_markdown_of_what_programs_say_is_text(self) -> None:
        self.tune(["/bin/sh", "-c", "echo '<img src=x> | @all [a](javascript:b)' {batch_size}; exit 3"])
        written = self.sm2("report", "--format", "markdown").out
        rows = [line for line in written.splitlines() if line.startswith("| 0 ")]
        self.assertTrue(rows)
        for row in rows:
            self.assertNotRegex(row, r"(?<!\\)<img|@all|(?<!\\)\[a\]")
        self.assertEqual(len(re.findall(r"(?<!\\)\|", rows[0])), 6, rows[0])

    def test_escapes_what_programs_say(self) -> None:
        self.tune(["/bin/sh", "-c", "echo '<script>alert(1)</script>&amp;'; exit 3"])
        page = self.page()
        self.assertNotIn("script", page.tags)
        self.assertIn("<script>alert(1)</script>&amp;", page.text)

    def test_holds_no_control_characters(self) -> None:
        self.tune(wrong("escaping_names"))
        self.page()
        self.assertNotRegex(self.source, "[\x00-\x08\x0b-\x1f\x7f-\x9f]")

    def test_names_a_place_that_cannot_be_written(self) -> None:
        self.tune(wrong("early"))
        ended = self.sm2("report", "s", "-o", "missing/report.html")
        self.assert_one_line(ended, 2, "missing/report.html", "-o FILE")


if __name__ == "__main__":
    unittest.main()
