"""Gets what the tests need from the operating system: a browser, fonts, an office program."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rankings.bootstrap import cache, step, turn

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICES = ("soffice", "libreoffice")
HALF_DONE = "half-done"
LIBRARIES = (
    "usr/lib/libreoffice/program",  # first: the office looks for its settings beside its libraries
    "usr/lib/*-linux-gnu",
    "lib/*-linux-gnu",
    "usr/lib/*-linux-gnu/pulseaudio",
    "usr/lib/*-linux-gnu/blas",
    "usr/lib/*-linux-gnu/lapack",
)


@dataclass(frozen=True)
class Part:
    """Something of the system: present if a program or a file is; packages that bring it."""

    name: str
    programs: tuple[str, ...]
    files: str
    packages: tuple[str, ...]


PARTS = (
    Part("a browser", BROWSERS, "usr/lib/chromium/chromium", ("chromium",)),
    Part("libatomic", (), "usr/lib/*/libatomic.so.1", ("libatomic1",)),
    Part(
        "fonts for Khmer and Burmese",
        (),
        "usr/share/fonts/truetype/noto/NotoSansKhmer-Regular.ttf",
        ("fonts-noto-core",),
    ),
    Part("fonts for Japanese", (), "usr/share/fonts/**/NotoSansCJK-*", ("fonts-noto-cjk",)),
    Part(
        "LibreOffice", OFFICES, "usr/lib/libreoffice/program/soffice", ("libreoffice-calc-nogui",)
    ),
)


def unpacked() -> Path:
    """Where packages are laid out for a user who may not install them."""
    return cache() / "system"


def browser() -> str | None:
    return found(PARTS[0])


def office() -> str | None:
    return found(PARTS[-1])


def found(part: Part) -> str | None:
    """The path of a program or file of the part, or None."""
    programs = filter(None, map(shutil.which, part.programs))
    files = (str(file) for root in roots() for file in root.glob(part.files))
    return next(programs, None) or next(files, None)


def roots() -> list[Path]:
    """The system, and the user's folder unless it was left half done."""
    own = unpacked()
    return [Path("/")] if (own / HALF_DONE).exists() else [Path("/"), own]


def environment() -> dict[str, str]:
    """What a program needs to find the libraries and fonts of the user's own folder."""
    root = unpacked()
    libraries = [str(folder) for folder in library_folders(root)]
    if not libraries:
        return {}
    inherited = filter(None, [os.environ.get("LD_LIBRARY_PATH")])
    return {
        "LD_LIBRARY_PATH": os.pathsep.join([*libraries, *inherited]),
        "FONTCONFIG_PATH": str(root / "etc/fonts"),
        "XDG_DATA_HOME": str(root / "usr/share"),  # fontconfig looks for fonts/ in it
    }


def library_folders(root: Path) -> list[Path]:
    return [folder for pattern in LIBRARIES for folder in sorted(root.glob(pattern))]


def prepare() -> list[str]:
    """Gets what is missing, as far as this user may; returns the names of what stays missing."""
    if missing():
        with turn(unpacked()):
            obtain(missing())  # another process may have been faster
    return [part.name for part in missing()]


def obtain(parts: Sequence[Part]) -> None:
    if parts:
        with step(f"getting {', '.join(part.name for part in parts)}"):
            get([package for part in parts for package in part.packages])


def missing() -> list[Part]:
    return [part for part in PARTS if not found(part)]


def get(packages: Sequence[str]) -> None:
    if shutil.which("apt-get") is None:
        print("no apt-get here; install by hand:", *packages)
    elif os.geteuid() == 0:
        install(["env"], packages)
    elif may_become_root():
        install(["sudo", "-n", "env"], packages)
    else:
        lay_out(packages)


def may_become_root() -> bool:
    return bool(shutil.which("sudo")) and succeeds(["sudo", "-n", "true"])


def install(prefix: Sequence[str], packages: Sequence[str]) -> None:
    apt = [*prefix, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    run([*apt, "update"])
    run([*apt, "install", "-y", "--no-install-recommends", *packages])


def lay_out(packages: Sequence[str]) -> None:
    """Downloads the packages with all they need and unpacks them into the user's folder."""
    root = unpacked()
    downloads = root / "downloads"
    for folder in (downloads / "partial", root / "state/lists/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    (root / HALF_DONE).touch()
    apt = ["apt-get", "-qq", *apt_options(root)]
    run([*apt, "update"])
    run([*apt, "install", "-y", "--download-only", "--no-install-recommends", *packages])
    for file in sorted(downloads.glob("*.deb")):
        run(["dpkg-deb", "-x", str(file), str(root)])
    shutil.rmtree(downloads)
    shutil.rmtree(root / "state")
    settle(root)
    relink(root)
    (root / HALF_DONE).unlink()


def apt_options(root: Path) -> list[str]:
    settings = {
        "Dir::State": root / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": root / "state",
        "Dir::Cache::archives": root / "downloads",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def settle(root: Path) -> None:
    """Tells the office where it lies, and fills its registry as its packages' scripts would."""
    office = root / "usr/lib/libreoffice"
    if not office.exists():
        return
    for settings in office.glob("program/*rc"):
        text = settings.read_text()
        for place in ("file:///usr/lib/libreoffice", "file:///etc/libreoffice"):
            text = text.replace(place, place.replace("file://", root.as_uri()))
        settings.unlink()
        settings.write_text(text)
    registry = root / "etc/libreoffice/registry"
    shutil.copytree(office / "share/.registry", registry, dirs_exist_ok=True)


def relink(root: Path) -> None:
    """Links that mean a place below / now mean the same place below the folder."""
    for link in (path for path in root.rglob("*") if path.is_symlink()):
        target = os.readlink(link)
        moved = root / target.lstrip("/")
        if target.startswith("/") and os.path.lexists(moved):
            link.unlink()
            link.symlink_to(moved)


def succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run(command: Sequence[str]) -> None:
    """Runs a command of the system; what it said is shown if it failed, and the work goes on."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"\n{done.stdout[-2000:]}\nfailed: {' '.join(command)}", flush=True)
