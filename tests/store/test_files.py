"""Guarded reading, durable saving, locks and sweeping, one rule at a time."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import resource
import socket
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convo_tui.store import files, system
from convo_tui.store.errors import Conflict, Damage, Unwritable

BASE, OURS, FOREIGN, NEWER = b"base\n", b"ours\n", b"foreign\n", b"newer\n"


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kept"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "journal"
    folder.mkdir()
    return folder


@pytest.fixture
def ana(folder: Path) -> Path:
    path = folder / "ana.toml"
    path.write_bytes(BASE)
    return path


def replace_by(path: Path, content: bytes) -> None:
    """Save as a foreign program would: another file, moved over the one there is."""
    other = path.with_name("foreign.part")
    other.write_bytes(content)
    other.replace(path)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestReading:
    def test_the_bytes_come_back(self, ana: Path) -> None:
        assert files.read(ana) == BASE

    def test_a_link_is_followed(self, ana: Path) -> None:
        link = ana.with_name("link.toml")
        link.symlink_to(ana)
        assert files.read(link) == BASE

    def test_a_file_larger_than_one_read_comes_whole(self, ana: Path) -> None:
        content = os.urandom(300_000)
        ana.write_bytes(content)
        assert files.read(ana) == content

    def test_a_file_that_grows_meanwhile_is_read_to_its_end(self, ana: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        grown = BASE + b"x" * 50_000
        fstat = os.fstat

        def then_grow(descriptor: int) -> os.stat_result:
            info = fstat(descriptor)
            ana.write_bytes(grown)
            return info

        monkeypatch.setattr(os, "fstat", then_grow)
        assert files.read(ana) == grown

    @pytest.mark.parametrize(
        ("make", "reason"),
        [
            (Path.mkdir, "a folder, not a file"),
            (os.mkfifo, "a pipe or device"),
            (lambda path: path.symlink_to("/dev/zero"), "a pipe or device"),
            (lambda path: socket.socket(socket.AF_UNIX).bind(str(path)), "a socket"),
            (lambda path: path.symlink_to(path), "leads back to itself"),
            (lambda path: None, "it is gone"),
        ],
        ids=["folder", "pipe", "device", "socket", "circle", "missing"],
    )
    def test_what_is_no_regular_file_is_named_at_once(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], reason: str
    ) -> None:
        """GATES.md 14: named, under 1 s; every other file works."""
        monkeypatch.chdir(folder)  # the name of a socket is short
        path = Path("x.toml")
        make(path)
        with pytest.raises(Damage, match=reason) as caught:
            files.read(path)
        assert caught.value.path == path
        assert caught.value.line is None
        assert "\n" not in str(caught.value)

    def test_a_file_without_permission_is_named(self, ana: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
        with pytest.raises(Damage, match=r"no permission to read it; allow it with chmod u\+r"):
            files.read(ana)

    def test_64_mib_are_read_and_a_byte_more_is_refused(self, ana: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """CONTRACT.md: "Files are read up to 64 MiB"."""
        assert files.MAX_BYTES == 64 * 1024 * 1024
        os.truncate(ana, files.MAX_BYTES + 1)
        with pytest.raises(Damage, match="larger than 64 MiB"):
            files.read(ana)
        monkeypatch.setattr(system, "MAX_BYTES", len(BASE))
        os.truncate(ana, len(BASE))
        assert files.read(ana)
        ana.write_bytes(BASE + b"x")
        with pytest.raises(Damage):
            files.read(ana)

    def test_a_stamp_tells_a_change_of_size_time_or_inode(self, ana: Path) -> None:
        first = files.stamp(ana)
        assert files.stamp(ana) == first == files.Stamp.of(ana.stat())
        os.utime(ana, ns=(0, first.mtime_ns + 1))
        second = files.stamp(ana)
        replace_by(ana, BASE)
        third = files.stamp(ana)
        assert len({first, second, third}) == 3

    def test_a_stamp_of_nothing_is_damage(self, folder: Path) -> None:
        with pytest.raises(Damage, match="it is gone"):
            files.stamp(folder / "nobody.toml")


class TestSaving:
    def test_a_new_file_is_created_for_us_alone(self, folder: Path, keep: Path) -> None:
        """CONTRACT.md: "Folders 0700 and files 0600 when we create them"."""
        path = folder / "bo.toml"
        files.save(path, OURS, None, keep)
        assert path.read_bytes() == OURS
        assert mode(path) == 0o600
        assert names(folder) == ["bo.toml"]

    def test_a_file_is_replaced_and_nothing_else_is_left(self, ana: Path, keep: Path) -> None:
        files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == OURS
        assert names(ana.parent) == ["ana.toml"]
        assert not keep.exists()

    @pytest.mark.parametrize("bits", [0o600, 0o640, 0o664, 0o200])
    def test_an_existing_mode_is_kept(self, ana: Path, keep: Path, bits: int) -> None:
        """CONTRACT.md: "an existing mode, a symlink and its target are kept"."""
        ana.chmod(bits)
        files.save(ana, OURS, BASE, keep)
        assert mode(ana) == bits

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
    def test_an_existing_owner_is_kept(self, ana: Path, keep: Path) -> None:
        os.chown(ana, 1234, 5678)
        files.save(ana, OURS, BASE, keep)
        assert (ana.stat().st_uid, ana.stat().st_gid) == (1234, 5678)

    def test_an_owner_that_cannot_be_kept_does_not_stop_the_save(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        genuine = os.stat

        def of_another(path: Path, **options: bool) -> os.stat_result:
            info = genuine(path, **options)
            return os.stat_result((*info[:4], 4321, *info[5:]))

        monkeypatch.setattr(os, "stat", of_another)
        monkeypatch.setattr(os, "fchown", refuse)
        files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == OURS

    def test_a_link_stays_and_its_target_is_replaced(self, ana: Path, tmp_path: Path, keep: Path) -> None:
        """CONTRACT.md: "an existing mode, a symlink and its target are kept"."""
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        link = elsewhere / "ana.toml"
        link.symlink_to("../journal/ana.toml")
        files.save(link, OURS, BASE, keep)
        assert os.readlink(link) == "../journal/ana.toml"
        assert ana.read_bytes() == OURS
        assert (names(elsewhere), names(ana.parent)) == (["ana.toml"], ["ana.toml"])

    def test_another_hard_link_keeps_the_old_bytes(self, ana: Path, keep: Path) -> None:
        other = ana.with_name("other.toml")
        os.link(ana, other)
        files.save(ana, OURS, BASE, keep)
        assert (ana.read_bytes(), other.read_bytes()) == (OURS, BASE)

    def test_a_write_cut_short_goes_on(self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write = os.write
        monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:2]))
        files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == OURS

    def test_what_could_not_be_read_again_is_not_written(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "MAX_BYTES", 3)
        with pytest.raises(Unwritable, match="larger than"):
            files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == BASE


class TestConflicts:
    @pytest.mark.parametrize(("found", "base"), [(FOREIGN, BASE), (BASE, None)], ids=["changed", "appeared"])
    def test_what_is_not_as_it_was_read_is_not_touched(
        self, ana: Path, keep: Path, found: bytes, base: bytes | None
    ) -> None:
        ana.write_bytes(found)
        before = files.stamp(ana)
        with pytest.raises(Conflict, match=r"another program .*; nothing was written"):
            files.save(ana, OURS, base, keep)
        assert files.stamp(ana) == before
        assert names(ana.parent) == ["ana.toml"]

    def test_what_was_removed_is_not_written(self, ana: Path, keep: Path) -> None:
        ana.unlink()
        with pytest.raises(Conflict, match="another program removed it"):
            files.save(ana, OURS, BASE, keep)
        assert names(ana.parent) == []


Step = Callable[[Path], None]


@pytest.fixture
def before_rename(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let other programs act right before the first, second … exchange or placing of a save."""

    def install(*steps: Step) -> None:
        waiting, rename = list(steps), system.rename

        def interrupted(source: Path, target: Path, flag: int) -> bool:
            if waiting:
                waiting.pop(0)(target)
            return rename(source, target, flag)

        monkeypatch.setattr(system, "rename", interrupted)

    return install


def kept_in(keep: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in keep.iterdir()) if keep.exists() else []


class TestForeignWritesInBetween:
    """GATES.md 5: foreign replacements between our read and our write, none unrecoverable."""

    def test_a_version_that_got_in_stays_in_place(
        self, ana: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        before_rename(lambda target: replace_by(target, FOREIGN))
        with pytest.raises(Conflict, match="another program changed it"):
            files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == FOREIGN
        assert (names(ana.parent), kept_in(keep)) == (["ana.toml"], [])

    def test_a_version_written_in_place_stays_too(
        self, ana: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        before_rename(lambda target: target.write_bytes(FOREIGN))
        with pytest.raises(Conflict):
            files.save(ana, OURS, BASE, keep)
        assert (ana.read_bytes(), kept_in(keep)) == (FOREIGN, [])

    def test_of_two_versions_the_newer_stays_and_the_older_is_kept(
        self, ana: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        before_rename(lambda target: replace_by(target, FOREIGN), lambda target: replace_by(target, NEWER))
        with pytest.raises(Conflict, match=re.escape(f"is kept in {keep}")):
            files.save(ana, OURS, BASE, keep)
        assert (ana.read_bytes(), kept_in(keep)) == (NEWER, [FOREIGN])
        assert names(ana.parent) == ["ana.toml"]

    def test_of_three_versions_the_last_stays_and_none_is_lost(
        self, ana: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        def edited_once_more(target: Path) -> None:
            assert target.read_bytes() == FOREIGN  # given back: whoever replaces it now has seen it
            replace_by(target, b"newest\n")

        before_rename(
            lambda target: replace_by(target, FOREIGN),
            lambda target: replace_by(target, NEWER),
            edited_once_more,
        )
        with pytest.raises(Conflict):
            files.save(ana, OURS, BASE, keep)
        assert {ana.read_bytes(), *kept_in(keep)} == {NEWER, b"newest\n"}

    def test_a_version_is_kept_when_ours_was_removed_from_its_place(
        self, ana: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        before_rename(lambda target: replace_by(target, FOREIGN), Path.unlink)
        with pytest.raises(Conflict, match="is kept in"):
            files.save(ana, OURS, BASE, keep)
        assert (names(ana.parent), kept_in(keep)) == ([], [FOREIGN])

    def test_a_version_that_cannot_be_kept_elsewhere_stays_beside_its_file(
        self, ana: Path, tmp_path: Path, before_rename: Callable[..., None]
    ) -> None:
        blocked = tmp_path / "kept"
        blocked.write_bytes(b"")
        before_rename(lambda target: replace_by(target, FOREIGN), Path.unlink)
        with pytest.raises(Conflict, match=r"is kept in .*/journal/\.convo-"):
            files.save(ana, OURS, BASE, blocked)
        assert [path.read_bytes() for path in ana.parent.iterdir()] == [FOREIGN]

    def test_a_version_goes_to_another_file_system_by_copy(
        self, ana: Path, keep: Path, before_rename: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rename = os.rename

        def rename_within(source: Path, target: Path) -> None:
            if Path(target).parent == keep:
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            rename(source, target)

        monkeypatch.setattr(os, "rename", rename_within)
        before_rename(lambda target: replace_by(target, FOREIGN), Path.unlink)
        with pytest.raises(Conflict):
            files.save(ana, OURS, BASE, keep)
        assert (names(ana.parent), kept_in(keep)) == ([], [FOREIGN])

    def test_a_link_that_took_the_place_comes_back_as_a_link(
        self, ana: Path, tmp_path: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        moved = tmp_path / "moved.toml"

        def move_and_link(target: Path) -> None:
            target.rename(moved)
            target.symlink_to(moved)

        before_rename(move_and_link)
        with pytest.raises(Conflict):
            files.save(ana, OURS, BASE, keep)
        assert ana.is_symlink()
        assert moved.read_bytes() == BASE

    def test_a_file_removed_in_between_is_a_conflict(
        self, ana: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        before_rename(Path.unlink)
        with pytest.raises(Conflict, match="another program removed it"):
            files.save(ana, OURS, BASE, keep)
        assert names(ana.parent) == []

    def test_a_new_file_never_covers_one_that_appeared(
        self, folder: Path, keep: Path, before_rename: Callable[..., None]
    ) -> None:
        path = folder / "bo.toml"
        before_rename(lambda target: target.write_bytes(FOREIGN))
        with pytest.raises(Conflict, match="another program created it"):
            files.save(path, OURS, None, keep)
        assert path.read_bytes() == FOREIGN
        assert names(folder) == ["bo.toml"]


class TestWithoutExchange:
    """The fallback for systems and file systems that lack renameat2."""

    @pytest.fixture(autouse=True, params=["missing", "refused"])
    def lacking(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        call = None if request.param == "missing" else lambda source, target, flag: errno.EINVAL
        monkeypatch.setattr(system, "_flagged", lambda: call)

    def test_files_are_created_and_replaced(self, folder: Path, keep: Path) -> None:
        path = folder / "bo.toml"
        files.save(path, BASE, None, keep)
        files.save(path, OURS, BASE, keep)
        assert path.read_bytes() == OURS
        assert names(folder) == ["bo.toml"]

    def test_the_target_is_compared_again(self, ana: Path, keep: Path, before_rename: Callable[..., None]) -> None:
        before_rename(lambda target: replace_by(target, FOREIGN))
        with pytest.raises(Conflict):
            files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == FOREIGN
        assert names(ana.parent) == ["ana.toml"]

    @pytest.mark.parametrize("links", [True, False])
    def test_a_new_file_never_covers_one_that_appeared(
        self,
        folder: Path,
        keep: Path,
        before_rename: Callable[..., None],
        monkeypatch: pytest.MonkeyPatch,
        links: bool,
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        if not links:
            monkeypatch.setattr(os, "link", refuse)
        path = folder / "bo.toml"
        before_rename(lambda target: target.write_bytes(FOREIGN))
        with pytest.raises(Conflict, match="another program created it"):
            files.save(path, OURS, None, keep)
        assert path.read_bytes() == FOREIGN
        path.unlink()
        files.save(path, OURS, None, keep)
        assert path.read_bytes() == OURS
        assert names(folder) == ["bo.toml"]


CAUSES = {
    errno.ENOSPC: "no space left on the device; free some and save again",
    errno.EIO: "the device reported an error",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
    errno.EFBIG: "it is larger than the system allows",
    errno.EDQUOT: "the disk quota is used up",
    errno.EBUSY: "the system says “Device or resource busy”",
}


class TestRefusals:
    """GATES.md 3: old bytes intact, message names file and cause."""

    @pytest.mark.parametrize("base", [BASE, None], ids=["existing", "new"])
    @pytest.mark.parametrize("call", ["write", "fsync", "close", "rename"])
    @pytest.mark.parametrize("code", CAUSES, ids=errno.errorcode.get)
    def test_a_refusal_leaves_everything_as_it_was(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str, base: bytes | None
    ) -> None:
        path = ana if base else ana.with_name("bo.toml")
        genuine = getattr(os, call)

        def refuse(*arguments: Any) -> object:
            if call != "rename" and fcntl.fcntl(arguments[0], fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
                return genuine(*arguments)
            if call == "close":
                genuine(*arguments)
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, call, refuse)
        with pytest.raises(Unwritable, match=CAUSES[code]) as caught:
            files.save(path, OURS, base, keep)
        assert str(caught.value).startswith(f"{path}: cannot save: ")
        assert names(ana.parent) == ["ana.toml"]
        assert ana.read_bytes() == BASE

    @pytest.mark.parametrize("base", [BASE, None], ids=["existing", "new"])
    def test_a_folder_that_cannot_be_made_durable_takes_the_save_back(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch, base: bytes | None
    ) -> None:
        def refuse(_: Path) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(system, "sync_folder", refuse)
        with pytest.raises(Unwritable, match="the device reported an error"):
            files.save(ana if base else ana.with_name("bo.toml"), OURS, base, keep)
        assert names(ana.parent) == ["ana.toml"]
        assert ana.read_bytes() == BASE

    def test_taking_a_new_file_back_loses_no_version_that_replaced_it(
        self, folder: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, sync_folder = folder / "bo.toml", system.sync_folder

        def refuse(synced: Path) -> None:
            if synced == folder:
                replace_by(path, FOREIGN)
                raise OSError(errno.EIO, "Input/output error")
            sync_folder(synced)

        monkeypatch.setattr(system, "sync_folder", refuse)
        with pytest.raises(Unwritable):
            files.save(path, OURS, None, keep)
        assert kept_in(keep) == [FOREIGN]

    def test_the_limit_of_a_file_size_is_told_in_plain_words(self, ana: Path, keep: Path) -> None:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(Unwritable, match="it is larger than the system allows"):
                files.save(ana, b"x" * 2000, BASE, keep)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert ana.read_bytes() == BASE
        assert names(ana.parent) == ["ana.toml"]

    def test_a_missing_folder_is_told_in_plain_words(self, folder: Path, keep: Path) -> None:
        with pytest.raises(Unwritable, match="its folder is gone; restore it"):
            files.save(folder / "nowhere" / "bo.toml", OURS, None, keep)

    def test_an_old_version_that_cannot_be_removed_is_no_failure(
        self, ana: Path, keep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", refuse)
            files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == OURS
        assert files.sweep(ana.parent, tmp_path / "locks", keep) == []
        assert names(ana.parent) == ["ana.toml"]


class TestFolders:
    def test_missing_folders_are_ours_alone_and_others_keep_their_mode(self, tmp_path: Path) -> None:
        """CONTRACT.md: "Folders 0700 and files 0600 when we create them; an existing mode … kept"."""
        shared = tmp_path / "shared"
        shared.mkdir(mode=0o755)
        files.make_folder(shared / "one" / "two")
        assert [mode(shared / "one" / "two"), mode(shared / "one"), mode(shared)] == [0o700, 0o700, 0o755]
        files.make_folder(shared / "one" / "two")

    def test_a_file_in_the_way_is_named(self, ana: Path) -> None:
        with pytest.raises(Unwritable, match="a file stands where its folder should be"):
            files.make_folder(ana / "below")
        with pytest.raises(Unwritable, match="a file stands where its folder should be"):
            files.make_folder(ana)


class TestLocks:
    def test_a_lock_shuts_out_other_threads_until_it_is_released(self, ana: Path, tmp_path: Path) -> None:
        outcome: list[str] = []

        def other() -> None:
            try:
                with files.locked(ana, tmp_path / "locks", timeout=0):
                    outcome.append("in")
            except Conflict as conflict:
                outcome.append(str(conflict))

        def run_other() -> None:
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()

        with files.locked(ana, tmp_path / "locks"):
            run_other()
        run_other()
        assert outcome == [f"{ana}: another program is saving this file; try again in a moment", "in"]

    def test_a_link_and_its_target_share_a_lock_and_other_files_do_not(self, ana: Path, tmp_path: Path) -> None:
        link = tmp_path / "link.toml"
        link.symlink_to(ana)
        with files.locked(ana, tmp_path / "locks"):
            with files.locked(ana.with_name("bo.toml"), tmp_path / "locks", timeout=0):
                pass
            with pytest.raises(Conflict), files.locked(link, tmp_path / "locks", timeout=0):
                pass

    def test_an_error_inside_releases_the_lock(self, ana: Path, tmp_path: Path) -> None:
        with pytest.raises(KeyError), files.locked(ana, tmp_path / "locks"):
            raise KeyError
        with files.locked(ana, tmp_path / "locks", timeout=0):
            pass

    def test_locks_are_for_us_alone(self, ana: Path, tmp_path: Path) -> None:
        with files.locked(ana, tmp_path / "state" / "locks"):
            pass
        (lock,) = (tmp_path / "state" / "locks").iterdir()
        assert (mode(lock.parent), mode(lock)) == (0o700, 0o600)

    def test_a_folder_that_cannot_hold_locks_is_named(self, ana: Path) -> None:
        with pytest.raises(Unwritable, match="a file stands where its folder should be"), files.locked(ana, ana):
            pass


class TestRemoving:
    def test_nothing_of_it_is_left(self, ana: Path, keep: Path) -> None:
        files.remove(ana, BASE, keep)
        assert names(ana.parent) == []

    def test_of_a_link_only_the_link_goes(self, ana: Path, tmp_path: Path, keep: Path) -> None:
        link = tmp_path / "link.toml"
        link.symlink_to("journal/ana.toml")
        files.remove(link, BASE, keep)
        assert not os.path.lexists(link)
        assert ana.read_bytes() == BASE

    def test_what_has_changed_or_gone_is_left_alone(self, ana: Path, keep: Path) -> None:
        with pytest.raises(Conflict, match="another program changed it"):
            files.remove(ana, FOREIGN, keep)
        assert ana.read_bytes() == BASE
        ana.unlink()
        with pytest.raises(Conflict, match="another program removed it"):
            files.remove(ana, BASE, keep)

    @pytest.mark.parametrize("lacking", [False, True])
    def test_a_foreign_version_that_got_in_stays_in_place(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch, lacking: bool
    ) -> None:
        """GATES.md 5: foreign replacements between our read and our write, none unrecoverable."""
        move = system.move

        def overtaken(source: Path, target: Path) -> None:
            if source == ana:
                replace_by(ana, FOREIGN)
            move(source, target)

        monkeypatch.setattr(system, "move", overtaken)
        if lacking:
            monkeypatch.setattr(system, "_flagged", lambda: None)
        with pytest.raises(Conflict):
            files.remove(ana, BASE, keep)
        assert ana.read_bytes() == FOREIGN
        assert names(ana.parent) == ["ana.toml"]

    def test_a_foreign_version_whose_place_was_taken_is_kept(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        move = system.move

        def overtaken(source: Path, target: Path) -> None:
            replace_by(ana, FOREIGN)
            move(source, target)
            replace_by(ana, NEWER)

        monkeypatch.setattr(system, "move", overtaken)
        with pytest.raises(Conflict):
            files.remove(ana, BASE, keep)
        assert (ana.read_bytes(), kept_in(keep)) == (NEWER, [FOREIGN])

    def test_a_folder_that_cannot_be_made_durable_gives_it_back(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: Path) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(system, "sync_folder", refuse)
        with pytest.raises(Unwritable, match="the device reported an error"):
            files.remove(ana, BASE, keep)
        assert ana.read_bytes() == BASE
        assert names(ana.parent) == ["ana.toml"]


class TestProtected:
    """A file that nobody may write to: its mode is a wish, although the folder would permit to replace it."""

    @pytest.mark.parametrize("bits", [0o400, 0o444, 0o000])
    def test_it_is_neither_replaced_nor_removed(self, ana: Path, keep: Path, bits: int) -> None:
        ana.chmod(bits)
        for act in (lambda: files.save(ana, OURS, BASE, keep), lambda: files.remove(ana, BASE, keep)):
            with pytest.raises(Unwritable, match=r"ana\.toml: cannot save: .*chmod u\+w|permission denied"):
                act()
        assert mode(ana) == bits
        ana.chmod(0o600)
        assert ana.read_bytes() == BASE
        assert names(ana.parent) == ["ana.toml"]


class TestModes:
    @pytest.mark.parametrize("mask", [0o077, 0o000, 0o777])
    def test_what_we_make_is_for_us_alone_whatever_the_umask(
        self, folder: Path, tmp_path: Path, keep: Path, mask: int
    ) -> None:
        """CONTRACT.md: "Folders 0700 and files 0600 when we create them"."""
        if mask == 0o777 and os.geteuid() != 0:
            pytest.skip("nobody but root can go on with such folders")
        old = os.umask(mask)
        try:
            files.save(folder / "bo.toml", BASE, None, keep)
            files.save(folder / "bo.toml", OURS, BASE, keep) if mask != 0o777 else None
            files.make_folder(tmp_path / "made" / "below")
        finally:
            os.umask(old)
        assert mode(folder / "bo.toml") == 0o600 & ~mask
        assert mode(tmp_path / "made" / "below") == 0o700 & ~mask

    def test_the_group_that_a_folder_hands_down_stays(self, ana: Path, keep: Path) -> None:
        ana.parent.chmod(0o2770)
        info = ana.stat()
        files.save(ana, OURS, BASE, keep)
        assert (ana.stat().st_uid, ana.stat().st_gid) == (info.st_uid, info.st_gid)
        assert mode(ana.parent) == 0o2770


class TestOtherSystems:
    """By simulation: what the calls of these systems answer, not the systems themselves."""

    @pytest.fixture
    def macos(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """renamex_np(const char *, const char *, unsigned int), RENAME_SWAP 2 and RENAME_EXCL 4, of <sys/stdio.h>."""
        linux, flags = system._flagged(), []
        assert linux is not None

        def renamex_np(source: bytes, target: bytes, flag: int) -> int:
            flags.append(flag)
            code = linux(source, target, {2: system.EXCHANGE, 4: system.NOREPLACE}[flag])
            ctypes.set_errno(code)
            return -1 if code else 0

        class Library:
            def __init__(self, *_: object, **__: object) -> None:
                self.renamex_np = renamex_np

        monkeypatch.setattr(ctypes, "CDLL", Library)
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(system, "_flagged", system._flagged.__wrapped__)
        return flags

    def test_macos_exchanges_files_and_covers_none(self, folder: Path, keep: Path, macos: list[int]) -> None:
        path = folder / "bo.toml"
        files.save(path, BASE, None, keep)
        files.save(path, OURS, BASE, keep)
        assert (path.read_bytes(), names(folder), macos) == (OURS, ["bo.toml"], [4, 2])

    def test_a_macos_without_the_call_falls_back(self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(system, "_flagged", system._flagged.__wrapped__)
        files.save(ana, OURS, BASE, keep)
        assert ana.read_bytes() == OURS

    @pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
    def test_a_file_system_that_syncs_no_folder_saves_all_the_same(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        fsync = os.fsync

        def refuse(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(code, os.strerror(code))
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", refuse)
        files.save(ana, OURS, BASE, keep)
        files.remove(ana, OURS, keep)
        assert names(ana.parent) == []

    @pytest.mark.parametrize("busy", [3, 100])
    @pytest.mark.parametrize("code", [5, 32])
    def test_windows_waits_half_a_second_for_a_program_that_has_the_file_open(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch, busy: int, code: int
    ) -> None:
        paused: list[float] = []
        replace, tries = os.replace, iter(range(busy))

        def in_use(source: Path, target: Path) -> None:
            if next(tries, None) is not None:
                error = PermissionError(errno.EACCES, "in use")
                error.winerror = code  # type: ignore[attr-defined]
                raise error
            replace(source, target)

        monkeypatch.setattr(system, "_flagged", lambda: None)
        monkeypatch.setattr(system, "sleep", paused.append)
        monkeypatch.setattr(os, "replace", in_use)
        if busy == 3:
            files.save(ana, OURS, BASE, keep)
            assert (ana.read_bytes(), len(paused)) == (OURS, 3)
        else:
            with pytest.raises(Unwritable, match="permission denied"):
                files.save(ana, OURS, BASE, keep)
            assert (ana.read_bytes(), len(paused)) == (BASE, 9)
            assert sum(paused) == pytest.approx(0.5)
        assert names(ana.parent) == ["ana.toml"]

    def test_a_permission_that_is_missing_is_not_waited_for(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(system, "sleep", lambda _: pytest.fail("it waited"))
        monkeypatch.setattr(os, "rename", refuse)
        with pytest.raises(Unwritable, match="permission denied"):
            files.save(ana, OURS, BASE, keep)


class Killed(BaseException):
    """Stands for a kill: nothing of the save after it runs."""


class TestSweeping:
    """ARCHITECTURE.md: killed saves leave temporary files; sweep at start under the file's lock."""

    @pytest.fixture
    def killed_save(
        self, ana: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[str, Callable[[], None]], None]:
        """Save, and die instead of making the named call of `system`, after `first` was done."""

        def run(call: str, first: Callable[[], None] = lambda: None) -> None:
            def die(*_: object, **__: object) -> None:
                first()
                raise Killed

            with monkeypatch.context() as patch:
                patch.setattr(system, call, die)
                patch.setattr(Path, "unlink", die)  # no cleaning up either
                with pytest.raises(Killed):
                    files.save(ana, OURS, BASE, keep)

        return run

    @pytest.mark.parametrize(
        ("call", "stands"), [("write_all", BASE), ("rename", BASE), ("content", OURS), ("sync_folder", OURS)]
    )
    def test_what_a_killed_save_left_is_removed(
        self,
        ana: Path,
        tmp_path: Path,
        keep: Path,
        killed_save: Callable[..., None],
        call: str,
        stands: bytes,
    ) -> None:
        killed_save(call)
        assert len(names(ana.parent)) == 2
        assert files.sweep(ana.parent, tmp_path / "locks", keep) == []
        assert names(ana.parent) == ["ana.toml"]
        assert ana.read_bytes() == stands

    def test_a_foreign_version_swapped_out_is_kept(
        self, ana: Path, tmp_path: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rename = system.rename

        def overtaken(source: Path, target: Path, flag: int) -> bool:
            replace_by(target, FOREIGN)
            rename(source, target, flag)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(system, "rename", overtaken)
            with pytest.raises(Killed):
                files.save(ana, OURS, BASE, keep)
        (kept,) = files.sweep(ana.parent, tmp_path / "locks", keep)
        assert kept.parent == keep
        assert kept.read_bytes() == FOREIGN
        assert names(ana.parent) == ["ana.toml"]
        assert files.sweep(ana.parent, tmp_path / "locks", keep) == []

    def test_a_save_that_is_going_on_is_left_alone(
        self, ana: Path, tmp_path: Path, keep: Path, killed_save: Callable[..., None]
    ) -> None:
        killed_save("rename")
        with files.locked(ana, tmp_path / "locks"):
            assert files.sweep(ana.parent, tmp_path / "locks", keep) == []
            assert len(names(ana.parent)) == 2
        files.sweep(ana.parent, tmp_path / "locks", keep)
        assert names(ana.parent) == ["ana.toml"]

    def test_what_was_left_beside_the_target_of_a_link_goes_too(
        self, ana: Path, tmp_path: Path, keep: Path, killed_save: Callable[..., None]
    ) -> None:
        killed_save("rename")
        journal = tmp_path / "linked"
        journal.mkdir()
        (journal / "ana.toml").symlink_to(ana)
        files.sweep(journal, tmp_path / "locks", keep)
        assert names(ana.parent) == ["ana.toml"]

    def test_files_of_others_are_not_touched(self, ana: Path, tmp_path: Path, keep: Path) -> None:
        others = [".convo-.tmp", ".convo-notes.tmp", "x.tmp", f".convo-{'0' * 16}-{'0' * 16}.tmp.toml"]
        for name in others:
            ana.with_name(name).write_bytes(BASE)
        files.sweep(ana.parent, tmp_path / "locks", keep)
        assert names(ana.parent) == sorted([*others, "ana.toml"])

    def test_a_missing_folder_has_nothing_to_sweep(self, tmp_path: Path, keep: Path) -> None:
        assert files.sweep(tmp_path / "nowhere", tmp_path / "locks", keep) == []
