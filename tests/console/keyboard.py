"""A person who uses the keyboard alone: Tab, Enter, Space, arrows and letters."""

from pathlib import Path

from fixtures.chromium import Chromium, Page

STOPS = 120
"""More controls than any page of a test has."""


class Keyboard:
    """The keys of a page. Whether scripts run there makes no difference."""

    def __init__(self, chromium: Chromium, page: Page) -> None:
        self._chromium, self.page = chromium, page

    def go_to(self, selector: str) -> None:
        """Press Tab until the control that a selector names has the focus."""
        for _ in range(STOPS):
            if self.page.run(f"document.activeElement.matches({selector!r})"):
                return
            self.page.press("Tab")
        raise AssertionError(f"no Tab leads to {selector}: {self.page.run('location.href')}")

    def skip(self) -> None:
        """Skip the navigation, by the first link of a page."""
        self.page.press("Tab")
        self.page.press("Enter")

    def write(self, text: str) -> None:
        """Write a text into the field that has the focus."""
        self.page.call("Input.insertText", text=text)

    def follow(self, key: str = "Enter") -> None:
        """Press a key that leads to another page, and wait until that is there."""
        with self.page._loading(key):
            self.page.press(key)

    def download(self) -> str:
        """Press Enter on what leads to a file; return the address of the file."""
        before = len(self._downloads())
        self.page.press("Enter")
        self._chromium.until(lambda: len(self._downloads()) > before, "a file")
        return str(self._downloads()[-1]["url"])

    def _downloads(self) -> list[dict[str, str]]:
        return self.page.happened("Page.downloadWillBegin")

    def choose_file(self, file: Path) -> None:
        """Press Space on a field for files, and choose one in the window that opens."""
        self.page.call("Page.setInterceptFileChooserDialog", enabled=True)
        self.page.press("Space")
        opened = "Page.fileChooserOpened"
        self._chromium.until(lambda: bool(self.page.happened(opened)), "a window for files")
        node = self.page.happened(opened)[-1]["backendNodeId"]
        self.page.call("DOM.setFileInputFiles", files=[str(file)], backendNodeId=node)
