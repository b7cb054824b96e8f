"""What stands in the folder: an index of all files, and the few whole ones that are in use."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from convo_tui.store import codec, files
from convo_tui.store.errors import Damage
from convo_tui.store.index.index import Index
from convo_tui.store.names import path_of

_DOCUMENTS = 32
"""How many whole files are kept in memory: those looked at last."""


class Catalog:
    """The files of one folder that were looked at last, whole."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._documents: OrderedDict[str, tuple[files.Stamp, codec.Document]] = OrderedDict()

    def document(self, file: str) -> codec.Document:
        """Return a whole file as it stands now. Raises Damage."""
        path = path_of(self._index.folder, file)
        stamp = files.stamp(path)
        cached = self._documents.get(file)
        if cached is not None and cached[0] == stamp:
            self._documents.move_to_end(file)
            return cached[1]
        return self._read(file, path, stamp)

    def _read(self, file: str, path: Path, stamp: files.Stamp) -> codec.Document:
        try:
            document = codec.read(files.read(path), self._index.zone)
        except codec.Malformed as problem:
            raise Damage(path, problem.line, problem.reason) from None
        self._documents[file] = (stamp, document)
        self._documents.move_to_end(file)
        while len(self._documents) > _DOCUMENTS:
            self._documents.popitem(last=False)
        return document
