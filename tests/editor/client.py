"""A client of a language server, in few lines: JSON-RPC over the server's standard input and output.

It speaks as much of the Language Server Protocol as an editor needs for diagnostics, completions and hovers.
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

PATIENCE = 60.0
"""Seconds to wait for an answer. The server answers within one; a busy machine may need longer."""

Message = dict[str, Any]


class LanguageServer:
    """A running server. `settings` are what it is told when it asks how the editor is configured, by section."""

    def __init__(self, command: Sequence[str], settings: Message, folder: Path) -> None:
        self._settings, self._folder, self._number = settings, folder, 0
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(list(command), stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder)
        self._heard: queue.Queue[Message | None] = queue.Queue()
        self._complaints: list[bytes] = []
        self._diagnostics: dict[str, list[Message]] = {}
        self._readers = [threading.Thread(target=read) for read in (self._listen, self._drain)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        item = {"snippetSupport": True, "documentationFormat": ["markdown"]}
        document = {"hover": {"contentFormat": ["markdown"]}, "completion": {"completionItem": item}}
        able = {"textDocument": document | {"publishDiagnostics": {}}, "workspace": {"configuration": True}}
        self.request("initialize", {"processId": None, "rootUri": self._folder.as_uri(), "capabilities": able})
        self.notify("initialized", {})
        self.notify("workspace/didChangeConfiguration", {"settings": self._settings})
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            for reader in self._readers:
                reader.join()
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                stream.close()

    def open(self, uri: str, text: str) -> list[Message]:
        """Open a document, whether or not there is such a file, and return its diagnostics. Each URI is opened once."""
        about = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": about})
        self._hear(lambda: uri in self._diagnostics, f"the diagnostics of {uri}")
        return self._diagnostics[uri]

    def completion(self, uri: str, line: int, column: int) -> dict[str, Message]:
        """Return what the server offers at a place of an open document (counted from 0), by label."""
        found = self.request("textDocument/completion", _place(uri, line, column))
        return {item["label"]: item for item in (found or {}).get("items", ())}

    def hover(self, uri: str, line: int, column: int) -> str:
        """Return what the server says of a place of an open document (counted from 0), in Markdown."""
        found = self.request("textDocument/hover", _place(uri, line, column))
        return str(found["contents"]["value"]) if found else ""

    def request(self, method: str, parameters: Any) -> Any:
        """Ask, and return the answer. Raises RuntimeError where the server refuses or is gone."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": parameters})
        answers: list[Message] = []
        self._hear(lambda: bool(answers), f"the answer to {method}", answers.append)
        if answers[0]["id"] != number or "error" in answers[0]:
            raise RuntimeError(f"{method}: {answers[0]}")
        return answers[0].get("result")

    def notify(self, method: str, parameters: Any) -> None:
        """Tell the server something that has no answer."""
        self._send({"method": method, "params": parameters})

    def _hear(self, done: Callable[[], bool], what: str, answered: Callable[[Message], None] | None = None) -> None:
        """Take in what the server says until it is enough."""
        end = time.monotonic() + PATIENCE
        while not done():
            try:
                said = self._heard.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise RuntimeError(f"{what} did not come in {PATIENCE} s") from None
            if said is None:
                raise RuntimeError(f"the server is gone: {b''.join(self._complaints).decode(errors='replace')}")
            if "method" not in said:
                if answered is not None:
                    answered(said)
            elif "id" in said:  # the server asks
                self._send({"id": said["id"], "result": self._answer(said)})
            elif said["method"] == "textDocument/publishDiagnostics":
                self._diagnostics[said["params"]["uri"]] = said["params"]["diagnostics"]

    def _answer(self, asked: Message) -> Any:
        if asked["method"] != "workspace/configuration":
            return None
        return [self._settings.get(item["section"], {}) for item in asked["params"]["items"]]

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        while line := stream.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                line = stream.readline()
            self._heard.put(json.loads(stream.read(length)))
        self._heard.put(None)

    def _drain(self) -> None:
        self._complaints.extend(self._process.stderr)


def _place(uri: str, line: int, column: int) -> Message:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
